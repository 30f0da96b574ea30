using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Journal;

/// <summary>The students' records and the days they closed, by shard as the default runtime's journal has them, in memory: for whoever reads a journal so.</summary>
internal static class JournalCopy
{
    private const int SegmentsAtATime = 1_000;

    /// <exception cref="JournalException">It cannot be read.</exception>
    public static IJournal Of(IAkkaHistory history, JournalIdentity identity)
    {
        var journal = new MemoryJournal(identity);
        var heads = new long[identity.ShardCount];
        var segments = new List<Segment>();
        var writer = new SegmentWriter();
        foreach (var (id, e) in history.Read())
        {
            switch (e)
            {
                case StudentRecord record:
                    Add(PersistedIds.StudentOf(id).ShardOf(identity.ShardCount), record.Bytes);
                    break;
                case CalendarPage page:
                    foreach (var closed in page.Entries.OfType<DayMarked>().Where(day => day.IsClosed))
                        Add(closed.Shard, Mark(writer, closed.Day));
                    break;
            }
        }

        journal.Append(segments);
        return journal;

        void Add(int shard, byte[] record)
        {
            segments.Add(Segment.Seal(shard, heads[shard]++, 1, 1, record));
            if (segments.Count < SegmentsAtATime)
                return;
            journal.Append(segments);
            segments.Clear();
        }
    }

    private static byte[] Mark(SegmentWriter writer, DateOnly day)
    {
        writer.Begin(day);
        writer.Append(RecordHeader.Mark(CommandKind.CloseDay, day), [], null);
        return writer.Seal(0, 0, 1).Payload.ToArray();
    }
}
