using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Bench.Ladder;

/// <summary>What one climb did.</summary>
/// <param name="Bytes">Payload bytes made durable in the log.</param>
internal sealed record Climb(Taken Taken, long Commands, long Events, long Bytes);

/// <summary>A rung: what it is called, and how to climb it once in a fresh file.</summary>
internal sealed record Rung(string Name, Func<string, Task<Climb>> ClimbAsync);

/// <summary>The ladder's rungs, from the disk to the whole program.</summary>
internal static class Rungs
{
    public static IReadOnlyList<Rung> Of(Recording recording, LadderOptions options, BareLayout best)
    {
        var bytes = Bare.BytesOf(recording);
        var grouped = Grouped(recording, new EngineOptions().CommitBytesMax);
        return
        [
            new Rung("bare", path => Same(recording, Bare.Append(bytes, best, path))),
            new Rung("bare by event", path => Same(recording, Bare.Append(bytes, best with { RowBytes = (int)(recording.Bytes / recording.Events) }, path))),
            new Rung("bare file", path => Same(recording, Bare.AppendToFile(bytes, recording, path))),
            new Rung("journal", path => Same(recording, Append(recording, grouped, path))),
            new Rung("journal as committed", path => Same(recording, Append(recording, recording.Transactions, path))),
            new Rung("trivial", path => HostAsync(recording, new TrivialLogic(), options, path)),
            new Rung("engine", path => EngineAsync(recording, options, path)),
            new Rung("simulate", path => SimulateAsync(recording, options, path)),
        ];
    }

    private static Task<Climb> Same(Recording recording, Taken taken) =>
        Task.FromResult(new Climb(taken, recording.Commands, recording.Events, recording.Bytes));

    private static Taken Append(Recording recording, IReadOnlyList<Segment[]> transactions, string path)
    {
        using var files = new ScratchFiles(path);
        using var journal = SqliteJournal.Create(path, recording.Identity);
        var clock = Clock.Start();
        foreach (var transaction in transactions)
            journal.Append(transaction);
        return clock.Stop();
    }

    private static async Task<Climb> EngineAsync(Recording recording, LadderOptions options, string path)
    {
        var (climb, digest) = await HostDigestAsync(recording, new AmoeLogic(Rulebook.Embedded), options, path);
        RequireSame(recording, digest, "engine");
        return climb;
    }

    private static async Task<Climb> HostAsync(Recording recording, IActorLogic logic, LadderOptions options, string path) =>
        (await HostDigestAsync(recording, logic, options, path)).Climb;

    private static async Task<(Climb Climb, ulong Digest)> HostDigestAsync(Recording recording, IActorLogic logic, LadderOptions options, string path)
    {
        using var files = new ScratchFiles(path);
        var engine = new EngineOptions { Threads = options.Threads };
        using var journal = SqliteJournal.Create(path, recording.Identity);
        using var snapshots = journal.OpenSnapshots(Console.Error.WriteLine);
        await using var runtime = AmoeRuntime.Start(journal, snapshots, logic, engine, TimeProvider.System);
        var clock = Clock.Start();
        await Feed.PlayAsync(recording, runtime, engine.MailboxMessagesMax);
        var taken = clock.Stop();
        var state = runtime.Inspect();
        return (new Climb(taken, state.Totals[Counter.Commands], state.Totals[Counter.Events], journal.Measure().SegmentBytes), state.Digest);
    }

    private static async Task<Climb> SimulateAsync(Recording recording, LadderOptions options, string path)
    {
        using var files = new ScratchFiles(path);
        var request = new SimulationRequest(
            ScenarioReader.Load(LadderOptions.Scenario), options.ScaleThousandths, options.Seed, Rulebook.Embedded, JournalAddress.Parse(path), Resume: false, options.Threads);
        await using var simulation = await Simulation.OpenAsync(request, Console.Error.WriteLine, TimeProvider.System);
        var clock = Clock.Start();
        var result = await simulation.RunAsync(CancellationToken.None);
        var taken = clock.Stop();

        // The program keeps ledgers beside, and what they send back to claims is not on the recording: the digests differ, what was declared and claimed does not.
        var (has, wants) = (result.Totals, recording.Totals);
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
