using System.Diagnostics;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests.Cluster;

/// <summary>A thousandth of a term, decided by hosts in processes of their own.</summary>
public sealed class HostedYearTests(YearFixture year) : IClassFixture<YearFixture>
{
    /// <summary>
    /// Fewer than the default of 64 where hosts are disturbed, because each day costs each partition a commit. What is
    /// decided does not depend on their number.
    /// </summary>
    private const int Partitions = 20;

    /// <summary>Every look at the journal begins connections, and the hosts need the processor.</summary>
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(100);

    [PostgresFact]
    public async Task Three_hosts_end_with_the_digest_of_one_process()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var hosted = await AmoeProcess.Start([.. OfThree(database), "-o", "json"]).FinishAsync();

        hosted.IsDone();
        Assert.Equal(year.Small.Digest, hosted.Digest);
        foreach (var figure in new[]
        {
            "commands",
            "events",
            "claims",
            "open_claims",
            "active_peak",
            "payments",
            "overpayments",
            "ledgers",
            "months",
            "by_month",
        })
            Assert.Equal(
                year.Small.Json.GetProperty(figure).GetRawText(), hosted.Json.GetProperty(figure).GetRawText());
        Assert.Equal(
            year.Small.Json.GetProperty("marginals").GetRawText(), hosted.Json.GetProperty("marginals").GetRawText());
        var pace = hosted.Json.GetProperty("pace").EnumerateArray().ToList();
        Assert.All(pace, sample => Assert.False(
            sample.TryGetProperty("events", out _) || sample.TryGetProperty("commit_p50_ms", out _)));
        Assert.InRange(
            pace.Sum(sample => sample.GetProperty("commands").GetInt64()),
            hosted.Json.GetProperty("declarations").GetInt64() + hosted.Json.GetProperty("files_brought").GetInt64(),
            long.MaxValue);
        var hosts = hosted.Json.GetProperty("hosts").EnumerateArray().ToList();
        Assert.Equal([1, 2, 3], hosts.Select(host => host.GetProperty("number").GetInt32()));
        Assert.Equal(68, hosts.Sum(host => host.GetProperty("partitions").GetInt32()));
        Assert.All(hosts, host => Assert.InRange(host.GetProperty("partitions").GetInt32(), 20, 26));
        (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).IsDone();
        Assert.Empty(Hosts(database));
    }

    [PostgresFact]
    public async Task A_host_that_is_killed_is_reported_and_the_year_is_the_same()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var run = Start(database, "-o", "json");
        await ReachAsync(database, run, perMille: 100);
        Kill(Hosts(database)[1].Endpoint);

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
        Assert.Empty(Hosts(database));

        var resumed = await AmoeProcess.Start(
            [
                "simulate", YearFixture.Scenario, "--scale", "0.001", "--hosts", "2", "--resume", "--journal",
                database.Url, "-o", "json"
            ]).FinishAsync();
        resumed.IsDone();
        Assert.Equal(year.Small.Digest, resumed.Digest);
    }

    [PostgresFact]
    public async Task A_year_that_one_process_began_is_taken_up_by_hosts_and_ended_by_one_process()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        string[] what = ["simulate", YearFixture.Scenario, "--scale", "0.001", "--journal", database.Url];
        await StopAfterAsync(AmoeProcess.Start([.. what, "--partitions", $"{Partitions}"]), database, perMille: 100);
        await StopAfterAsync(AmoeProcess.Start([.. what, "--hosts", "2", "--resume"]), database, perMille: 500);

        var ended = await AmoeProcess.Start([.. what, "--resume", "-o", "json"]).FinishAsync();
        ended.IsDone();
        Assert.Equal(year.Small.Digest, ended.Digest);
    }

    private async Task StopAfterAsync(AmoeProcess run, PrivateDatabase database, int perMille)
    {
        using (run)
        {
            await ReachAsync(database, run, perMille);
            run.Interrupt();
            Assert.Equal(130, (await run.FinishAsync()).ExitCode);
        }
    }

    [PostgresFact]
    public async Task A_journal_on_which_others_are_at_work_is_left_to_them_and_they_end_with_a_driver_that_is_killed()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var run = Start(database);
        await ReachAsync(database, run, perMille: 50);
        await ThreeAsync(database);

        (await AmoeProcess.Start(
            [
                "simulate", YearFixture.Scenario, "--scale", "0.001", "--hosts", "1", "--resume", "--journal",
                database.Url
            ]).FinishAsync()).IsRefusal(3, "other hosts are at work on it (http://127.0.0.1:");

        run.Kill();

        await HostProcess.UntilAsync(
            () => Task.FromResult(Hosts(database).Count == 0), "every host has left", _lookEvery);
    }

    private static AmoeProcess Start(PrivateDatabase database, params string[] more) =>
        AmoeProcess.Start([.. OfThree(database), "--partitions", $"{Partitions}", .. more]);

    private static string[] OfThree(PrivateDatabase database) =>
        ["simulate", YearFixture.Scenario, "--scale", "0.001", "--hosts", "3", "--journal", database.Url];

    /// <summary>Waits until the journal holds so much of the year's records.</summary>
    private async Task ReachAsync(PrivateDatabase database, AmoeProcess run, int perMille)
    {
        var enough = year.Small.Json.GetProperty("commands").GetInt64() * perMille / 1000;
        await HostProcess.UntilAsync(
            () =>
            {
                Assert.False(run.HasExited, $"it ended before it was disturbed: {run.Said}");
                return Task.FromResult(
                    Journals.Exists(JournalAddress.Parse(database.Url)) && Records(database) >= enough);
            },
            $"the journal has {enough} records",
            _lookEvery);
    }

    private static Task ThreeAsync(PrivateDatabase database) =>
        HostProcess.UntilAsync(
            () => Task.FromResult(Hosts(database).Count == 3), "three hosts are at work", _lookEvery);

    private static IReadOnlyList<HostRow> Hosts(PrivateDatabase database)
    {
        using var hosts = new PostgresHosts(new PostgresDatabase(JournalAddress.Parse(database.Url)));
        return hosts.Live();
    }

    private static long Records(PrivateDatabase database)
    {
        using var journal = PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url));
        return Enumerable.Range(0, journal.Identity.TotalPartitions).Sum(journal.Head);
    }

    private static void Kill(string endpoint)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var state = System.Text.Json.JsonDocument.Parse(
            client.GetStringAsync(new Uri(endpoint + Amoe.Host.Http.HostPages.State)).GetAwaiter().GetResult());
        using var process = Process.GetProcessById(state.RootElement.GetProperty("process").GetInt32());
        process.Kill();
    }
}
