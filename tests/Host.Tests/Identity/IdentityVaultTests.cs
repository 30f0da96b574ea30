using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class IdentityVaultTests : IDisposable
{
    private readonly VaultPlace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>The files as kill -9 leaves them, after each registration that was answered.</summary>
    [Fact]
    public async Task What_was_answered_is_there_after_a_kill()
    {
        using var vault = _place.Open();
        for (var i = 0; i < 5; i++)
        {
            var student = await VaultPlace.NewAsync(vault, VaultPlace.Student(i));
            var killed = _place.CopyAsKilled();
            using (var after = IdentityVault.Open(killed, _place.Key, TimeProvider.System))
                Assert.Equal(VaultPlace.Student(i), await after.ReadAsync(student, VaultPlace.Desk));
            Directory.Delete(killed, recursive: true);
        }
    }

    [Fact]
    public void A_folder_with_something_in_it_gets_no_vault_and_keeps_what_it_has()
    {
        Assert.Contains(
            "not an empty folder",
            Assert.Throws<VaultException>(() =>
                IdentityVault.Create(_place.Folder, _place.Key, "h", TimeProvider.System)).Message,
            StringComparison.Ordinal);
        _place.Open().Dispose();
    }

    [Theory]
    [InlineData(VaultFiles.Persons)]
    [InlineData(VaultFiles.Keys)]
    [InlineData(VaultFiles.Audit)]
    public void A_file_that_is_missing_is_named(string name)
    {
        File.Delete(Path.Combine(_place.Folder, name));

        Assert.Contains(
            name + " of the identity vault is missing", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_vault_and_files_of_another_kind_are_refused()
    {
        Assert.Contains(
            "there is no identity vault",
            Assert.Throws<VaultException>(() =>
                IdentityVault.Open(_place.Beside("none"), _place.Key, TimeProvider.System)).Message,
            StringComparison.Ordinal);
        using (var other = SqliteDatabase.Open(_place.Beside("other"), SqliteAccess.Create))
            other.Execute("CREATE TABLE t (x)");
        _place.Restore(VaultFiles.Keys, "other");
        Assert.Contains(
            "another kind of file", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_place.Folder, VaultFiles.Keys), new string('x', 5_000));
        Assert.Contains(
            "another kind of file", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_another_vault_are_refused()
    {
        using (var vault = _place.Open())
            await VaultPlace.NewAsync(vault, VaultPlace.Student(1));
        IdentityVault.Create(_place.Beside("second"), _place.Key, "h", TimeProvider.System);
        File.Copy(
            Path.Combine(_place.Beside("second"), VaultFiles.Keys), Path.Combine(_place.Folder, VaultFiles.Keys),
            overwrite: true);

        Assert.Contains(
            "two vaults", Assert.Throws<VaultException>(() => _place.Open()).Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// Somebody who can write the file, and exchanges the data of two persons, or of a person's times.
    /// </summary>
    [Fact]
    public async Task Data_in_another_students_row_do_not_open_and_spoil_only_themselves()
    {
        StudentId one, two;
        using (var vault = _place.Open())
        {
            one = await VaultPlace.NewAsync(vault, VaultPlace.Student(1));
            two = await VaultPlace.NewAsync(vault, VaultPlace.Student(2));
        }

        Sql(
            VaultFiles.Persons,
            "UPDATE person SET sealed = (SELECT sealed FROM person WHERE place = 1) WHERE place = 2");
        Sql(
            VaultFiles.Keys,
            "UPDATE person_key SET wrapped = (SELECT wrapped FROM person_key WHERE place = 1) WHERE place = 2");
        using var again = _place.Open();
        var refused = await Assert.ThrowsAsync<VaultException>(async () => await again.ReadAsync(two, VaultPlace.Desk));
        Assert.Contains($"student {two} cannot be read", refused.Message, StringComparison.Ordinal);
        Assert.Equal(VaultPlace.Student(1), await again.ReadAsync(one, VaultPlace.Desk));

        var registrations = Enumerable.Range(1, 20).Select(i => again.RegisterAsync(VaultPlace.Student(i))).ToArray();
        foreach (var (i, registration) in registrations.Index())
        {
            if (i == 1)
                Assert.Contains(
                    "damaged", (await Assert.ThrowsAsync<VaultException>(() => registration)).Message,
                    StringComparison.Ordinal);
            else
                Assert.Equal(
                    i == 0 ? RegistrationOutcome.Known : RegistrationOutcome.New, (await registration).Outcome);
        }

        // Alone in its transaction too.
        await Assert.ThrowsAsync<VaultException>(() => again.RegisterAsync(VaultPlace.Student(2)));
        Assert.Equal(RegistrationOutcome.Known, (await again.RegisterAsync(VaultPlace.Student(1))).Outcome);
    }

    [Fact]
    public void The_index_of_600000_persons_takes_less_than_100_MB()
    {
        const int Persons = 600_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new VaultIndex();
        index.Reserve(Persons);
        Span<byte> numbers = stackalloc byte[2 * NumberHash.Bytes];
        for (var i = 1; i <= Persons; i++)
        {
            BitConverter.TryWriteBytes(numbers, i * 7_919L);
            BitConverter.TryWriteBytes(numbers[NumberHash.Bytes..], i * 104_729L);
            index.Load(i, new StudentId((ulong)i), numbers);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 1, 100L << 20);
        Assert.Equal(Persons, index.PlaceOf(new StudentId(Persons)));
    }

    private void Sql(string name, string sql)
    {
        using var database = SqliteDatabase.Open(Path.Combine(_place.Folder, name), SqliteAccess.Write);
        database.Execute(sql);
    }
}
