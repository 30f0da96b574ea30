using System.Security.Cryptography;
using Amoe.Engine.Domain;

namespace Amoe.Host.Identity;

/// <summary>
/// Decides registrations and corrections, inside a transaction of the store: its order decides between two
/// registrations of one number.
/// </summary>
internal sealed class PersonRegister(PersonReader reader, MasterKeyRing ring, Func<ulong> draw, VaultNames names)
{
    /// <summary>A person has two numbers, and former ones.</summary>
    public const int NumbersMax = 16;

    /// <summary>Seals a person under a number that may be free. Callers do it in their own threads.</summary>
    public SealedPerson Prepare(Person person)
    {
        var master = ring.Current;
        return Seal.Close(person, new StudentId(draw()), master);
    }

    public Registration Register(IVaultChange change, Person person, SealedPerson prepared)
    {
        var (cin, massar) = HashesOf(person);
        var (cinOwner, massarOwner) = (OwnerOf(change, cin), OwnerOf(change, massar));
        if ((cinOwner ?? massarOwner) is not { } owner)
            return new Registration(RegistrationOutcome.New, Insert(change, person, prepared, Present(cin, massar)));
        if (cinOwner != massarOwner && cinOwner is not null && massarOwner is not null)
            return Conflict(NumberConflict.TwoPersons);
        var known = change.Find(owner) is { } stored
            ? reader.Open(owner, stored)
            : throw new VaultException(
                $"the index has student {owner}, who has no data. Put {names.Persons} back from its backup.");
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

    public CorrectionOutcome Correct(IVaultChange change, StudentId student, Person person, OldNumbers old)
    {
        if (change.Find(student) is not { } stored)
            return CorrectionOutcome.Unknown;
        var known = reader.Open(student, stored);
        var (cin, massar) = HashesOf(person);
        if (OwnerOf(change, cin) is { } cinOwner && cinOwner != student)
            return CorrectionOutcome.CinOfAnother;
        if (OwnerOf(change, massar) is { } massarOwner && massarOwner != student)
            return CorrectionOutcome.MassarOfAnother;
        var before = stored.Numbers;
        NumberHash[] after = [.. (old == OldNumbers.Kept ? before : []).Union(Present(cin, massar))];
        if (after.Length > NumbersMax)
            return CorrectionOutcome.TooManyNumbers;
        if (known == person && after.ToHashSet().SetEquals(before))
            return CorrectionOutcome.Unchanged;
        var plain = ring.Unwrap(stored.Key!);
        var data = Seal.Close(person, student, plain);
        CryptographicOperations.ZeroMemory(plain);
        change.Update(student, before, after, data);
        return CorrectionOutcome.Corrected;
    }

    private static Registration Conflict(NumberConflict conflict) => new(RegistrationOutcome.Conflict, null, conflict);

    private StudentId Insert(IVaultChange change, Person person, SealedPerson prepared, NumberHash[] hashes)
    {
        for (var fresh = prepared; ; fresh = Prepare(person))
        {
            var key = new WrappedKey(0, fresh.Student, fresh.Master, fresh.Wrapped);

            // A rotation may have begun, and passed this place by, since the caller sealed it.
            if (change.TryInsert(key.Master == ring.Current.Id ? key : ring.Rewrap(key), hashes, fresh.Data))
                return fresh.Student;
        }
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

    private static StudentId? OwnerOf(IVaultChange change, NumberHash? hash) =>
        hash is { } known ? change.OwnerOf(known) : null;
}
