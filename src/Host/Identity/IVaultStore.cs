using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>
/// Keeps the persons of a vault, and apart from them their wrapped keys: in files (<see cref="FileVaultStore"/>) or in
/// databases that several hosts share (<see cref="SharedVaultStore"/>). It knows no key that opens anything.
/// </summary>
/// <remarks>
/// All methods fail with a <see cref="VaultException"/> or a journal's exception, whose message is a line for a person.
/// </remarks>
internal interface IVaultStore : IDisposable
{
    VaultNames Names { get; }

    /// <summary>The vault's random id.</summary>
    string Vault { get; }

    /// <summary>The most changes of one transaction.</summary>
    int Together { get; }

    KeyMasters Masters { get; }

    /// <summary>
    /// The lines of this host's audit log up to which each part knows who was erased, by age.
    /// </summary>
    AuditPosition[] Marks { get; }

    /// <summary>The student with a number, in what is committed. Called by any thread.</summary>
    ValueTask<StudentId?> OwnerOfAsync(NumberHash hash);

    /// <summary>A person, in what is committed; null when there is none, or no longer. Called by any thread.</summary>
    ValueTask<StoredPerson?> ReadAsync(StudentId student);

    // From here on: for one thread at a time.

    /// <summary>
    /// Runs changes in one transaction, which is on disk when this returns. Keys are committed before their persons: a
    /// crash between the two leaves a key without a person, and never a person without a key.
    /// </summary>
    /// <param name="known">The line of the audit log up to which no erasure is left to do; null where one is.</param>
    /// <param name="change">It may be called twice, when the first transaction came to nothing.</param>
    void Change(AuditPosition? known, Action<IVaultChange> change);

    /// <summary>True while anything of a student is left.</summary>
    bool Has(StudentId student);

    bool IsErased(StudentId student);

    /// <summary>
    /// Deletes the keys of students, then the data and the numbers. The students' own numbers are never given again.
    /// </summary>
    void Erase(IReadOnlyCollection<StudentId> students);

    /// <summary>Removes the bytes that deleted rows left in files of the store's own.</summary>
    /// <returns>False when a reader of another process keeps them.</returns>
    bool Empty();

    /// <summary>Notes that every erasure up to a line of the audit log is done.</summary>
    void Mark(AuditPosition known);

    /// <summary>Begins or ends a rotation.</summary>
    void TurnTo(KeyMasters masters);

    /// <summary>Rewraps the next keys that another master key wraps, in one transaction.</summary>
    /// <param name="after">The <see cref="WrappedKey.Place"/> of the last one of the step before.</param>
    /// <param name="master">The id of the master key that is to wrap all.</param>
    KeyStep Rewrap(long after, string master, Func<WrappedKey, WrappedKey> rewrap);

    StoreCounts Count();
}

/// <summary>How messages name the parts of a store.</summary>
/// <param name="Persons">Where persons are.</param>
/// <param name="Keys">Where their keys are.</param>
/// <param name="KeysPath">The same, with the folder where it is a file.</param>
internal sealed record VaultNames(string Persons, string Keys, string KeysPath);

/// <summary>A person as a store has it.</summary>
/// <param name="Numbers">The hashes of all numbers the person has, or had before a correction.</param>
/// <param name="Data">What <see cref="Seal"/> made.</param>
/// <param name="Key">Null where the key is missing, though the person was not erased.</param>
internal sealed record StoredPerson(NumberHash[] Numbers, byte[] Data, WrappedKey? Key);

/// <summary>The master key of a store, and the one to which a rotation is under way.</summary>
internal sealed record KeyMasters(WrappedIndex Current, WrappedIndex? Next);

/// <summary>A step of a rotation.</summary>
/// <param name="Count">How many keys were rewrapped; 0 where none is left.</param>
/// <param name="Last">The place of the last one.</param>
internal readonly record struct KeyStep(int Count, long Last);

/// <summary>How much a store holds.</summary>
internal sealed record StoreCounts(long Persons, long Keys, long Erased);

/// <summary>What a look at a store finds, without changing it.</summary>
/// <param name="Keys">How messages name the place of keys.</param>
/// <param name="Persons">How many persons it has.</param>
internal sealed record VaultLook(string Keys, KeyMasters Masters, AuditPosition[] Marks, long Persons);
