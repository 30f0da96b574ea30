using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Simulator;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Bench.Ladder;

/// <summary>
/// One scenario, run once through the real engine: every command in its shard's order, day by day, and every transaction it led to. All
/// rungs do this work, or append these bytes.
/// </summary>
/// <param name="Tapes">By shard.</param>
/// <param name="Transactions">The segments of each transaction, in the order of commit.</param>
/// <param name="Digest">What a rung with real rules has to end with.</param>
/// <param name="ShardDigests">Of it, each shard's part.</param>
internal sealed record Recording(
    JournalIdentity Identity, DateOnly Opens, ShardTape[] Tapes, Segment[][] Transactions, ulong Digest, ulong[] ShardDigests, Totals Totals)
{
    public long Commands => Totals[Counter.Commands];

    public long Events => Totals[Counter.Events];

    public long Bytes => Transactions.Sum(transaction => transaction.Sum(segment => (long)segment.Payload.Length));

    /// <summary>Records one run; its journal stays in <paramref name="path"/>.</summary>
    public static async Task<Recording> MakeAsync(LadderOptions options, string path)
    {
        var scenario = ScenarioReader.Load(LadderOptions.Scenario);
        var identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, PartitionCounts.Shared.Students, Rulebook.EmbeddedText, scenario.Text, options.Seed, options.ScaleThousandths);
        var engine = new EngineOptions { Threads = options.Threads };
        using var journal = new RecordingJournal(FrameWriter.Create(path, identity));
        await using var runtime = AmoeRuntime.Start(journal, null, engine, TimeProvider.System);
        var recorder = new Recorder(runtime);
        var control = new RunControl(PartitionCounts.Shared.Students);
        foreach (var driver in Drivers(scenario, options, recorder, engine.MailboxMessagesMax, control))
            driver.Start();
        await control.Done;
        if (control.Failure is { } failure)
            throw new UnreachableException($"the recording failed: {failure}");
        var state = runtime.Inspect();
        return new Recording(identity, scenario.Horizon.Opens, recorder.Tapes, [.. journal.Transactions], state.Digest, [.. runtime.Shards.Select(shard => shard.State.Digest)], state.Totals);
    }

    private static List<ShardDriver> Drivers(Scenario scenario, LadderOptions options, Recorder recorder, int mailboxMessagesMax, RunControl control)
    {
        var population = new Population(scenario, options.Seed, options.ScaleThousandths);
        var traffic = new StudentTraffic(scenario, population, Rulebook.Embedded);
        var students = Enumerable.Range(0, PartitionCounts.Shared.Students).Select(_ => new List<uint>()).ToArray();
        for (var student = 0u; student < population.Count; student++)
            students[Population.IdOf(student).ShardOf(PartitionCounts.Shared.Students)].Add(student);
        return [.. students.Select((own, shard) =>
            new ShardDriver(shard, traffic.Open(own), recorder, traffic, scenario.Horizon.Opens, scenario.Horizon.Days, mailboxMessagesMax, control))];
    }
}

/// <summary>One shard's commands in order, and where each day ends among them.</summary>
internal sealed class ShardTape
{
    public List<Command> Commands { get; } = [];

    public List<int> DayEnds { get; } = [];
}

/// <summary>Passes everything on and keeps it. One thread at a time posts to a shard, as the simulator's drivers do.</summary>
internal sealed class Recorder(IActorRuntime inner) : IActorRuntime
{
    public ShardTape[] Tapes { get; } = [.. Enumerable.Range(0, inner.ShardCount).Select(_ => new ShardTape())];

    public int ShardCount => inner.ShardCount;

    public int PartyShardCount => inner.PartyShardCount;

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        Tapes[command.Student.ShardOf(ShardCount)].Commands.Add(command);
        return inner.TryPost(command, replyTo);
    }

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        if (mark == CommandKind.CloseDay)
            Tapes[shard].DayEnds.Add(Tapes[shard].Commands.Count);
        return inner.TryPostDay(shard, mark, day, replyTo);
    }

    public RuntimeState Inspect() => inner.Inspect();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}

/// <summary>Passes everything on and keeps what each transaction appended.</summary>
internal sealed class RecordingJournal(IWritableJournal inner) : IWritableJournal
{
    public List<Segment[]> Transactions { get; } = [];

    public JournalIdentity Identity => inner.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => inner.Adoptions;

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => inner.Adopt(rulebook, marks);

    public void Append(IReadOnlyList<Segment> segments)
    {
        inner.Append(segments);
        Transactions.Add([.. segments]);
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards) => inner.Confirm(shards);

    public long Head(int shard) => inner.Head(shard);

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => inner.Read(shard, fromOffset);

    public IEnumerable<Segment> ReadAll() => inner.ReadAll();

    public JournalSize Measure() => inner.Measure();

    public void Dispose() => inner.Dispose();
}
