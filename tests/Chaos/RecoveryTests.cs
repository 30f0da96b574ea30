using System.Diagnostics;
using System.Globalization;
using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Replay;
using Amoe.Engine.Tests.Scenarios;
using Amoe.Tests.Postgres;
using Xunit.Abstractions;

namespace Amoe.Chaos;

/// <summary>
/// How long a shard is nobody's, on a full year's journal: from the end of a host until a command to each of the shards is answered. Only where AMOE_CHAOS_RECOVERY
/// is set; its value is the scale of the year (1 is the whole nation).
/// </summary>
public sealed class RecoveryTests(ITestOutputHelper output)
{
    private const int Kills = 50;
    private const int Stops = 20;
    private static readonly TimeSpan KilledMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StoppedMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [RecoveryFact]
    public async Task All_shards_are_served_again_within_ten_seconds_of_a_kill_and_two_of_an_orderly_stop()
    {
        using var server = PrivatePostgres.Start();
        using var network = new Network(0);
        var database = server.NewDatabase();
        Simulate(database, RecoveryFactAttribute.Scale!);
        using var cluster = new Cluster(database, network, null);
        await cluster.Start();
        using var journal = PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url));
        var day = History.LastMark(journal, 0, CommandKind.OpenDay);
        await using var client = new Client(cluster, journal.Identity, (ulong)Stopwatch.GetTimestamp(), Patience);
        await ServedAgain(client.Target, day);

        var dice = new Dice(1);
        var killed = await Measure(cluster, client.Target, day, Kills, dice, place =>
        {
            place.Host!.Kill();
            return Task.CompletedTask;
        });
        var stopped = await Measure(cluster, client.Target, day, Stops, dice, place =>
        {
            place.Host!.AskToStop();
            return place.Host.Ended();
        });
        Say($"year at scale {RecoveryFactAttribute.Scale}, {journal.Measure().SegmentBytes >> 20} MB of segments");
        Say($"killed:  {Told(killed)}");
        Say($"stopped: {Told(stopped)}");
        Assert.True(killed[^1] <= KilledMax, Told(killed));
        Assert.True(stopped[^1] <= StoppedMax, Told(stopped));
    }

    private static async Task<List<TimeSpan>> Measure(Cluster cluster, ICommandTarget client, DateOnly day, int times, Dice dice, Func<Place, Task> end)
    {
        var measured = new List<TimeSpan>();
        while (measured.Count < times)
        {
            var place = cluster.Any(dice);
            var watch = Stopwatch.StartNew();
            var ended = end(place);
            await ServedAgain(client, day);
            measured.Add(watch.Elapsed);
            await ended;
            await place.Start();
            await Cluster.Until(() => cluster.HostAt(place) is var host and not 0 && cluster.ShardsOf(host).Count >= ShareMin, "the host that came back does not get its share");
            await ServedAgain(client, day);
        }

        measured.Sort();
        return measured;
    }

    private const int ShareMin = 60;

    /// <summary>Done when each shard has answered something that was sent to it now.</summary>
    private static Task<Reply[]> ServedAgain(ICommandTarget client, DateOnly day)
    {
        var asked = new List<Task<Reply>>();
        for (var (shard, student) = (0, 0UL); shard < client.ShardCount; shard++)
        {
            while (new StudentId(student).ShardOf(client.ShardCount) != shard)
                student++;
            asked.Add(client.Ask(new AskEntitlement(new StudentId(student), day, day)));
        }

        for (var party = client.ShardCount; party < client.ShardCount + client.PartyShardCount; party++)
        {
            var opened = new Answered();
            Assert.True(client.TryPostDay(party, CommandKind.OpenDay, day, opened));
            asked.Add(opened.Task);
        }

        return Task.WhenAll(asked);
    }

    private static void Simulate(PrivateDatabase database, string scale)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "amoe.dll"), "simulate", "--scale", scale, "--journal", database.Url]) { RedirectStandardOutput = true };
        using var simulate = Process.Start(start)!;
        simulate.StandardOutput.ReadToEnd();
        simulate.WaitForExit();
        Assert.Equal(0, simulate.ExitCode);
    }

    private static string Told(List<TimeSpan> sorted) => string.Create(
        CultureInfo.InvariantCulture, $"p50 {At(sorted, 50).TotalSeconds:0.00} s, p99 {At(sorted, 99).TotalSeconds:0.00} s, most {sorted[^1].TotalSeconds:0.00} s, of {sorted.Count}");

    private static TimeSpan At(List<TimeSpan> sorted, int percent) => sorted[Math.Max(0, ((sorted.Count * percent) + 99) / 100 - 1)];

    private void Say(string line)
    {
        output.WriteLine(line);
        Console.WriteLine(line);
    }

    private sealed class Answered : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Reply> Task => _source.Task;

        public void OnReply(StudentId student, in Reply reply) => _source.TrySetResult(reply);
    }
}

/// <summary>A measurement of minutes: only when asked for.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RecoveryFactAttribute : FactAttribute
{
    public RecoveryFactAttribute() => Skip = PostgresBinaries.Missing ?? (Scale is null ? "AMOE_CHAOS_RECOVERY is not set: it is the scale of the year whose recovery is measured" : null);

    public static string? Scale { get; } = Environment.GetEnvironmentVariable("AMOE_CHAOS_RECOVERY") is { Length: > 0 } scale ? scale : null;
}
