using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Finds whose claim a sheet number is. The journal has no index of sheet numbers: it is read until every partition is
/// through.
/// </summary>
internal static class ClaimFinder
{
    /// <summary>The students with a claim of that number: one, but for numbers that were used twice.</summary>
    /// <param name="threads">Partitions read at the same time.</param>
    /// <param name="partitionDone">Called when a partition is done, with the number of those that are.</param>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public static IReadOnlyList<StudentId> Find(
        IJournal journal, ulong claim, int threads, Action<int>? partitionDone = null,
        CancellationToken cancellation = default)
    {
        var found = new HashSet<StudentId>[journal.Identity.StudentPartitions];
        var done = 0;
        EveryPartition.Do(found.Length, threads, partition =>
        {
            var deposits = new Deposits(claim);
            foreach (var segment in journal.Read(partition))
            {
                cancellation.ThrowIfCancellationRequested();
                var reader = new SegmentReader(segment);
                while (reader.Read(deposits))
                {
                }
            }

            found[partition] = deposits.Students;
            partitionDone?.Invoke(Interlocked.Increment(ref done));
        }, cancellation);
        return [.. found.SelectMany(students => students).OrderBy(student => student.Value)];
    }

    private sealed class Deposits(ulong claim) : IRecordSink
    {
        public HashSet<StudentId> Students { get; } = [];

        public void Begin(in RecordHeader header, long offset)
        {
            if (header.Kind == CommandKind.DepositClaim
                && header.Id.Reference == claim
                && header.Outcome != Outcome.Refused)
                Students.Add(header.Student);
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
        }

        public void End()
        {
        }
    }
}
