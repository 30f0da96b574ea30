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

    private static async Task AllAreReadAsync(IdentityVault vault, StudentId[] students)
    {
        var persons = await Task.WhenAll(
            students.Select(async student => await vault.ReadAsync(student, VaultPlace.Desk)));
        Assert.Equal(Enumerable.Range(0, students.Length).Select(VaultPlace.Student), persons);
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
