using Amoe.Engine.Domain;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

/// <summary>A rotation of the master key, and what opening says without the right one.</summary>
public sealed class RotationTests : IDisposable
{
    private const int Persons = 1_200;

    private readonly VaultPlace _place = new();
    private readonly MasterKey _next;

    public RotationTests() => _next = _place.NewKey();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task After_a_rotation_the_new_key_opens_everything_and_the_old_one_nothing()
    {
        StudentId[] students;
        using (var vault = _place.Open())
        {
            students = await FillAsync(vault);
            Assert.Equal(Persons, await vault.RotateAsync(_next));
            await AllAreReadAsync(vault, students);
            Assert.Equal(
                (_next.Id, (string?)null),
                ((await vault.StatusAsync()).Master, (await vault.StatusAsync()).NextMaster));
            await VaultPlace.NewAsync(vault, VaultPlace.Student(Persons));
        }

        var refused = Assert.Throws<VaultException>(() => _place.Open());
        Assert.Contains(
            $"sealed under the master key {_next.Id}, and {_place.Key.Id} was given", refused.Message,
            StringComparison.Ordinal);
        using var again = _place.Open(_next);
        await AllAreReadAsync(again, students);
        Assert.Equal(students[3], again.Lookup(VaultPlace.Cin(VaultPlace.Fields(3).Cin!)));
    }

    [Fact]
    public async Task After_a_rotation_no_file_has_a_key_under_the_former_one()
    {
        using var vault = _place.Open();
        var students = await FillAsync(vault);
        byte[][] former = [.. Enumerable.Range(1, 50).Select(Wrapped)];
        Assert.All(former, bytes => Assert.NotEmpty(_place.FilesWith(bytes)));

        await vault.RotateAsync(_next);

        Assert.All(former, bytes => Assert.Empty(_place.FilesWith(bytes)));
        Assert.NotEmpty(_place.FilesWith(Wrapped(1)));
        await AllAreReadAsync(vault, students[..50]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(Persons)]
    public async Task A_rotation_that_was_killed_at_any_row_goes_on_and_loses_no_one(int row)
    {
        StudentId[] students;
        string killed;
        using (var vault = _place.Open())
        {
            students = await FillAsync(vault);
            await Assert.ThrowsAsync<KilledException>(() => vault.RotateAsync(_next, done => Kill(done == row)));

            // It is served as before, also those who come now.
            await AllAreReadAsync(vault, students);
            students = [.. students, await VaultPlace.NewAsync(vault, VaultPlace.Student(Persons))];
            killed = _place.CopyAsKilled();
        }

        Assert.Contains(
            $"from the master key {_place.Key.Id} to {_next.Id} has not ended", Refused(killed, _place.Key),
            StringComparison.Ordinal);
        Assert.Contains("Give both", Refused(killed, _next), StringComparison.Ordinal);
        using (var again = IdentityVault.Open(
            killed, _next, TimeProvider.System, new VaultOptions { OtherKey = _place.Key }))
        {
            await AllAreReadAsync(again, students);
            var left = Persons - (row - 1) / 500 * 500;
            Assert.Equal(left, await again.RotateAsync(_next));
        }

        using var whole = IdentityVault.Open(killed, _next, TimeProvider.System);
        await AllAreReadAsync(whole, students);
    }

    [Fact]
    public async Task Persons_registered_during_a_rotation_are_under_the_new_key()
    {
        var students = new List<StudentId>();
        using (var vault = _place.Open())
        {
            students.AddRange(await FillAsync(vault));
            var rotation = vault.RotateAsync(_next);
            var registrations = await Task.WhenAll(
                Enumerable.Range(Persons, 500).Select(i => vault.RegisterAsync(VaultPlace.Student(i))));
            students.AddRange(registrations.Select(registration => registration.Student!.Value));
            await rotation;
        }

        using var again = _place.Open(_next);
        await AllAreReadAsync(again, students);
    }

    /// <summary>
    /// A caller that sealed a person under the former key, and came to the writer after the rotation.
    /// </summary>
    [Fact]
    public async Task A_person_sealed_before_a_rotation_and_registered_after_it_is_under_the_new_key()
    {
        var draws = 0;
        Task? rotation = null;
        IdentityVault? vault = null;
        using (vault = _place.Open(options: new VaultOptions { Draw = () => Drawn() }))
            await VaultPlace.NewAsync(vault, VaultPlace.Student(0));
        using var again = _place.Open(_next);
        Assert.Equal(VaultPlace.Student(0), await again.ReadAsync(new StudentId(1), VaultPlace.Desk));

        ulong Drawn()
        {
            // Sealed under the key that Current was when the draw began; the rotation ends before the seal is posted.
            rotation = vault!.RotateAsync(_next);
            rotation.GetAwaiter().GetResult();
            return (ulong)++draws;
        }
    }

    [Fact]
    public async Task A_rotation_to_a_third_key_waits_for_the_one_under_way()
    {
        using var vault = _place.Open();
        await FillAsync(vault);
        await Assert.ThrowsAsync<KilledException>(() => vault.RotateAsync(_next, _ => Kill(true)));

        Assert.Contains(
            _next.Id + " has not ended",
            (await Assert.ThrowsAsync<VaultException>(() => vault.RotateAsync(_place.NewKey()))).Message,
            StringComparison.Ordinal);
        Assert.Equal(Persons, await vault.RotateAsync(_next));
        Assert.Contains(
            "its master key already",
            (await Assert.ThrowsAsync<VaultException>(() => vault.RotateAsync(_next))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The drill of docs/identity.md.</summary>
    [Fact]
    public async Task With_a_lost_key_opening_says_so_in_one_line_and_changes_nothing()
    {
        using (var vault = _place.Open())
            await VaultPlace.NewAsync(vault, VaultPlace.Student(0));
        var before = File.ReadAllBytes(Path.Combine(_place.Folder, VaultFiles.Keys));

        var line = Refused(_place.Folder, _next);

        Assert.DoesNotContain('\n', line);
        Assert.Contains(
            $"sealed under the master key {_place.Key.Id}, and {_next.Id} was given", line, StringComparison.Ordinal);
        Assert.Contains(
            "no person can be read, while journal and amounts can (docs/identity.md)", line, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(_place.Folder, VaultFiles.Keys)));
        Assert.Null(AuditLog.Verify(_place.Audit).Problem);
        using var found = _place.Open();
        Assert.Equal(1, (await found.StatusAsync()).Persons);
    }

    private static string Refused(string folder, MasterKey key) =>
        Assert.Throws<VaultException>(() => IdentityVault.Open(folder, key, TimeProvider.System)).Message;

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

    private byte[] Wrapped(int place)
    {
        using var database = Engine.Journal.SqliteDatabase.Open(
            Path.Combine(_place.Folder, VaultFiles.Keys), Engine.Journal.SqliteAccess.Read);
        using var statement = database.Query($"SELECT wrapped FROM person_key WHERE place = {place}");
        Assert.True(statement.Step());
        return statement.Bytes(0);
    }

    private sealed class KilledException : Exception;
}
