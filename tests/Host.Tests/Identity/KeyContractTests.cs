using Amoe.Engine.Domain;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

/// <summary>Erasures and rotations of the master key, wherever a vault keeps its persons.</summary>
public sealed class KeyContractTests
{
    private const int Persons = 1_200;

    private static readonly Person _person = VaultPlace.Student(1);

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task An_erased_person_is_neither_found_nor_read_and_the_numbers_are_free(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        using var vault = place.Open();
        var student = await VaultPlace.NewAsync(vault, _person);
        var other = await VaultPlace.NewAsync(vault, VaultPlace.Student(2));

        Assert.Equal(ErasureOutcome.Erased, await vault.EraseAsync(student, VaultPlace.Desk));

        await IsGoneAsync(vault, student);
        Assert.Equal(VaultPlace.Student(2), await vault.ReadAsync(other, VaultPlace.Desk));
        Assert.Equal(ErasureOutcome.AlreadyErased, await vault.EraseAsync(student, VaultPlace.Desk));
        Assert.Equal(ErasureOutcome.Unknown, await vault.EraseAsync(new StudentId(student.Value ^ 1), VaultPlace.Desk));
        Assert.Equal(CorrectionOutcome.Unknown, await vault.CorrectAsync(student, _person, VaultPlace.Desk));
        Assert.NotEqual(student, await VaultPlace.NewAsync(vault, _person));
        Assert.Equal(1, (await vault.StatusAsync()).Erased);
    }

    /// <summary>A crash between the entry in the audit log and the deletions.</summary>
    [Theory]
    [InFiles]
    [InDatabases]
    public async Task An_erasure_that_was_cut_short_after_its_entry_goes_on_at_the_next_opening(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        StudentId student;
        AuditPosition mark;
        using (var vault = place.Open())
        {
            student = await VaultPlace.NewAsync(vault, _person);
            mark = (await vault.StatusAsync()).Audit;
        }

        using (var log = AuditLog.Open(place.Audit, [mark], TimeProvider.System, _ => { }, _ => { }))
            await log.AppendAsync(new AuditEntry(AuditAct.Erased, student, VaultPlace.Desk));

        using var again = place.Open();
        await IsGoneAsync(again, student);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task After_a_rotation_the_new_key_opens_everything_and_the_old_one_nothing(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var next = place.NewKey();
        StudentId[] students;
        using (var vault = place.Open())
        {
            students = await FillAsync(vault);
            Assert.Equal(Persons, await vault.RotateAsync(next));
            await AllAreReadAsync(vault, students);
            Assert.Equal(
                (next.Id, (string?)null),
                ((await vault.StatusAsync()).Master, (await vault.StatusAsync()).NextMaster));
            await VaultPlace.NewAsync(vault, VaultPlace.Student(Persons));
        }

        var refused = Assert.Throws<VaultException>(() => place.Open());
        Assert.Contains(
            $"sealed under the master key {next.Id}, and {place.Key.Id} was given", refused.Message,
            StringComparison.Ordinal);
        using var again = place.Open(next);
        await AllAreReadAsync(again, students);
        Assert.Equal(students[3], await again.LookupAsync(VaultPlace.Cin(VaultPlace.Fields(3).Cin!)));
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task Persons_registered_during_a_rotation_are_under_the_new_key(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var next = place.NewKey();
        var students = new List<StudentId>();
        using (var vault = place.Open())
        {
            students.AddRange(await FillAsync(vault));
            var rotation = vault.RotateAsync(next);
            var registrations = await Task.WhenAll(
                Enumerable.Range(Persons, 500).Select(i => vault.RegisterAsync(VaultPlace.Student(i))));
            students.AddRange(registrations.Select(registration => registration.Student!.Value));
            await rotation;
        }

        using var again = place.Open(next);
        await AllAreReadAsync(again, students);
    }

    /// <summary>
    /// A caller that sealed a person under the former key, and came to the writer after the rotation.
    /// </summary>
    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_person_sealed_before_a_rotation_and_registered_after_it_is_under_the_new_key(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var next = place.NewKey();
        var draws = 0;
        Task? rotation = null;
        IdentityVault? vault = null;
        using (vault = place.Open(options: new VaultOptions { Draw = () => Drawn() }))
            await VaultPlace.NewAsync(vault, VaultPlace.Student(0));
        using var again = place.Open(next);
        Assert.Equal(VaultPlace.Student(0), await again.ReadAsync(new StudentId(1), VaultPlace.Desk));

        ulong Drawn()
        {
            // Sealed under the key that Current was when the draw began; the rotation ends before the seal is posted.
            rotation = vault!.RotateAsync(next);
            rotation.GetAwaiter().GetResult();
            return (ulong)++draws;
        }
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_rotation_to_a_third_key_waits_for_the_one_under_way(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var next = place.NewKey();
        using var vault = place.Open();
        await FillAsync(vault);
        await Assert.ThrowsAsync<KilledException>(() => vault.RotateAsync(next, _ => Kill(true)));

        Assert.Contains(
            next.Id + " has not ended",
            (await Assert.ThrowsAsync<VaultException>(() => vault.RotateAsync(place.NewKey()))).Message,
            StringComparison.Ordinal);
        Assert.Equal(Persons, await vault.RotateAsync(next));
        Assert.Contains(
            "its master key already",
            (await Assert.ThrowsAsync<VaultException>(() => vault.RotateAsync(next))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The drill of docs/identity.md.</summary>
    [Theory]
    [InFiles]
    [InDatabases]
    public async Task With_a_lost_key_opening_says_so_in_one_line_and_changes_nothing(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var next = place.NewKey();
        using (var vault = place.Open())
            await VaultPlace.NewAsync(vault, VaultPlace.Student(0));
        var before = place.KeysAsTheyAre();

        var line = Assert.Throws<VaultException>(() => place.Open(next)).Message;

        Assert.DoesNotContain('\n', line);
        Assert.Contains(
            $"sealed under the master key {place.Key.Id}, and {next.Id} was given", line, StringComparison.Ordinal);
        Assert.Contains(
            "no person can be read, while journal and amounts can (docs/identity.md)", line, StringComparison.Ordinal);
        Assert.Equal(before, place.KeysAsTheyAre());
        Assert.Null(AuditLog.Verify(place.Audit).Problem);
        using var found = place.Open();
        Assert.Equal(1, (await found.StatusAsync()).Persons);
    }

    [Theory]
    [InFiles]
    [InDatabases]
    public async Task A_rotation_that_was_interrupted_goes_on_with_both_keys_and_loses_no_one(VaultKind kind)
    {
        using var place = new VaultPlace(kind);
        var next = place.NewKey();
        StudentId[] students;
        using (var vault = place.Open())
        {
            students = await FillAsync(vault);
            await Assert.ThrowsAsync<KilledException>(() => vault.RotateAsync(next, done => Kill(done == 501)));

            // It is served as before, also those who come now.
            await AllAreReadAsync(vault, students);
            students = [.. students, await VaultPlace.NewAsync(vault, VaultPlace.Student(Persons))];
        }

        Assert.Contains(
            $"from the master key {place.Key.Id} to {next.Id} has not ended",
            Assert.Throws<VaultException>(() => place.Open()).Message, StringComparison.Ordinal);
        using (var again = place.Open(next, new VaultOptions { OtherKey = place.Key }))
        {
            await AllAreReadAsync(again, students);
            Assert.Equal(Persons - 500, await again.RotateAsync(next));
        }

        using var whole = place.Open(next);
        await AllAreReadAsync(whole, students);
    }

    private static async Task IsGoneAsync(IdentityVault vault, StudentId student)
    {
        Assert.Null(await vault.ReadAsync(student, VaultPlace.Desk));
        Assert.Null(await vault.FindAsync(VaultPlace.Cin(_person.Cin!), VaultPlace.Desk));
        Assert.Null(await vault.LookupAsync(VaultPlace.Massar(_person.Massar!)));
    }

    private static void Kill(bool now)
    {
        if (now)
            throw new KilledException();
    }

    private static async Task<StudentId[]> FillAsync(IdentityVault vault)
    {
        var registrations = await Task.WhenAll(
            Enumerable.Range(0, Persons).Select(i => vault.RegisterAsync(VaultPlace.Student(i))));
        return [.. registrations.Select(registration => registration.Student!.Value)];
    }

    private static async Task AllAreReadAsync(IdentityVault vault, IReadOnlyList<StudentId> students)
    {
        var persons = await Task.WhenAll(
            students.Select(async student => await vault.ReadAsync(student, VaultPlace.Desk)));
        Assert.Equal(Enumerable.Range(0, students.Count).Select(VaultPlace.Student), persons);
    }

    private sealed class KilledException : Exception;
}
