using System.Net;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
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
        Assert.Equal(HttpStatusCode.OK, await host.ReadyAsync());
        var state = await host.StateAsync();
        Assert.Equal(host.Endpoint, state.GetProperty("endpoint").GetString());
        Assert.Equal(Enumerable.Range(0, Shards), state.GetProperty("shards").EnumerateArray().Select(shard => shard.GetProperty("shard").GetInt32()));
        var status = await AmoeProcess.Start(["cluster", "status", "-o", "json"], null, ("AMOE_JOURNAL", database.Url)).FinishAsync();
        Assert.Equal(0, status.Json.GetProperty("shards_free").GetInt32());
        Assert.True(status.Json.GetProperty("hosts")[0].GetProperty("ready").GetBoolean());

        host.Process.Terminate();
        var stopped = await host.Process.FinishAsync();

        Assert.Equal(0, stopped.ExitCode);
        Assert.Contains("amoe: stopping: handing the shards over", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(database.Server.AppPassword, stopped.Error + stopped.Output, StringComparison.Ordinal);
        var empty = await AmoeProcess.Start(["cluster", "status"], null, ("AMOE_JOURNAL", database.Url)).FinishAsync();
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
        Assert.Equal(HttpStatusCode.OK, await host.ReadyAsync());
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
            Http.LinkWorld.Secret(_folder, "another word that somebody made up for it"), PeerRole.Host, new LinkOptions(), TimeProvider.System, said.Enqueue);
        links.Listen(new Http.LinkWorld.Ear());

        links.To(host.Endpoint);
        await host.Process.SaysAsync("a link from 127.0.0.1 was refused: its peers secret is another one");
        await Http.LinkWorld.Until(() => !said.IsEmpty);

        Assert.Equal($"{host.Endpoint}: no link: it refused the link: its peers secret is another one", Assert.Single(said));
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
        await HostProcess.UntilAsync(async () => await host.ReadyAsync() == HttpStatusCode.OK, "the host is ready again");
        await host.ServesAsync(Shards);

        host.Process.Terminate();
        var stopped = await host.Process.FinishAsync();
        Assert.Equal(0, stopped.ExitCode);
        Assert.Single(stopped.Error.Split('\n'), line => line.Contains("does not answer:", StringComparison.Ordinal));
        Assert.Single(stopped.Error.Split('\n'), line => line.Contains("answers again", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task A_database_without_a_journal_is_one_line_and_exit_code_3()
    {
        var database = PrivatePostgres.Shared.NewDatabase();

        (await HostProcess.Start(database.Url, _secret).FinishAsync()).IsRefusal(3, "there is no journal in it");
    }

    [Fact]
    public async Task A_store_out_of_reach_or_a_secret_that_is_none_is_one_line()
    {
        (await HostProcess.Start("postgres://amoe@127.0.0.1:1/amoe", _secret).FinishAsync()).IsRefusal(3, "127.0.0.1:1");
        (await HostProcess.Start("postgres://amoe@127.0.0.1:1/amoe", _folder.File("none")).FinishAsync()).IsRefusal(2, "the peers secret cannot be read");
        (await HostProcess.Start("postgres://amoe@127.0.0.1:1/amoe", _folder.Write("short", "hush")).FinishAsync()).IsRefusal(2, "may read or write the peers secret");
    }

    private static PrivateDatabase NewJournal(PrivatePostgres? server = null)
    {
        var database = (server ?? PrivatePostgres.Shared).NewDatabase();
        PostgresJournal.Create(
            JournalAddress.Parse(database.Url), new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.Embedded.Text, "serve", 0, 0)).Dispose();
        return database;
    }
}
