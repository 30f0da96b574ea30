using System.Security.Cryptography;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>
/// Registers and corrects persons, inside a transaction of the writer's thread: its order decides between two
/// registrations of one number.
/// </summary>
internal sealed class VaultStore(
    PersonFile persons, PersonKeyFile keys, VaultIndex index, MasterKeyRing ring, Func<ulong> draw)
{
    /// <summary>A person has two numbers, and former ones.</summary>
    public const int NumbersMax = 16;

    // The writer erases in its own order: nothing goes while it reads.
    private readonly PersonReader _reader = new(persons, keys, ring, _ => false);

    /// <summary>Seals a person under a number that may be free. Callers do it in their own threads.</summary>
    public SealedPerson Prepare(Person person)
    {
        var master = ring.Current;
        return Seal.Close(person, new StudentId(draw()), master);
    }

    public Registration Register(Person person, SealedPerson prepared)
    {
        var (cin, massar) = HashesOf(person);
        var (cinOwner, massarOwner) = (OwnerOf(cin), OwnerOf(massar));
        if ((cinOwner ?? massarOwner) is not { } owner)
            return new Registration(RegistrationOutcome.New, Insert(person, prepared, Present(cin, massar)));
        if (cinOwner != massarOwner && cinOwner is not null && massarOwner is not null)
            return Conflict(NumberConflict.TwoPersons);
        var known = Read(owner)
            ?? throw new VaultException(
                $"the index has student {owner}, who has no data. Put vault.db back from its backup.");
        if (massar is not null && massarOwner is null && known.Massar is not null)
            return Conflict(NumberConflict.CinOfAnother);
        if (cin is not null && cinOwner is null && known.Cin is not null)
            return Conflict(NumberConflict.MassarOfAnother);

        // A number that found the person is the person's, also a former one.
        var isSame = cin is null == known.Cin is null && massar is null == known.Massar is null
            && cin is null == cinOwner is null
            && massar is null == massarOwner is null
            && person.IsSameApartFromNumbers(known);
        return isSame
            ? new Registration(RegistrationOutcome.Known, owner)
            : new Registration(RegistrationOutcome.Conflict, owner, NumberConflict.OtherData);
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
        var place = index.PendingPlaceOf(student)!.Value;
        var before = NumberHash.Split(persons.RowAt(place, student)!.Numbers);
        NumberHash[] after = [.. (old == OldNumbers.Kept ? before : []).Union(Present(cin, massar))];
        if (after.Length > NumbersMax)
            return CorrectionOutcome.TooManyNumbers;
        if (known == person && after.SequenceEqual(before))
            return CorrectionOutcome.Unchanged;
        var plain = ring.Unwrap(keys.KeyAt(place, student)!);
        var data = Seal.Close(person, student, plain);
        CryptographicOperations.ZeroMemory(plain);
        persons.Update(place, student, new PersonRow(NumberHash.Join(after), data));
        index.Change(student, before, after);
        return CorrectionOutcome.Corrected;
    }

    private Person? Read(StudentId student) =>
        index.PendingPlaceOf(student) is { } place ? _reader.Read(place, student) : null;

    private static Registration Conflict(NumberConflict conflict) => new(RegistrationOutcome.Conflict, null, conflict);

    private StudentId Insert(Person person, SealedPerson prepared, NumberHash[] hashes)
    {
        var fresh = prepared;
        while (!index.IsFree(fresh.Student))
            fresh = Prepare(person);
        var place = index.Add(fresh.Student, hashes);
        var key = new WrappedKey(place, fresh.Student, fresh.Master, fresh.Wrapped);

        // A rotation may have begun, and passed this place by, since the caller sealed it.
        keys.Insert(key.Master == ring.Current.Id ? key : ring.Rewrap(key));
        persons.Insert(place, fresh.Student, new PersonRow(NumberHash.Join(hashes), fresh.Data));
        return fresh.Student;
    }

    private (NumberHash? Cin, NumberHash? Massar) HashesOf(Person person)
    {
        var (cin, massar) = PersonNumber.Of(person);
        return (cin is { } one ? ring.Numbers.HashOf(one) : null,
            massar is { } other ? ring.Numbers.HashOf(other) : null);
    }

    private static NumberHash[] Present(NumberHash? cin, NumberHash? massar) => (cin, massar) switch
    {
        ({ } one, { } other) => [one, other],
        ({ } one, null) => [one],
        (null, { } other) => [other],
        _ => [],
    };

    private StudentId? OwnerOf(NumberHash? hash) => hash is { } known ? index.PendingOwnerOf(known) : null;
}
