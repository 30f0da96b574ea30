using Amoe.Engine.Domain;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Journal;

/// <summary>One record of a journal as a person may read it.</summary>
/// <param name="Offset">The shard's number of the record.</param>
public sealed record HistoryEntry(long Offset, RecordHeader Header, IReadOnlyList<Event> Events);

/// <summary>Reads records out of a journal, without replaying state.</summary>
[Rule("D9")]
public static class History
{
    /// <summary>Everything a journal has of one student, in order.</summary>
    /// <exception cref="JournalException">A torn, corrupt or missing segment, named by shard and offset.</exception>
    public static IEnumerable<HistoryEntry> Of(IJournal journal, StudentId student) =>
        OfShard(journal, student.ShardOf(journal.Identity.ShardCount)).Where(entry => entry.Header.Student == student);

    /// <summary>Every record of a shard, in order, from the segment that holds <paramref name="fromOffset"/> on.</summary>
    /// <exception cref="JournalException">A torn, corrupt or missing segment, named by shard and offset.</exception>
    public static IEnumerable<HistoryEntry> OfShard(IJournal journal, int shard, long fromOffset = 0)
    {
        foreach (var segment in journal.Read(shard, fromOffset))
        {
            var sink = new Collector();
            var reader = new SegmentReader(segment);
            while (reader.Read(sink))
            {
            }

            foreach (var entry in sink.Entries)
                yield return entry;
        }
    }

    /// <summary>The day of a shard's last mark of a kind; none where it has no such mark. It is among the last records: further back is read only until it is found.</summary>
    /// <exception cref="JournalException">A torn, corrupt or missing segment, named by shard and offset.</exception>
    internal static DateOnly LastMark(IJournal journal, int shard, CommandKind kind)
    {
        var head = journal.Head(shard);
        for (var back = 1L; ; back *= 16)
        {
            var from = Math.Max(0, head - back);
            var mark = OfShard(journal, shard, from).LastOrDefault(entry => entry.Header.Kind == kind);
            if (mark is not null || from == 0)
                return mark?.Header.Effective ?? default;
        }
    }

    private sealed class Collector : IRecordSink
    {
        private readonly List<Event> _events = [];
        private RecordHeader _header;
        private long _offset;

        public List<HistoryEntry> Entries { get; } = [];

        public void Begin(in RecordHeader header, long offset) => (_header, _offset) = (header, offset);

        public void On(Event e, ReadOnlySpan<byte> bytes) => _events.Add(e);

        public void End()
        {
            Entries.Add(new HistoryEntry(_offset, _header, _events.ToArray()));
            _events.Clear();
        }
    }
}
