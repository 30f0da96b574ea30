using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The same decisions as one process makes them to which nothing happens: the commands of a journal decided again, day
/// by day (ledgers first, as they open a day before students do) and in each partition in the journal's order.
/// </summary>
internal sealed class UndisturbedRun : IReplyTo
{
    /// <summary>
    /// The first difference between the digest of a journal and that of its commands decided again; null when there is
    /// none.
    /// </summary>
    public static string? Difference(IJournal journal, ulong digest, ClusterWitness witness, IActorLogic logic)
    {
        using var again = new MemoryJournal(journal.Identity);
        var undisturbed = Digest(journal, again, witness, logic);
        return undisturbed == digest
            ? null
            : $"the digest is {digest:x16}, and without faults {undisturbed:x16}; {DifferenceOfRecords(journal, again)}";
    }

    private static string DifferenceOfRecords(IJournal journal, IJournal again)
    {
        for (var partition = 0; partition < journal.Identity.TotalPartitions; partition++)
        {
            var (records, expected) = (RecordsOf(journal, partition), RecordsOf(again, partition));
            foreach (var student in records.Keys.Union(expected.Keys).Order())
            {
                var (one, other) = (records.GetValueOrDefault(student) ?? [],
                    expected.GetValueOrDefault(student) ?? []);
                for (var i = 0; i < Math.Max(one.Count, other.Count); i++)
                {
                    if (one.ElementAtOrDefault(i) is var has
                        && other.ElementAtOrDefault(i) is var should
                        && has != should)
                        return $"partition {partition}, student {student}, record {i + 1} is {has ?? "missing"} and should be {should ?? "missing"}";
                }
            }
        }

        return "the same records";
    }

    /// <summary>By student, and 0 for what the partition itself has to say.</summary>
    private static Dictionary<ulong, List<string>> RecordsOf(IJournal journal, int partition) =>
        History.OfPartition(journal, partition).Where(entry => entry.Header.Kind != CommandKind.StartIncarnation)
            .GroupBy(entry => entry.Header.HasStudent ? entry.Header.Student.Value : 0)
            .ToDictionary(
                student => student.Key,
                student =>
                    student.Select(entry =>
                        $"{entry.Header.Id} known {entry.Header.Known:yyyy-MM-dd}, {entry.Header.Outcome}: {string.Join(", ", entry.Events)}")
                            .ToList());

    private static ulong Digest(IJournal journal, MemoryJournal again, ClusterWitness witness, IActorLogic logic)
    {
        var runtime = new MemoryRuntime(again, logic, new EngineOptions());
        var (run, students) = (new UndisturbedRun(), journal.Identity.StudentPartitions);
        var partitions = Enumerable.Range(0, journal.Identity.TotalPartitions)
            .Select(partition =>
                (Partition: partition,
                    Headers: new Queue<RecordHeader>(
                        History.OfPartition(journal, partition).Select(entry => entry.Header)))).ToList();
        while (partitions.Exists(of => of.Headers.Count > 0))
        {
            var day = partitions.Where(of => of.Headers.Count > 0).Min(of => of.Headers.Peek().Known);
            foreach (var (partition, headers) in partitions.OrderBy(of => of.Partition < students))
            {
                while (headers.TryPeek(out var header) && header.Known <= day)
                    run.Post(runtime, partition, headers.Dequeue(), witness);
            }
        }

        return runtime.Inspect().Digest;
    }

    public void OnReply(StudentId student, in Reply reply)
    {
        // What was decided is in the digest.
    }

    private void Post(MemoryRuntime runtime, int partition, in RecordHeader header, ClusterWitness witness)
    {
        if (header.Kind is CommandKind.OpenDay or CommandKind.CloseDay)
            runtime.TryPostDay(partition, header.Kind, header.Effective, this);

        // Deadlines fall due by themselves, and what ledgers tell claims they tell again.
        else if (header.IsCommand && witness.Find(header) is { } command)
            runtime.TryPost(command with { Known = header.Known }, this);
    }
}
