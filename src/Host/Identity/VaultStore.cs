using System.Security.Cryptography;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>
/// What the vault does with its files. It is used by one thread inside a transaction: the writer's, whose order decides
/// between two registrations of one number.
/// </summary>
internal sealed class VaultStore(PersonFile persons, KeyFile keys, KeyRing ring, NumberIndex index, Func<ulong> draw)
{
    /// <summary>A person has two numbers, and former ones.</summary>
    public const int NumbersMax = 16;

    public PersonFile Persons => persons;

    public KeyFile Keys => keys;

    public KeyRing Ring => ring;

    public Func<ulong> DrawNumber => draw;

    /// <summary>A number that may be free: below 2^53, so that it is exact as a number of JSON.</summary>
    public StudentId Draw() => new(draw());

    /// <param name="prepared">The person sealed by the caller, who needs no lock for that.</param>
    public Registration Register(Person person, SealedPerson prepared)
    {
        var (cin, massar) = HashesOf(person);
        var (cinOwner, massarOwner) = (OwnerOf(cin), OwnerOf(massar));
        if ((cinOwner ?? massarOwner) is not { } owner)
            return new Registration(RegistrationOutcome.New, Insert(person, prepared, [.. cin ?? [], .. massar ?? []]));
        if (cinOwner != massarOwner && cinOwner is not null && massarOwner is not null)
            return Conflict(NumberConflict.TwoPersons);
        var known = Read(owner) ?? throw new VaultException($"the index has student {owner}, who has no data. Put vault.db back from its backup.");
        if (massar is not null && massarOwner is null && known.Massar is not null)
            return Conflict(NumberConflict.CinOfAnother);
        if (cin is not null && cinOwner is null && known.Cin is not null)
            return Conflict(NumberConflict.MassarOfAnother);

        // A number that found the person is the person's, also a former one.
        var isSame = cin is null == known.Cin is null && massar is null == known.Massar is null
            && cin is null == cinOwner is null && massar is null == massarOwner is null && person.IsSameApartFromNumbers(known);
        return isSame ? new Registration(RegistrationOutcome.Known, owner) : new Registration(RegistrationOutcome.Conflict, owner, NumberConflict.OtherData);
    }

    public CorrectionOutcome Correct(StudentId student, Person person, OldNumbers old)
    {
        if (Read(student) is not { } known)
            return CorrectionOutcome.Unknown;
        var (cin, massar) = HashesOf(person);
        if (OwnerOf(cin) is { } cinOwner && cinOwner != student)
            return CorrectionOutcome.CinOfAnother;
        if (OwnerOf(massar) is { } massarOwner && massarOwner != student)
            return CorrectionOutcome.MassarOfAnother;
        var row = persons.RowOf(student)!;
        var numbers = NumbersAfter(row, cin, massar, old);
        if (numbers.Length > NumbersMax * NumberIndex.HashBytes)
            return CorrectionOutcome.TooManyNumbers;
        if (known == person && numbers.AsSpan().SequenceEqual(row.Numbers))
            return CorrectionOutcome.Unchanged;
        var plain = ring.Unwrap(keys.KeyOf(student)!);
        var data = Seal.Close(person, student, plain);
        CryptographicOperations.ZeroMemory(plain);
        persons.Update(student, row, new PersonRow(numbers, data));
        return CorrectionOutcome.Corrected;
    }

    /// <returns>Null when there is no such person.</returns>
    /// <exception cref="VaultException">The key is missing or not at hand, or something is damaged.</exception>
    public Person? Read(StudentId student)
    {
        if (persons.RowOf(student) is not { } row)
            return null;
        if (keys.KeyOf(student) is { } key)
            return Open(student, row, key);
        if (persons.IsErased(student))
            return null;
        throw new VaultException($"student {student} cannot be read: keys.db lacks the student's key, and the student was not erased. keys.db is older than vault.db: put the newest copy back.");
    }

    public StudentId? OwnerOf(PersonNumber number) => OwnerOf(index.HashOf(number));

    private static Registration Conflict(NumberConflict conflict) => new(RegistrationOutcome.Conflict, null, conflict);

    private StudentId Insert(Person person, SealedPerson prepared, byte[] numbers)
    {
        var fresh = prepared;
        while (!IsFree(fresh.Student))
            fresh = Seal.Close(person, Draw(), ring.Current);
        var key = new WrappedKey(fresh.Student, fresh.Master, fresh.Wrapped);

        // A rotation may have begun, and passed this student by, since the caller sealed it.
        keys.Insert(key.Master == ring.Current.Id ? key : ring.Rewrap(key));
        persons.Insert(fresh.Student, new PersonRow(numbers, fresh.Data));
        return fresh.Student;
    }

    /// <summary>
    /// False for a number that was given to a person before, also one that was erased, or whose data an older file
    /// lacks.
    /// </summary>
    private bool IsFree(StudentId student) => persons.RowOf(student) is null && keys.KeyOf(student) is null && !persons.IsErased(student);

    private Person Open(StudentId student, PersonRow row, WrappedKey key)
    {
        var plain = ring.Unwrap(key);
        var person = Seal.Open(row.Data, student, plain);
        CryptographicOperations.ZeroMemory(plain);
        return person ?? throw new VaultException($"student {student} cannot be read: the student's data in vault.db are damaged, or were sealed under another key than the one in keys.db. Put the two files back from backups of one time.");
    }

    private static byte[] NumbersAfter(PersonRow row, byte[]? cin, byte[]? massar, OldNumbers old)
    {
        var numbers = new List<byte[]>(old == OldNumbers.Kept ? PersonFile.HashesOf(row.Numbers) : []);
        foreach (var hash in (byte[]?[])[cin, massar])
        {
            if (hash is not null && !PersonFile.IsAmong(numbers, hash))
                numbers.Add(hash);
        }

        return [.. numbers.SelectMany(hash => hash)];
    }

    private (byte[]? Cin, byte[]? Massar) HashesOf(Person person)
    {
        var (cin, massar) = PersonNumber.Of(person);
        return (cin is { } one ? index.HashOf(one) : null, massar is { } other ? index.HashOf(other) : null);
    }

    private StudentId? OwnerOf(byte[]? hash) => hash is null ? null : persons.OwnerOf(hash);
}
