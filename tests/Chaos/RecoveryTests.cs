using System.Diagnostics;
using System.Globalization;
using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Tests.Postgres;
using Xunit.Abstractions;

namespace Amoe.Chaos;

/// <summary>
/// Measures how long partitions are unserved: from the end of a host until a command to each of them is answered. If
/// AMOE_CHAOS_RECOVERY is set, its value is the scale of the year (1 is the whole nation), and many kills are compared
/// with the limits. Otherwise a few kills in a small year show that recovery ends at all.
/// </summary>
[Collection(Measurements.Name)]
public sealed class RecoveryTests(ITestOutputHelper output)
{
    /// <summary>Partitions by which a host that came back is known to have its share.</summary>
    private const int ShareMin = 68 / 3;

    /// <summary>
    /// Between two questions to a partition: often enough to see a silence, and not so often that asking makes one.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Of a machine that does other things meanwhile nothing more can be asked.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Trial Smoke = new("0.005", Kills: 1, Stops: 1, Patience, Patience);

    private int _unknown;

    [PostgresFact]
    public async Task All_partitions_are_served_again_within_ten_seconds_of_a_kill_and_three_of_an_orderly_stop()
    {
        var trial = Built.MeasuredScale is { } scale
            ? new Trial(scale, Kills: 50, Stops: 50, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(3))
            : Smoke;
        using var server = PrivatePostgres.Start();
        using var network = new Network(0);
        var database = server.NewDatabase();
        Simulate(database, trial.Scale);
        using var cluster = new Cluster(database, network, null, hosts: 3, isDirect: true);
        await cluster.Start();
        using var journal = PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url));
        var day = History.LastMark(journal, 0, CommandKind.OpenDay);
        await using var client = new Client(cluster, journal.Identity, Patience);
        await ServedAgain(client.Target, day);

        var dice = new Dice(1);
        var killed = await Measure(cluster, client.Target, day, trial.Kills, dice, async place =>
        {
            var (host, watch) = (cluster.HostAt(place), Stopwatch.StartNew());
            place.Host!.Kill();
            var moving = Moved(cluster, host, watch);
            await ServedAgain(client.Target, day);
            var served = watch.Elapsed;
            Say(await moving);
            return served;
        });
        _unknown = 0;
        var stopped = await Measure(cluster, client.Target, day, trial.Stops, dice, place =>
        {
            place.Host!.AskToStop();
            return LongestSilence(client.Target, day, place.Host.Ended());
        });
        Say($"year at scale {trial.Scale}, {journal.Measure().SegmentBytes >> 20} MB of frames");
        Say($"killed:  {Summary(killed)}");
        Say($"stopped: {Summary(stopped)}, {_unknown} answers unknown");
        Assert.True(killed[^1] <= trial.KilledMax, Summary(killed));
        Assert.True(stopped[^1] <= trial.StoppedMax, Summary(stopped));
        Assert.Equal(0, _unknown);
    }

    /// <summary>Ends one host after the other, each when the one before is back with its share.</summary>
    private async Task<List<TimeSpan>> Measure(
        Cluster cluster, ICommandTarget client, DateOnly day, int times, Dice dice, Func<Place, Task<TimeSpan>> end)
    {
        var measured = new List<TimeSpan>();
        while (measured.Count < times)
        {
            var (place, _) = cluster.Any(dice);
            measured.Add(await end(place));
            Say(string.Create(CultureInfo.InvariantCulture, $"{measured.Count}: {measured[^1].TotalSeconds:0.00} s"));
            await place.Start();
            await Cluster.Until(
                () => cluster.HostAt(place) is var host and not 0 && cluster.PartitionsOf(host).Count >= ShareMin,
                "the host that came back does not get its share");
            await ServedAgain(client, day);
        }

        measured.Sort();
        return measured;
    }

    /// <summary>
    /// In a line, when a host that ended was known to be dead, and when the others had taken its partitions.
    /// </summary>
    private static async Task<string> Moved(Cluster cluster, long host, Stopwatch watch)
    {
        // Rarely: who looks takes the processor from those who recover.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        TimeSpan? dead = null;
        while (await timer.WaitForNextTickAsync() && cluster.PartitionsOf(host).Count > 0)
        {
            if (cluster.Store.Hosts() is { } hosts && hosts.All(row => row.Id != host))
                dead ??= watch.Elapsed;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"   dead after {dead?.TotalSeconds:0.0} s, its partitions taken after {watch.Elapsed.TotalSeconds:0.0} s");
    }

    /// <summary>Done when each partition has decided something that was sent to it now.</summary>
    private Task ServedAgain(ICommandTarget client, DateOnly day) =>
        Task.WhenAll(Questions(client, day).Select(Decided)).WaitAsync(Patience);

    /// <summary>
    /// The longest time that any one partition decided nothing, while something goes on and until each has decided
    /// something after its end.
    /// </summary>
    private async Task<TimeSpan> LongestSilence(ICommandTarget client, DateOnly day, Task meanwhile)
    {
        var silences = await Task.WhenAll(Questions(client, day).Select(async ask =>
        {
            var longest = TimeSpan.Zero;
            for (var isLast = false; !isLast;)
            {
                var watch = Stopwatch.StartNew();
                isLast = meanwhile.IsCompleted;
                await Decided(ask);
                await Task.Delay(Pace);
                longest = watch.Elapsed > longest ? watch.Elapsed : longest;
            }

            return longest;
        })).WaitAsync(Patience);
        await meanwhile;
        return silences.Max();
    }

    /// <summary>One for each partition.</summary>
    private static IEnumerable<Func<Task<Reply>>> Questions(ICommandTarget client, DateOnly day)
    {
        for (var (partition, student) = (0, 0UL); partition < client.StudentPartitions; partition++)
        {
            while (new StudentId(student).PartitionOf(client.StudentPartitions) != partition)
                student++;
            var question = new AskEntitlement(new StudentId(student), day, day);
            yield return () => client.Ask(question);
        }

        for (var partition = client.StudentPartitions; partition < client.StudentPartitions
            + client.LedgerPartitions; partition++)
        {
            var party = partition;
            yield return () => Open(client, party, day);
        }
    }

    /// <summary>Counts commands that are answered unknown, and sends them again.</summary>
    private async Task Decided(Func<Task<Reply>> ask)
    {
        while ((await ask()).Outcome == Outcome.Unknown)
            Interlocked.Increment(ref _unknown);
    }

    private static Task<Reply> Open(ICommandTarget client, int party, DateOnly day)
    {
        var opened = new Answered();
        Assert.True(client.TryPostDay(party, CommandKind.OpenDay, day, opened));
        return opened.Task;
    }

    private static void Simulate(PrivateDatabase database, string scale)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Built.Program, "simulate", "--scale", scale, "--hosts", "1", "--journal", database.Url])
        {
            RedirectStandardOutput = true
        };
        using var simulate = Process.Start(start)!;
        simulate.StandardOutput.ReadToEnd();
        simulate.WaitForExit();
        Assert.Equal(0, simulate.ExitCode);
    }

    private static string Summary(List<TimeSpan> sorted) => string.Create(
        CultureInfo.InvariantCulture,
        $"p50 {At(sorted, 50).TotalSeconds:0.00} s, p99 {At(sorted, 99).TotalSeconds:0.00} s, most {sorted[^1].TotalSeconds:0.00} s, of {sorted.Count}");

    private static TimeSpan At(List<TimeSpan> sorted, int percent) =>
        sorted[Math.Max(0, ((sorted.Count * percent) + 99) / 100 - 1)];

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    /// <param name="KilledMax">The longest that any of the kills may take.</param>
    private sealed record Trial(string Scale, int Kills, int Stops, TimeSpan KilledMax, TimeSpan StoppedMax);

    private sealed class Answered : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Reply> Task => _source.Task;

        public void OnReply(StudentId student, in Reply reply) => _source.TrySetResult(reply);
    }
}
