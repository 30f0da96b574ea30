using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Bench.Ladder;

/// <summary>
/// One scenario, run once through the real engine: every command in its partition's order, day by day, and the segment
/// of every turn. All rungs do this work, or append these bytes.
/// </summary>
/// <param name="Tapes">By partition.</param>
/// <param name="Transactions">The segments in their order, as many to a transaction as there are partitions.</param>
/// <param name="Digest">What a rung with real rules has to end with.</param>
/// <param name="PartitionDigests">Of it, each partition's part.</param>
internal sealed record Recording(
    JournalIdentity Identity, DateOnly Opens, PartitionTape[] Tapes, Segment[][] Transactions, ulong Digest,
    ulong[] PartitionDigests, Totals Totals)
{
    public long Commands => Totals[Counter.Commands];

    public long Events => Totals[Counter.Events];

    public long Bytes => Transactions.Sum(transaction => transaction.Sum(segment => (long)segment.Payload.Length));

    /// <summary>Records one run, in memory.</summary>
    public static async Task<Recording> MakeAsync(LadderOptions options, PartitionCounts partitions)
    {
        var scenario = ScenarioReader.Load(LadderOptions.Scenario);
        var identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, partitions.Students, Rulebook.EmbeddedText, scenario.Text,
            options.Seed, options.ScaleThousandths);
        var engine = new EngineOptions();
        using var journal = new MemoryJournal(identity);
        await using var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), engine);
        var recorder = new Recorder(runtime);
        var control = new RunControl(partitions.Students);
        foreach (var driver in Drivers(
            scenario, options, partitions.Students, recorder, engine.MailboxMessagesMax, control))
            driver.Start();
        await control.Done;
        if (control.Failure is { } failure)
            throw new UnreachableException($"the recording failed: {failure}");
        var state = runtime.Inspect();
        return new Recording(
            identity, scenario.Horizon.Opens, recorder.Tapes, [.. journal.ReadAll().Chunk(partitions.Students)],
            state.Digest,
            [.. Enumerable.Range(0, partitions.Students).Select(partition => runtime.StateOf(partition).Digest)],
            state.Totals);
    }

    private static List<PartitionDriver> Drivers(
        Scenario scenario, LadderOptions options, int partitions, Recorder recorder, int mailboxMessagesMax,
        RunControl control)
    {
        var population = new Population(scenario, options.Seed, options.ScaleThousandths);
        var traffic = new StudentTraffic(scenario, population, Rulebook.Embedded);
        var students = Enumerable.Range(0, partitions).Select(_ => new List<uint>()).ToArray();
        for (var student = 0u; student < population.Count; student++)
            students[Population.IdOf(student).PartitionOf(partitions)].Add(student);
        return [.. students.Select((own, partition) =>
            new PartitionDriver(
                partition, traffic.Open(own), recorder, traffic, scenario.Horizon.Opens, scenario.Horizon.Days,
                mailboxMessagesMax, control))];
    }
}

/// <summary>One partition's commands in order, and where each day ends among them.</summary>
internal sealed class PartitionTape
{
    public List<Command> Commands { get; } = [];

    public List<int> DayEnds { get; } = [];
}

/// <summary>
/// Passes everything on and keeps it. One thread at a time posts to a partition, as the simulator's drivers do.
/// </summary>
internal sealed class Recorder(IActorRuntime inner) : IActorRuntime
{
    public PartitionTape[] Tapes { get; } = [.. Enumerable.Range(0, inner.StudentPartitions)
        .Select(_ => new PartitionTape())];

    public int StudentPartitions => inner.StudentPartitions;

    public int LedgerPartitions => inner.LedgerPartitions;

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        Tapes[command.Student.PartitionOf(StudentPartitions)].Commands.Add(command);
        return inner.TryPost(command, replyTo);
    }

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        if (mark == CommandKind.CloseDay)
            Tapes[partition].DayEnds.Add(Tapes[partition].Commands.Count);
        return inner.TryPostDay(partition, mark, day, replyTo);
    }

    public RuntimeState Inspect() => inner.Inspect();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
