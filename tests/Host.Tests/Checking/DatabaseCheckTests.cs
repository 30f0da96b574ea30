using System.Text.Json;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Rules;
using Amoe.Host.Identity;
using Amoe.Host.Tests.Identity;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Checking;

/// <summary><c>serve --check</c> of a host of a cluster, against a real server.</summary>
public sealed class DatabaseCheckTests
{
    private static readonly JournalIdentity Begins = JournalIdentity.OfProduction(
        ShippedRulebooks.Find(ShippedRulebooks.Amended)!.Text, new PartitionCounts(4, 2));

    [PostgresFact]
    public async Task A_role_lacks_grants_and_has_them_then()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Execute(
            "DO $$ BEGIN CREATE ROLE checked LOGIN PASSWORD 'run'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var role = $"postgres://checked:run@127.0.0.1:{database.Server.Port}/{database.Name}";

        // The tests' server leaves out what a power failure would need: a warning each time.
        var (code, empty) = await CheckAsync(role);
        Assert.Equal(3, code);
        Assert.Equal(["journal"], Failed(empty));
        Assert.Contains("user checked may not make one", empty["journal"].Found, StringComparison.Ordinal);
        (code, empty) = await CheckAsync(database.Url);
        Assert.Equal(0, code);
        Assert.Contains("there is none, and an empty one is begun", empty["journal"].Found, StringComparison.Ordinal);
        Assert.Contains("there are no tables yet", empty["grants"].Found, StringComparison.Ordinal);
        Assert.False(Journals.Exists(JournalAddress.Parse(database.Url)), "a journal was begun");

        var owner = JournalAddress.Parse(database.Url);
        PostgresJournal.TryBegin(owner, Begins);
        (code, var stranger) = await CheckAsync(role);
        Assert.Equal(3, code);
        Assert.Equal(["journal", "grants"], Failed(stranger));
        Assert.Contains(
            "user checked lacks USAGE on schema amoe, SELECT on layout, SELECT on journal, INSERT on journal", stranger[
            "grants"].Found, StringComparison.Ordinal);
        Assert.Contains("amoe journal grant checked", stranger["grants"].Found, StringComparison.Ordinal);

        PostgresJournal.Grant(owner, "checked");
        (code, var granted) = await CheckAsync(role);
        Assert.Equal(0, code);
        Assert.Equal([], Failed(granted));
        Assert.Equal("ok", granted["grants"].State);
        database.Execute("REVOKE INSERT ON amoe.journal FROM checked; GRANT DELETE ON amoe.journal TO checked");
        Assert.Contains(
            "user checked lacks INSERT on journal. ", (await CheckAsync(role)).Checks["grants"].Found,
            StringComparison.Ordinal);
        database.Execute("GRANT INSERT ON amoe.journal TO checked");
        Assert.Equal(
            "checked has what a host needs, and DELETE on journal as well", (await CheckAsync(role)).Checks[
            "grants"].Found);
        Assert.Equal("warning", (await CheckAsync(database.Url)).Checks["grants"].State);
    }

    [PostgresFact]
    public async Task What_a_host_finds_at_its_server_is_said()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresJournal.TryBegin(JournalAddress.Parse(database.Url), Begins);
        var (code, checks) = await CheckAsync(database.Url);
        Assert.Equal(
            ["settings", "rulebook", "http", "certificate", "keys", "tokens", "answers", "vault", "database", "journal",
                "tls", "listen", "grants", "hosts", "clock", "server_settings", "connections", "server_clock", "commit",
                "disk"],
            checks.Keys);
        Assert.Equal(0, code);
        Assert.Equal([], Failed(checks));
        Assert.Contains("PostgreSQL 1", checks["database"].Found, StringComparison.Ordinal);
        Assert.Equal("none lives: this one founds the cluster", checks["hosts"].Found);
        Assert.Contains("fsync off", checks["server_settings"].Found, StringComparison.Ordinal);
        Assert.Contains("Set fsync on", checks["server_settings"].Advice, StringComparison.Ordinal);
        Assert.Contains("synchronous_commit on", checks["server_settings"].Found, StringComparison.Ordinal);
        Assert.Matches(
            @"^a round trip takes [0-9.,]+ ms, and a commit [0-9.,]+ ms more until it is on disk", checks[
            "commit"].Found);
        Assert.Equal(0L, database.Scalar<long>("SELECT count(*) FROM amoe.host"));

        // What a start is refused for, it is refused for as well.
        database.Execute("UPDATE amoe.lease SET name = 'simulate', lasts_until = now() + interval '1 hour'");
        (code, checks) = await CheckAsync(database.Url);
        Assert.Equal(3, code);
        Assert.Equal(["hosts"], Failed(checks));
        Assert.Contains(
            "it is in use by simulate. Stop that one first.", checks["hosts"].Found, StringComparison.Ordinal);
        database.Execute("UPDATE amoe.lease SET lasts_until = '-infinity'");
        using (var hosts = new PostgresHosts(new PostgresDatabase(JournalAddress.Parse(database.Url))))
            hosts.Register("akka.tcp://amoe@127.0.0.1:1/1", "http://127.0.0.1:1", "test", EventCodec.Version);
        Assert.Equal("1 live: http://127.0.0.1:1", (await CheckAsync(database.Url)).Checks["hosts"].Found);
        database.Execute("UPDATE amoe.layout SET version = 99");
        (code, checks) = await CheckAsync(database.Url);
        Assert.Equal(3, code);
        Assert.Equal(["journal"], Failed(checks));
        Assert.Equal("warning", checks["hosts"].State);
    }

    [PostgresFact]
    public async Task A_vault_that_hosts_share_is_looked_at_and_one_in_files_is_none()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var shared = new VaultPlace(VaultKind.Databases);
        using var files = new VaultPlace();
        var (key, other) = (shared.Beside("master.key"), shared.Beside("other.key"));
        MasterKey.Create(other).Dispose();
        using (var master = MasterKey.Create(key))
        using (var vault = shared.Open())
        {
            await VaultPlace.NewAsync(vault, VaultPlace.Student(1));
            await vault.RotateAsync(master);
        }

        var before = shared.KeysAsTheyAre();
        Assert.Contains(": 1 persons, under the master key", await FoundAsync(shared.Folder, key), StringComparison.Ordinal);
        Assert.Contains("it is sealed under the master key", await FoundAsync(shared.Folder, other), StringComparison.Ordinal);
        Assert.Contains(
            "no folder of a vault that hosts share", await FoundAsync(files.Folder, key), StringComparison.Ordinal);
        Assert.Equal(before, shared.KeysAsTheyAre());

        async Task<string> FoundAsync(string folder, string keyFile) =>
            (await CheckAsync(database.Url, "--development", "--vault", folder, "--vault-key", keyFile))
                .Checks["vault"].Found;
    }

    [PostgresFact]
    public async Task A_host_that_takes_opening_balances_is_checked_to_be_alone()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var address = JournalAddress.Parse(database.Url);
        PostgresJournal.TryBegin(address, Begins);
        var (code, checks) = await CheckOpeningAsync(database.Url);
        Assert.Equal(
            ["settings", "rulebook", "http", "certificate", "keys", "tokens", "answers", "vault", "database", "journal",
                "grants", "hosts", "server_settings", "connections", "server_clock", "commit", "disk"],
            checks.Keys);
        Assert.Equal((0, "none lives"), (code, checks["hosts"].Found));

        using (var hosts = new PostgresHosts(new PostgresDatabase(address)))
            hosts.Register("akka.tcp://amoe@127.0.0.1:1/1", "http://127.0.0.1:1", "test", EventCodec.Version);
        (code, checks) = await CheckOpeningAsync(database.Url);
        Assert.Equal(3, code);
        Assert.Equal(["hosts"], Failed(checks));
        Assert.Contains(
            "it is in use by hosts at http://127.0.0.1:1. Stop them first.", checks["hosts"].Found,
            StringComparison.Ordinal);
        database.Execute("DELETE FROM amoe.host");

        using (var journal = await PostgresJournal.OpenAsync(address, "a test", TimeProvider.System))
            await JournalOpening.BeginAsync(journal, TimeProvider.System);
        Assert.Equal(0, (await CheckOpeningAsync(database.Url)).Code);
        (code, checks) = await CheckAsync(database.Url);
        Assert.Equal(3, code);
        Assert.Equal(["journal"], Failed(checks));
        Assert.Contains("its opening balances are not closed", checks["journal"].Found, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_server_that_does_not_answer_fails_one_check_and_the_others_are_tried()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var (code, checks) = await CheckAsync($"{database.Url}_gone", "--keys", "none.json");
        Assert.Equal(2, code);
        Assert.Equal(["keys", "database"], Failed(checks));
        Assert.Contains("the server has no database", checks["database"].Found, StringComparison.Ordinal);
        Assert.StartsWith("not tried", checks["grants"].Found, StringComparison.Ordinal);
        Assert.Equal("ok", checks["listen"].State);
    }

    private static Task<(
        int Code, Dictionary<string, (string State, string Found, string Advice)> Checks)> CheckAsync(
        string url, params string[] options)
    {
        string[] callers = options.Length > 0 ? options : ["--development"];
        return RunAsync(["--journal", url, "--listen", "127.0.0.1:0", .. callers]);
    }

    private static Task<(
        int Code, Dictionary<string, (string State, string Found, string Advice)> Checks)> CheckOpeningAsync(
        string url) => RunAsync(["--journal", url, "--http", "127.0.0.1:0", "--opening", "--development"]);

    private static async Task<(
        int Code, Dictionary<string, (string State, string Found, string Advice)> Checks)> RunAsync(string[] options)
    {
        var check = await AmoeCommand.RunAsync(["serve", "--check", "-o", "json", .. options]);
        Assert.Equal("", check.Error);
        return (check.ExitCode, check.Output.TrimEnd('\n').Split('\n').Select(
            line => JsonDocument.Parse(line).RootElement).ToDictionary(
            line => line.GetProperty("check").GetString()!,
            line => (line.GetProperty("state").GetString()!, line.GetProperty("found").GetString()!,
                line.TryGetProperty("advice", out var advice) ? advice.GetString()! : "")));
    }

    private static string[] Failed(Dictionary<string, (string State, string Found, string Advice)> checks) =>
        [.. checks.Where(check => check.Value.State == "failed").Select(check => check.Key)];
}
