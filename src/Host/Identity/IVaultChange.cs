using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>What a change of the vault sees and does, within its transaction.</summary>
internal interface IVaultChange
{
    StudentId? OwnerOf(NumberHash hash);

    /// <summary>Null when there is no such person, or no longer.</summary>
    StoredPerson? Find(StudentId student);

    /// <summary>Puts a new person in.</summary>
    /// <returns>
    /// False for a number that was given before, also one that was erased, or whose data an older copy lacks.
    /// </returns>
    bool TryInsert(WrappedKey key, IReadOnlyList<NumberHash> numbers, byte[] data);

    void Update(StudentId student, IReadOnlyList<NumberHash> before, IReadOnlyList<NumberHash> after, byte[] data);
}
