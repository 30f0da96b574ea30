using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>A journal taken into memory, segment by segment, through the checks of appending: contiguous, whole, and no epoch after a later one.</summary>
internal static class JournalCopy
{
    public static MemoryJournal Of(IJournal journal)
    {
        var copy = new MemoryJournal(journal.Identity);
        for (var shard = 0; shard < journal.Identity.TotalShards; shard++)
        {
            foreach (var segment in journal.Read(shard))
                copy.Append([segment]);
        }

        return copy;
    }
}
