using System.Diagnostics;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Journal.Ownership;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>A thousandth of a term, decided by hosts in processes of their own.</summary>
public sealed class HostedYearTests(YearFixture year) : IClassFixture<YearFixture>
{
    [PostgresFact]
    public async Task Three_hosts_end_with_the_digest_of_one_process()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var hosted = await Start(database, "-o", "json").FinishAsync();

        hosted.IsDone();
        Assert.Equal(year.Small.Digest, hosted.Digest);
        foreach (var figure in new[] { "commands", "events", "claims", "open_claims", "active_peak", "payments", "overpayments", "ledgers" })
            Assert.Equal(year.Small.Json.GetProperty(figure).GetRawText(), hosted.Json.GetProperty(figure).GetRawText());
        Assert.Equal(year.Small.Json.GetProperty("marginals").GetRawText(), hosted.Json.GetProperty("marginals").GetRawText());
        var hosts = hosted.Json.GetProperty("hosts").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], hosts.Select(host => host.GetProperty("number").GetInt32()));
        Assert.Equal(260, hosts.Sum(host => host.GetProperty("shards").GetInt32()));
        Assert.All(hosts, host => Assert.InRange(host.GetProperty("shards").GetInt32(), 80, 100));
        (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).IsDone();
        Assert.Empty(View(database).Hosts);
    }

    [PostgresFact]
    public async Task A_host_that_is_killed_is_reported_and_the_year_is_the_same()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var run = Start(database, "-o", "json");
        await ReachAsync(database, run, perMille: 100);
        Kill(View(database).Hosts[1].Endpoint);

        var hosted = await run.FinishAsync();

        hosted.IsDone();
        Assert.Contains("ended with exit code 137; the others go on", hosted.Error, StringComparison.Ordinal);
        Assert.Single(hosted.Json.GetProperty("hosts").EnumerateArray(), host => host.GetProperty("died").GetBoolean());
        Assert.Equal(year.Small.Digest, hosted.Digest);
    }

    [PostgresFact]
    public async Task Ctrl_C_ends_the_day_and_the_hosts_and_another_number_of_hosts_takes_it_up()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var run = Start(database);
        await ReachAsync(database, run, perMille: 100);
        run.Interrupt();
        var stopped = await run.FinishAsync();

        Assert.Equal(130, stopped.ExitCode);
        Assert.Contains(" --hosts 3 --resume\n", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(database.Server.AppPassword, stopped.Error, StringComparison.Ordinal);
        Assert.Empty(View(database).Hosts);

        var resumed = await AmoeProcess.Start(["simulate", YearFixture.Scenario, "--scale", "0.001", "--hosts", "2", "--resume", "--journal", database.Url, "-o", "json"]).FinishAsync();
        resumed.IsDone();
        Assert.Equal(year.Small.Digest, resumed.Digest);
    }

    [PostgresFact]
    public async Task A_journal_on_which_others_are_at_work_is_left_to_them_and_they_end_with_a_driver_that_is_killed()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var run = Start(database);
        await ReachAsync(database, run, perMille: 50);
        await ThreeAsync(database);

        (await AmoeProcess.Start(["simulate", YearFixture.Scenario, "--scale", "0.001", "--hosts", "1", "--resume", "--journal", database.Url]).FinishAsync()).IsRefusal(3, "other hosts are at work on it (http://127.0.0.1:");

        run.Kill();

        await HostProcess.UntilAsync(() => Task.FromResult(View(database) is { Hosts.Count: 0 } view && view.Shards.All(shard => shard.Owner == HostId.None)), "every host has left");
    }

    private static AmoeProcess Start(PrivateDatabase database, params string[] more) =>
        AmoeProcess.Start(["simulate", YearFixture.Scenario, "--scale", "0.001", "--hosts", "3", "--journal", database.Url, .. more]);

    /// <summary>Waits until the journal holds so much of the year's records.</summary>
    private async Task ReachAsync(PrivateDatabase database, AmoeProcess run, int perMille)
    {
        var enough = year.Small.Json.GetProperty("commands").GetInt64() * perMille / 1000;
        await HostProcess.UntilAsync(
            () =>
            {
                Assert.False(run.HasExited, $"it ended before it was disturbed: {run.Said}");
                return Task.FromResult(Journals.Exists(JournalAddress.Parse(database.Url)) && View(database).Shards.Sum(shard => shard.Head) >= enough);
            },
            $"the journal has {enough} records");
    }

    private static Task ThreeAsync(PrivateDatabase database) => HostProcess.UntilAsync(() => Task.FromResult(View(database).Hosts.Count == 3), "three hosts are at work");

    private static ClusterView View(PrivateDatabase database)
    {
        using var journal = HostsJournal.OpenReadOnly(JournalAddress.Parse(database.Url));
        using var ownership = journal.OpenOwnership(TimeSpan.FromSeconds(3), isAmongHosts: false);
        return ownership.Look();
    }

    private static void Kill(string endpoint)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var state = System.Text.Json.JsonDocument.Parse(client.GetStringAsync(new Uri(endpoint + Amoe.Host.Http.HostPages.State)).GetAwaiter().GetResult());
        using var process = Process.GetProcessById(state.RootElement.GetProperty("process").GetInt32());
        process.Kill();
    }
}
