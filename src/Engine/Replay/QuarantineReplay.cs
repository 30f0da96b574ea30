using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions.Quarantine;

namespace Amoe.Engine.Replay;

/// <summary>
/// Finds by replay what a start of the program would find: students and partitions that would be out of service.
/// </summary>
/// <remarks>
/// What only a decision finds, such as a damaged record of a claim that left memory, has no trace in a journal that no
/// host serves.
/// </remarks>
internal static class QuarantineReplay
{
    /// <param name="threads">Partitions replayed at the same time.</param>
    /// <param name="partitionDone">Called when a partition is done, with the number of those that are.</param>
    /// <exception cref="JournalUnavailableException">The store does not answer: nothing is known.</exception>
    public static QuarantineFound Run(
        IJournal journal, int threads, Action<int>? partitionDone = null, CancellationToken cancellation = default) =>
        Run(journal, new AmoeLogic(JournalRulebooks.Current(journal)), threads, partitionDone, cancellation);

    internal static QuarantineFound Run(
        IJournal journal, IActorLogic logic, int threads, Action<int>? partitionDone, CancellationToken cancellation)
    {
        var found = new QuarantineFound[journal.Identity.TotalPartitions];
        var done = 0;
        EveryPartition.Do(
            found.Length,
            threads,
            partition =>
            {
                found[partition] = Replay(journal, partition, logic);
                partitionDone?.Invoke(Interlocked.Increment(ref done));
            },
            cancellation);
        return new QuarantineFound(
            [.. found.SelectMany(one => one.Students).OrderBy(student => student.Student.Value)],
            [.. found.SelectMany(one => one.Partitions)]);
    }

    private static QuarantineFound Replay(IJournal journal, int partition, IActorLogic logic)
    {
        var state = PartitionReplay.Begin(journal.Identity, partition, logic);
        try
        {
            foreach (var segment in journal.Read(partition))
                state.Apply(segment);
        }
        catch (JournalException e) when (e is not JournalUnavailableException)
        {
            return new QuarantineFound([], [new PartitionOut(partition, null, e.Message)]);
        }

        return new QuarantineFound(
            [.. state.Quarantined.Select(student =>
                new StudentOut(
                    student.Key, partition, student.Value.Offset, student.Value.Day, null, student.Value.Why))], []);
    }
}

/// <summary>The students and partitions that are out of service.</summary>
/// <param name="Students">By their numbers.</param>
/// <param name="Partitions">By their numbers.</param>
internal sealed record QuarantineFound(IReadOnlyList<StudentOut> Students, IReadOnlyList<PartitionOut> Partitions);
