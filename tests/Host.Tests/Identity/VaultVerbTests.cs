using Amoe.Host.Identity;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Identity;

/// <summary><c>amoe vault</c> as its user meets it.</summary>
public sealed class VaultVerbTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private string Vault => _folder.File("identity");

    private string Key => _folder.File("master.key");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_vault_is_made_looked_at_rotated_and_verified()
    {
        var made = await AmoeCommand.RunAsync("vault", "create", "--vault", Vault, "--key", Key, "--host", "rabat-1");
        made.IsDone();
        using (var key = MasterKey.Read(Key))
            Assert.Equal($"{Vault}: an empty vault under the master key {key.Id}, which is in {Key}\n", made.Output);
        await FillAsync();

        var status = await AmoeCommand.RunAsync("vault", "status", "--vault", Vault, "--key", Key, "-o", "json");
        status.IsDone();
        Assert.Equal(
            (3, 3, 0, 4),
            (Number(status, "persons"), Number(status, "keys"), Number(status, "erased"),
                Number(status, "audit_lines")));

        var rotated = await AmoeCommand.RunAsync(
            "vault", "rotate", "--vault", Vault, "--key", Key, "--to", _folder.File("new.key"));
        Assert.Contains("3 keys are under the master key", rotated.Output, StringComparison.Ordinal);
        (await AmoeCommand.RunAsync("vault", "status", "--vault", Vault, "--key", Key))
            .IsRefusal(3, "is sealed under the master key");
        Assert.Contains(
            "3 persons, 3 keys",
            (await AmoeCommand.RunAsync("vault", "status", "--vault", Vault, "--key", _folder.File("new.key"))).Output,
            StringComparison.Ordinal);

        var verified = await AmoeCommand.RunAsync("vault", "verify", "--vault", Vault, "-o", "json");
        verified.IsDone();
        Assert.Equal(4, Number(verified, "lines"));
        Assert.Contains(
            "\"host\":\"rabat-1\"", File.ReadLines(Path.Combine(Vault, VaultFiles.Audit)).First(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_audit_log_that_was_changed_or_cut_is_exit_code_3_and_names_the_line()
    {
        (await AmoeCommand.RunAsync("vault", "create", "--vault", Vault, "--key", Key)).IsDone();
        await FillAsync();
        var audit = Path.Combine(Vault, VaultFiles.Audit);
        var lines = await File.ReadAllLinesAsync(audit);

        await File.WriteAllTextAsync(
            audit, lines[0] + "\n" + lines[1].Replace("desk-7", "desk-8", StringComparison.Ordinal) + "\n");
        (await AmoeCommand.RunAsync("vault", "verify", "--vault", Vault)).IsRefusal(3, "line 2 was changed");
        await File.WriteAllTextAsync(audit, lines[0] + "\n");
        (await AmoeCommand.RunAsync("vault", "verify", "--vault", Vault)).IsRefusal(3, "line 2 is missing");
    }

    [Fact]
    public async Task A_vault_and_a_key_that_exist_are_left_as_they_are()
    {
        (await AmoeCommand.RunAsync("vault", "create", "--vault", Vault, "--key", Key)).IsDone();
        var key = await File.ReadAllTextAsync(Key);

        (await AmoeCommand.RunAsync("vault", "create", "--vault", Vault, "--key", _folder.File("other.key")))
            .IsRefusal(3, "not an empty folder");
        (await AmoeCommand.RunAsync("vault", "create", "--vault", _folder.File("second"), "--key", Key))
            .IsRefusal(2, "exists already");

        Assert.Equal(
            (key, false, false),
            (await File.ReadAllTextAsync(Key), File.Exists(_folder.File("other.key")),
                Directory.Exists(_folder.File("second"))));
        (await AmoeCommand.RunAsync("vault", "status", "--vault", Vault, "--key", Key)).IsDone();
        (await AmoeCommand.RunAsync("vault", "verify", "--vault", _folder.File("second")))
            .IsRefusal(3, "there is no identity vault");
    }

    [PostgresFact]
    public async Task A_vault_in_databases_is_made_joined_rotated_and_verified_as_one_in_files()
    {
        var (persons, keys) = (PrivatePostgres.Shared.NewDatabase().Url, PrivatePostgres.Shared.NewDatabase().Url);
        string[] databases = ["--persons", persons, "--person-keys", keys];
        var second = _folder.File("second");
        (await AmoeCommand.RunAsync(
            ["vault", "create", "--vault", Vault, "--key", Key, "--host", "rabat-1", .. databases])).IsDone();
        var joined = await AmoeCommand.RunAsync(["vault", "join", "--vault", second, "--host", "rabat-2", .. databases]);
        joined.IsDone();
        Assert.DoesNotContain(PrivatePostgres.Shared.AppPassword, joined.Output, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(second, VaultDatabases.FileName)));
        await FillAsync();

        var status = await AmoeCommand.RunAsync("vault", "status", "--vault", second, "--key", Key, "-o", "json");
        status.IsDone();
        Assert.Equal(
            (3, 3, 0, 1),
            (Number(status, "persons"), Number(status, "keys"), Number(status, "erased"),
                Number(status, "audit_lines")));
        var rotated = await AmoeCommand.RunAsync(
            "vault", "rotate", "--vault", second, "--key", Key, "--to", _folder.File("new.key"));
        Assert.Contains("3 keys are under the master key", rotated.Output, StringComparison.Ordinal);
        (await AmoeCommand.RunAsync("vault", "status", "--vault", Vault, "--key", Key))
            .IsRefusal(3, "is sealed under the master key");
        foreach (var (folder, host, lines) in new[] { (Vault, "rabat-1", 4), (second, "rabat-2", 1) })
        {
            var verified = await AmoeCommand.RunAsync("vault", "verify", "--vault", folder, "-o", "json");
            verified.IsDone();
            Assert.Equal(lines, Number(verified, "lines"));
            Assert.Contains(
                $"\"host\":\"{host}\"", File.ReadLines(Path.Combine(folder, VaultFiles.Audit)).First(),
                StringComparison.Ordinal);
        }

        (await AmoeCommand.RunAsync(
            ["vault", "create", "--vault", _folder.File("third"), "--key", _folder.File("other.key"), .. databases]))
            .IsRefusal(3, "there is an identity vault already");
        Assert.False(File.Exists(_folder.File("other.key")));
    }

    private static int Number(Finished finished, string name) => finished.Json.GetProperty(name).GetInt32();

    /// <summary>Three persons, each read once.</summary>
    private async Task FillAsync()
    {
        using var key = MasterKey.Read(Key);
        using var vault = IdentityVault.Open(Vault, key, TimeProvider.System);
        for (var i = 0; i < 3; i++)
            await vault.ReadAsync(await VaultPlace.NewAsync(vault, VaultPlace.Student(i)), VaultPlace.Desk);
    }
}
