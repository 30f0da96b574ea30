using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>
/// A journal taken into memory, segment by segment, through the checks of appending: contiguous, whole, and of
/// incarnations that only grow.
/// </summary>
internal static class JournalCopy
{
    public static MemoryJournal Of(IJournal journal) => Copy(journal, segment => segment);

    /// <summary>As if one process alone had written it: it can go on where the hosts ended.</summary>
    public static MemoryJournal OfOneOwner(IJournal journal) =>
        Copy(journal, segment => Segment.Seal(segment.Partition, segment.Offset, 1, segment.Count, segment.Payload));

    private static MemoryJournal Copy(IJournal journal, Func<Segment, Segment> kept)
    {
        var copy = new MemoryJournal(journal.Identity);
        for (var partition = 0; partition < journal.Identity.TotalPartitions; partition++)
        {
            foreach (var segment in journal.Read(partition))
                copy.Append([kept(segment)]);
        }

        return copy;
    }
}
