using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Bench.Ladder;

/// <summary>What one climb did.</summary>
/// <param name="Bytes">Payload bytes made durable in the log.</param>
internal sealed record Climb(Taken Taken, long Commands, long Events, long Bytes);

/// <summary>A rung: what it is called, and how to climb it once, on a store that holds nothing.</summary>
internal sealed record Rung(string Name, Func<Task<Climb>> ClimbAsync);

/// <summary>The ladder's rungs, from the disk to the whole program.</summary>
internal static class Rungs
{
    private static readonly int[] HostCounts = [1, 3];

    /// <summary>What the rung of so many host processes is called.</summary>
    public static string HostsName(int hosts) => $"hosts {hosts}";

    public static IReadOnlyList<Rung> Of(Recording recording, LadderOptions options, ILadderStore store, string scratch)
    {
        var bytes = Bare.BytesOf(recording);
        var grouped = Grouped(recording, new EngineOptions().CommitBytesMax);
        return
        [
            new Rung("bare", () => Same(recording, store.AppendBare(bytes))),
            new Rung("bare by event", () => Same(recording, store.AppendBare(bytes, (int)(recording.Bytes / recording.Events)))),
            new Rung("bare file", () => Same(recording, Bare.AppendToFile(bytes, recording, scratch))),
            .. store is PostgresLadderStore ? Journals(recording, grouped, store) : [],
            new Rung("trivial", () => HostAsync(recording, new TrivialLogic(), options, store)),
            new Rung("engine", () => EngineAsync(recording, options, store)),
            new Rung("simulate", () => SimulateAsync(recording, options, store)),
            .. options.IsOnPostgres ? HostCounts.Select(hosts => new Rung(HostsName(hosts), () => Task.FromResult(HostsRun.Climb(recording, options, store, hosts)))) : [],
        ];
    }

    /// <summary>Of a store that takes ready segments: what the runtime costs beside them.</summary>
    private static Rung[] Journals(Recording recording, IReadOnlyList<Segment[]> grouped, ILadderStore store) =>
    [
        new Rung("journal", () => Same(recording, Append(recording, grouped, store))),
        new Rung("journal as committed", () => Same(recording, Append(recording, recording.Transactions, store))),
    ];

    private static Task<Climb> Same(Recording recording, Taken taken) =>
        Task.FromResult(new Climb(taken, recording.Commands, recording.Events, recording.Bytes));

    /// <summary>By as many threads as the journal takes, each with the shards that a committer of the engine would have.</summary>
    private static Taken Append(Recording recording, IReadOnlyList<Segment[]> transactions, ILadderStore store)
    {
        using var place = (ISegmentPlace)store.NewPlace();
        using var journal = place.CreateJournal(recording.Identity);
        var appenders = journal.AppendersMax;
        var parts = Enumerable.Range(0, appenders).Select(appender => PartOf(transactions, appender, appenders)).ToList();
        var clock = Clock.Start(store);
        Together.Do(appenders, appender =>
        {
            foreach (var transaction in parts[appender])
                journal.Append(transaction);
        });
        return clock.Stop();
    }

    private static List<Segment[]> PartOf(IReadOnlyList<Segment[]> transactions, int appender, int appenders) =>
        [.. transactions.Select(transaction => Array.FindAll(transaction, segment => segment.Shard % appenders == appender)).Where(part => part.Length > 0)];

    private static async Task<Climb> EngineAsync(Recording recording, LadderOptions options, ILadderStore store)
    {
        var (climb, digest) = await HostDigestAsync(recording, new AmoeLogic(Rulebook.Embedded), options, store);
        RequireSame(recording, digest, "engine");
        return climb;
    }

    private static async Task<Climb> HostAsync(Recording recording, IActorLogic logic, LadderOptions options, ILadderStore store) =>
        (await HostDigestAsync(recording, logic, options, store)).Climb;

    private static async Task<(Climb Climb, ulong Digest)> HostDigestAsync(Recording recording, IActorLogic logic, LadderOptions options, ILadderStore store)
    {
        using var place = store.NewPlace();
        var engine = new EngineOptions { Threads = options.Threads };
        await using var started = await place.StartAsync(recording.Identity, logic, engine);
        var (runtime, journal) = (started.Runtime, started.Journal);
        var clock = Clock.Start(store);
        await Feed.PlayAsync(recording, runtime, engine.MailboxMessagesMax);
        var taken = clock.Stop();
        var state = runtime.Inspect();
        return (new Climb(taken, state.Totals[Counter.Commands], state.Totals[Counter.Events], journal.Measure().SegmentBytes), state.Digest);
    }

    private static async Task<Climb> SimulateAsync(Recording recording, LadderOptions options, ILadderStore store)
    {
        using var place = store.NewPlace();
        var request = new SimulationRequest(
            ScenarioReader.Load(LadderOptions.Scenario), options.ScaleThousandths, options.Seed, Rulebook.Embedded, place.Address, Resume: false, options.Threads);
        await using var simulation = await Simulation.OpenAsync(request, Console.Error.WriteLine, TimeProvider.System);
        var clock = Clock.Start(store);
        var result = await simulation.RunAsync(CancellationToken.None);
        var taken = clock.Stop();

        // The program keeps ledgers beside, and what they send back to claims is not on the recording: the digests differ, what was declared and claimed does not.
        var (has, wants) = (result.Accounts.Totals, recording.Totals);
        if (has[Counter.Declarations] != wants[Counter.Declarations] || has[Counter.Claims] != wants[Counter.Claims] || has[Counter.Lines] != wants[Counter.Lines])
            throw new InvalidOperationException("simulate ended with other declarations or claims than the recording: they did not do the same work");
        return new Climb(taken, result.CommandsThisRun, result.EventsThisRun, result.SegmentBytes);
    }

    /// <summary>The same segments in transactions as full as group commit makes them when it is never waited for.</summary>
    private static List<Segment[]> Grouped(Recording recording, long bytesMax)
    {
        var groups = new List<Segment[]>();
        var group = new List<Segment>();
        var bytes = 0L;
        foreach (var segment in recording.Transactions.SelectMany(transaction => transaction))
        {
            group.Add(segment);
            bytes += segment.Payload.Length;
            if (bytes < bytesMax)
                continue;
            groups.Add([.. group]);
            group.Clear();
            bytes = 0;
        }

        if (group.Count > 0)
            groups.Add([.. group]);
        return groups;
    }

    private static void RequireSame(Recording recording, ulong digest, string rung)
    {
        if (digest != recording.Digest)
            throw new InvalidOperationException($"{rung} ended with digest {digest:x16} and the recording with {recording.Digest:x16}: they did not do the same work");
    }
}
