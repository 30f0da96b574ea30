using System.Net;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Rules;
using Amoe.Host.Http;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>The real program as a host, on a real database.</summary>
public sealed class ServeTests : IDisposable
{
    private const int Shards = 12;

    private readonly TestFolder _folder = new();
    private readonly string _secret;

    public ServeTests()
    {
        _secret = _folder.File("peers.secret");
        PeersSecret.Make(_secret);
    }

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task A_host_joins_takes_every_shard_is_ready_and_leaves_in_order()
    {
        var database = NewJournal();
        using var host = await HostProcess.StartAsync(database, _secret, "-o", "json");

        await host.ServesAsync(Shards);
        await host.IsReadyAsync();
        var state = await host.StateAsync();
        Assert.Equal(host.Endpoint, state.GetProperty("endpoint").GetString());
        Assert.Equal(Enumerable.Range(0, Shards), state.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("shard").GetInt32()));
        await HostProcess.UntilAsync(
            async () =>
            {
                var status = await AmoeCommand.RunAsync("cluster", "status", "-o", "json", "--journal", database.Url);
                Assert.Equal(0, status.Json.GetProperty("shards_free").GetInt32());
                return status.Json.GetProperty("hosts")[0].TryGetProperty("ready", out var ready) && ready.GetBoolean();
            },
            "the host answers who asks how the cluster is, in the two seconds that he waits");

        host.Process.Terminate();
        var stopped = await host.Process.FinishAsync();

        Assert.Equal(0, stopped.ExitCode);
        Assert.Contains("amoe: stopping: handing the shards over", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(database.Server.AppPassword, stopped.Error + stopped.Output, StringComparison.Ordinal);
        var empty = await AmoeCommand.RunAsync("cluster", "status", "--journal", database.Url);
        Assert.Contains($"0 hosts, {Shards} shards, {Shards} free, 0 lost", empty.Output, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_second_host_gets_its_share_and_one_that_stops_hands_its_own_over_before_any_lease_runs_out()
    {
        var database = NewJournal();
        using var first = await HostProcess.StartAsync(database, _secret, "--lease", "600");
        await first.ServesAsync(Shards);
        using var second = await HostProcess.StartAsync(database, _secret, "--lease", "600");
        await first.ServesAsync(Shards / 2);
        await second.ServesAsync(Shards / 2);

        first.Process.Terminate();
        Assert.Equal(0, (await first.Process.FinishAsync()).ExitCode);

        await second.ServesAsync(Shards);
    }

    [PostgresFact]
    public async Task A_host_ends_in_order_with_whoever_started_it_and_leaves_Ctrl_C_to_him()
    {
        var database = NewJournal();
        using var host = await HostProcess.StartAsync(database, _secret, "--until-stdin-closes");
        await host.ServesAsync(Shards);

        host.Process.Interrupt();
        await host.IsReadyAsync();
        host.Process.CloseInput();

        Assert.Equal(0, (await host.Process.FinishAsync()).ExitCode);
    }

    [PostgresFact]
    public async Task Who_does_not_know_the_secret_is_refused_and_it_is_said_without_it()
    {
        var database = NewJournal();
        using var host = await HostProcess.StartAsync(database, _secret);
        var said = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var links = new HttpLinks(
            Http.LinkWorld.Secret(_folder, "another word that somebody made up for it"), PeerRole.Host, Http.LinkWorld.Patient, TimeProvider.System, said.Enqueue);
        links.Listen(new Http.LinkWorld.Ear());

        // Where the host is too busy for its side of the handshake, another attempt is made when something is to be sent.
        await Http.LinkWorld.Until(() => !links.To(host.Endpoint).TrySend(new byte[] { 1 }) && said.Contains($"{host.Endpoint}: no link: it refused the link: its peers secret is another one"));
        await host.Process.SaysAsync("a link from 127.0.0.1 was refused: its peers secret is another one");

        host.Process.Terminate();
        var stopped = await host.Process.FinishAsync();
        Assert.DoesNotContain((await File.ReadAllTextAsync(_folder.File("peers.secret"))).Trim(), stopped.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_host_that_loses_its_store_is_not_ready_and_is_again_when_that_is_back()
    {
        using var server = PrivatePostgres.Start();
        var database = NewJournal(server);
        using var host = await HostProcess.StartAsync(database, _secret);
        await host.ServesAsync(Shards);

        server.Kill();
        await HostProcess.UntilAsync(async () => await host.ReadyAsync() == HttpStatusCode.ServiceUnavailable, "the host is not ready");
        server.Restart();
        await host.IsReadyAsync();
        await host.ServesAsync(Shards);

        host.Process.Terminate();
        var stopped = await host.Process.FinishAsync();
        Assert.Equal(0, stopped.ExitCode);

        // Once when it goes and once when it comes back; on a busy machine it may go and come again.
        var said = stopped.Error.Split('\n').Where(line => line.Contains("the store of ownership ", StringComparison.Ordinal)).Select(line => line.Contains("answers again", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(said);
        Assert.Equal(Enumerable.Range(0, said.Count / 2 * 2).Select(i => i % 2 == 1), said);
    }

    [PostgresFact]
    public async Task A_database_without_a_journal_is_one_line_and_exit_code_3()
    {
        var database = PrivatePostgres.Shared.NewDatabase();

        (await ServeAsync(database.Url, _secret)).IsRefusal(3, "there is no journal in it");
    }

    [Fact]
    public async Task A_store_out_of_reach_or_a_secret_that_is_none_is_one_line()
    {
        (await ServeAsync("postgres://amoe@127.0.0.1:1/amoe", _secret)).IsRefusal(3, "127.0.0.1:1");
        (await ServeAsync("postgres://amoe@127.0.0.1:1/amoe", _folder.File("none"))).IsRefusal(2, "the peers secret cannot be read");
        (await ServeAsync("postgres://amoe@127.0.0.1:1/amoe", Readable(_folder.Write("short", "hush")))).IsRefusal(2, "may read or write the peers secret");
    }

    private static Task<Finished> ServeAsync(string journal, string secretPath) =>
        AmoeCommand.RunAsync("serve", "--listen", "127.0.0.1:0", "--peers-secret", secretPath, "--journal", journal);

    /// <summary>By everybody, whatever the user's umask.</summary>
    private static string Readable(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }

    private static PrivateDatabase NewJournal(PrivatePostgres? server = null)
    {
        var database = (server ?? PrivatePostgres.Shared).NewDatabase();
        HostsJournal.Create(
            JournalAddress.Parse(database.Url), new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.Embedded.Text, "serve", 0, 0)).Dispose();
        return database;
    }
}
