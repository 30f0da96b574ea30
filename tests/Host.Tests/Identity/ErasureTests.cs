using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

/// <summary>An erased person is gone from the files, and no older copy of a file brings the person back.</summary>
public sealed class ErasureTests : IDisposable
{
    private readonly VaultPlace _place = new();
    private readonly Person _person = VaultPlace.Student(1);

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task No_file_ever_has_the_person_in_clear_and_after_the_erasure_none_has_the_key_or_the_sealed_data()
    {
        using var vault = _place.Open();
        var student = await VaultPlace.NewAsync(vault, _person);
        for (var i = 2; i < 200; i++)
            await VaultPlace.NewAsync(vault, VaultPlace.Student(i));
        await vault.CorrectAsync(
            student, VaultPlace.Of(VaultPlace.Fields(1) with { Email = "other@example.ma" }), VaultPlace.Desk);
        await vault.ReadAsync(student, VaultPlace.Desk);
        string[] clear = [
            _person.Cin!, _person.Massar!, _person.FirstName, _person.LastName, _person.FirstNameArabic!,
            _person.LastNameArabic!, _person.Email!, "other@example.ma", _person.Rib!
        ];
        Assert.All(clear, text => Assert.Empty(_place.FilesWith(text)));
        byte[][] secret = [
            Blob(VaultFiles.Keys, "SELECT wrapped FROM person_key WHERE place = 1"),
            Blob(VaultFiles.Persons, "SELECT sealed FROM person WHERE place = 1"),
            Blob(VaultFiles.Persons, "SELECT numbers FROM person WHERE place = 1")
        ];
        Assert.All(secret, bytes => Assert.NotEmpty(_place.FilesWith(bytes)));

        await vault.EraseAsync(student, VaultPlace.Desk);

        Assert.All(secret, bytes => Assert.Empty(_place.FilesWith(bytes)));
        Assert.All(secret, bytes => Assert.Empty(_place.FilesWith(bytes.AsSpan(0, 16))));
        Assert.All(clear, text => Assert.Empty(_place.FilesWith(text)));
    }

    [Fact]
    public async Task An_older_vault_beside_the_newer_keys_resurrects_no_one()
    {
        var (erased, kept) = await DumpAndEraseAsync();
        _place.Restore(VaultFiles.Persons, "vault.dump");
        Assert.NotEmpty(_place.FilesWith(BlobOf("vault.dump", "SELECT sealed FROM person WHERE place = 1")));

        using var vault = _place.Open();

        await IsGoneAsync(vault, erased);
        Assert.Equal(VaultPlace.Student(2), await vault.ReadAsync(kept, VaultPlace.Desk));
        Assert.Empty(_place.FilesWith(BlobOf("vault.dump", "SELECT sealed FROM person WHERE place = 1")));
    }

    [Fact]
    public async Task Older_keys_beside_the_newer_vault_resurrect_no_one()
    {
        var (erased, kept) = await DumpAndEraseAsync();
        _place.Restore(VaultFiles.Keys, "keys.dump");

        using var vault = _place.Open();

        await IsGoneAsync(vault, erased);
        Assert.Equal(VaultPlace.Student(2), await vault.ReadAsync(kept, VaultPlace.Desk));
        Assert.Empty(_place.FilesWith(BlobOf("keys.dump", "SELECT wrapped FROM person_key WHERE place = 1")));
    }

    [Fact]
    public async Task Both_files_from_older_dumps_resurrect_no_one_because_the_audit_log_knows_who_was_erased()
    {
        var (erased, kept) = await DumpAndEraseAsync();
        _place.Restore(VaultFiles.Persons, "vault.dump");
        _place.Restore(VaultFiles.Keys, "keys.dump");

        using (var vault = _place.Open())
        {
            await IsGoneAsync(vault, erased);
            Assert.Equal(VaultPlace.Student(2), await vault.ReadAsync(kept, VaultPlace.Desk));
        }

        Assert.Empty(_place.FilesWith(BlobOf("keys.dump", "SELECT wrapped FROM person_key WHERE place = 1")));
        using var again = _place.Open(
            options: new VaultOptions { Draw = new Queue<ulong>([erased.Value, 99]).Dequeue });
        Assert.Equal(99UL, (await VaultPlace.NewAsync(again, _person)).Value);
    }

    [Fact]
    public async Task Both_files_from_older_dumps_need_the_newest_audit_log()
    {
        File.Copy(_place.Audit, _place.Beside("audit.dump"));
        await DumpAndEraseAsync();
        File.Copy(_place.Beside("audit.dump"), _place.Audit, overwrite: true);

        Assert.Contains(
            "ends before a line that the vault has seen", Assert.Throws<VaultException>(() => _place.Open()).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A crash after both files know of the erasure, and before their logs are emptied.</summary>
    [Fact]
    public async Task Former_bytes_that_a_kill_left_in_a_log_are_gone_after_the_next_opening()
    {
        byte[] wrapped;
        using (var vault = _place.Open())
        {
            var student = await VaultPlace.NewAsync(vault, _person);
            wrapped = Blob(VaultFiles.Keys, "SELECT wrapped FROM person_key WHERE place = 1");
            using var backup = SqliteDatabase.Open(Path.Combine(_place.Folder, VaultFiles.Keys), SqliteAccess.Read);
            backup.Execute("BEGIN; SELECT COUNT(*) FROM person_key");
            await Assert.ThrowsAsync<VaultException>(() => vault.EraseAsync(student, VaultPlace.Desk));
            await VaultPlace.NewAsync(vault, VaultPlace.Student(2));
            _place.CopyAsKilled();
        }

        Assert.Contains("keys.db-wal", VaultPlace.FilesWith(_place.Beside("killed"), wrapped));
        using var again = IdentityVault.Open(_place.Beside("killed"), _place.Key, TimeProvider.System);
        Assert.Empty(VaultPlace.FilesWith(_place.Beside("killed"), wrapped));
    }

    [Fact]
    public async Task Keys_older_than_their_persons_are_no_erasure_and_are_said_so()
    {
        StudentId student;
        using (var vault = _place.Open())
        {
            _place.Copy(VaultFiles.Keys, "keys.dump");
            student = await VaultPlace.NewAsync(vault, _person);
        }

        _place.Restore(VaultFiles.Keys, "keys.dump");
        using var older = _place.Open();
        var refused = await Assert.ThrowsAsync<VaultException>(async () =>
            await older.ReadAsync(student, VaultPlace.Desk));
        Assert.Contains("keys.db is older than vault.db", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_of_another_process_that_keeps_former_bytes_is_named_and_the_erasure_holds()
    {
        using var vault = _place.Open();
        var student = await VaultPlace.NewAsync(vault, _person);
        var wrapped = Blob(VaultFiles.Keys, "SELECT wrapped FROM person_key WHERE place = 1");
        using (var backup = SqliteDatabase.Open(Path.Combine(_place.Folder, VaultFiles.Keys), SqliteAccess.Read))
        {
            backup.Execute("BEGIN; SELECT COUNT(*) FROM person_key");
            Assert.Contains(
                "a backup?",
                (await Assert.ThrowsAsync<VaultException>(() => vault.EraseAsync(student, VaultPlace.Desk))).Message,
                StringComparison.Ordinal);
            await IsGoneAsync(vault, student);
        }

        Assert.Equal(ErasureOutcome.AlreadyErased, await vault.EraseAsync(student, VaultPlace.Desk));
        Assert.Empty(_place.FilesWith(wrapped));
    }

    private async Task IsGoneAsync(IdentityVault vault, StudentId student)
    {
        Assert.Null(await vault.ReadAsync(student, VaultPlace.Desk));
        Assert.Null(await vault.FindAsync(VaultPlace.Cin(_person.Cin!), VaultPlace.Desk));
        Assert.Null(await vault.LookupAsync(VaultPlace.Massar(_person.Massar!)));
    }

    /// <summary>Two persons, a dump of each file, and one of the two persons erased after it.</summary>
    private async Task<(StudentId Erased, StudentId Kept)> DumpAndEraseAsync()
    {
        using var vault = _place.Open();
        var erased = await VaultPlace.NewAsync(vault, _person);
        var kept = await VaultPlace.NewAsync(vault, VaultPlace.Student(2));
        _place.Copy(VaultFiles.Persons, "vault.dump");
        _place.Copy(VaultFiles.Keys, "keys.dump");
        Assert.Equal(_person, await vault.ReadAsync(erased, VaultPlace.Desk));
        Assert.Equal(ErasureOutcome.Erased, await vault.EraseAsync(erased, VaultPlace.Desk));
        return (erased, kept);
    }

    private byte[] Blob(string name, string sql) => BlobOf(Path.Combine("vault", name), sql);

    private byte[] BlobOf(string name, string sql)
    {
        using var database = SqliteDatabase.Open(_place.Beside(name), SqliteAccess.Read);
        using var statement = database.Query(sql);
        Assert.True(statement.Step());
        return statement.Bytes(0);
    }
}
