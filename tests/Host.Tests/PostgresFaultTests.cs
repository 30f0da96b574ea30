using System.Text.RegularExpressions;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Amoe.Tests.Postgres;

namespace Amoe.Host.Tests;

/// <summary>
/// A year whose database goes away, or whose process freezes while another one takes over.
/// </summary>
public sealed partial class PostgresFaultTests(YearFixture year) : IClassFixture<YearFixture>
{
    private static readonly TimeSpan _slowDisk = TimeSpan.FromMilliseconds(10);

    [PostgresFact]
    public async Task A_database_that_goes_and_comes_back_ends_no_year()
    {
        using var server = PrivatePostgres.Start();
        var database = server.NewDatabase();
        database.DelayCommits(_slowDisk);
        using var run = AmoeProcess.Start(YearFixture.MediumIn(database, "-o", "json"));

        // As a power failure would have it, and in order.
        await year.ReachAsync(database, perMille: 150);
        server.Kill();
        await WentAndCameAsync(run, server, 1);
        await year.ReachAsync(database, perMille: 450);
        server.Stop();
        await WentAndCameAsync(run, server, 2);
        await year.ReachAsync(database, perMille: 700);
        database.EndSessions();

        var finished = await run.FinishAsync();
        finished.IsDone();
        Assert.Equal(year.Medium.Digest, finished.Digest);
        Assert.Equal(Gone().Count(finished.Error), Back().Count(finished.Error));
        Assert.DoesNotContain(server.AppPassword, finished.Error, StringComparison.Ordinal);
        (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).IsDone();
    }

    [PostgresFact]
    public async Task A_database_that_stays_away_ends_the_year_in_one_line_and_it_can_be_taken_up()
    {
        using var server = PrivatePostgres.Start();
        var database = server.NewDatabase();
        database.DelayCommits(_slowDisk);
        var request = new SimulationRequest(
            ScenarioReader.Load(YearFixture.Scenario),
            (int)(decimal.Parse(YearFixture.MediumScale, System.Globalization.CultureInfo.InvariantCulture) * 1000), 42,
            ShippedRulebooks.Find(ShippedRulebooks.Amended)!, JournalAddress.Parse(database.Url), Resume: false,
            Threads: 2)
        {
            Patience = TimeSpan.FromSeconds(1),
            Partitions = PartitionCounts.Embedded,
        };
        await using (var simulation = await Simulation.OpenAsync(request, _ => { }, TimeProvider.System))
        {
            var running = simulation.RunAsync(CancellationToken.None);
            await year.ReachAsync(database, perMille: 150);
            server.Stop();
            var result = await running;
            Assert.True(result.StoreFailed);
            Assert.Matches(@"^postgres://\S+: .*(no server answers|ended the connection|broke)", result.Failure);
        }

        server.Restart();
        var resumed = await AmoeCommand.RunAsync(YearFixture.MediumIn(database, "--resume", "-o", "json"));
        Assert.Equal((0, year.Medium.Digest), (resumed.ExitCode, resumed.Digest));
    }

    [PostgresFact]
    public async Task Who_froze_past_its_lease_writes_nothing_more_and_says_who_took_over()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.DelayCommits(_slowDisk);
        var simulate = YearFixture.MediumIn(database, "-o", "json");
        using var frozen = AmoeProcess.Start(simulate);
        await year.ReachAsync(database, perMille: 150);
        (await AmoeCommand.RunAsync([.. simulate, "--resume"]))
            .IsRefusal(3, $"it is in use by simulate, process {frozen.Id} on ");
        frozen.Freeze();

        using var successor = AmoeProcess.Start([.. simulate, "--resume"]);
        await database.ReachesAsync(database.JournalBytes() + 100_000);
        frozen.Thaw();
        var ended = await frozen.FinishAsync();
        Assert.Equal(3, ended.ExitCode);
        Assert.Contains(
            $"it was taken over by simulate, process {successor.Id} on ", ended.Error, StringComparison.Ordinal);

        var whole = await successor.FinishAsync();
        Assert.Equal((0, year.Medium.Digest), (whole.ExitCode, whole.Digest));
        (await AmoeCommand.RunAsync("verify", "--journal", database.Url)).IsDone();
    }

    private static async Task WentAndCameAsync(AmoeProcess run, PrivatePostgres server, int times)
    {
        await UntilAsync(() => Gone().Count(run.Said) >= times, run);
        server.Restart();
        await UntilAsync(() => Back().Count(run.Said) >= times, run);
    }

    private static async Task UntilAsync(Func<bool> condition, AmoeProcess run)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!condition())
        {
            Assert.False(run.HasExited, run.Said);
            await Task.Delay(20, patience.Token);
        }
    }

    [GeneratedRegex("Waiting for it")]
    private static partial Regex Gone();

    [GeneratedRegex("it is back, and all partitions serve after")]
    private static partial Regex Back();
}
