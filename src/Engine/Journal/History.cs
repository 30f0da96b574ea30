using Amoe.Engine.Domain;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Journal;

/// <summary>One record of a journal as a person may read it.</summary>
/// <param name="Offset">The partition's number of the record.</param>
public sealed record HistoryEntry(long Offset, RecordHeader Header, IReadOnlyList<Event> Events);

/// <summary>Reads records out of a journal, without replaying state.</summary>
[Rule("D9")]
public static class History
{
    /// <summary>
    /// Everything a journal has of one student, in order, from a record of the student's partition on.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public static IEnumerable<HistoryEntry> Of(IJournal journal, StudentId student, long fromOffset = 0) =>
        Entries(journal, student.PartitionOf(journal.Identity.StudentPartitions), fromOffset, new Collector(student))
            .Where(entry => entry.Offset >= fromOffset);

    /// <summary>
    /// The same, with the last day that the student's partition has a record of; none where it has no record.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    internal static (HistoryEntry[] Entries, DateOnly LastDay) Read(IJournal journal, StudentId student)
    {
        var sink = new Collector(student);
        HistoryEntry[] entries = [.. Entries(
            journal, student.PartitionOf(journal.Identity.StudentPartitions), 0, sink)];
        return (entries, sink.LastDay);
    }

    /// <summary>A student's records in one segment.</summary>
    /// <exception cref="JournalException">It is torn or corrupt.</exception>
    internal static IReadOnlyList<HistoryEntry> Of(in Segment segment, StudentId student)
    {
        var sink = new Collector(student);
        var reader = new SegmentReader(segment);
        while (reader.Read(sink))
        {
        }

        return sink.Entries;
    }

    /// <summary>
    /// Every record of a partition, in order, from the segment that holds <paramref name="fromOffset"/> on.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    public static IEnumerable<HistoryEntry> OfPartition(IJournal journal, int partition, long fromOffset = 0) =>
        Entries(journal, partition, fromOffset, new Collector(null));

    /// <summary>
    /// The day of a partition's last mark of a kind; none where it has no such mark. It is among the last records:
    /// further back is read only until it is found.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    internal static DateOnly LastMark(IJournal journal, int partition, CommandKind kind)
    {
        var head = journal.Head(partition);
        for (var back = 1L; ; back *= 16)
        {
            var from = Math.Max(0, head - back);
            var mark = OfPartition(journal, partition, from).LastOrDefault(entry => entry.Header.Kind == kind);
            if (mark is not null || from == 0)
                return mark?.Header.Effective ?? default;
        }
    }

    private static IEnumerable<HistoryEntry> Entries(IJournal journal, int partition, long fromOffset, Collector sink)
    {
        foreach (var segment in journal.Read(partition, fromOffset))
        {
            sink.Entries.Clear();
            var reader = new SegmentReader(segment);
            while (reader.Read(sink))
            {
            }

            foreach (var entry in sink.Entries)
                yield return entry;
        }
    }

    /// <summary>
    /// Keeps the records of a segment: all, or a student's alone, of which a partition of a year has one in ten
    /// thousand.
    /// </summary>
    private sealed class Collector(StudentId? student) : IRecordSink
    {
        private readonly List<Event> _events = [];
        private RecordHeader _header;
        private long _offset;
        private bool _isKept;

        public List<HistoryEntry> Entries { get; } = [];

        public DateOnly LastDay => _header.Known;

        public void Begin(in RecordHeader header, long offset)
        {
            (_header, _offset) = (header, offset);
            _isKept = student is not { } only || header.Student == only;
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            if (_isKept)
                _events.Add(e);
        }

        public void End()
        {
            if (_isKept)
                Entries.Add(new HistoryEntry(_offset, _header, _events.ToArray()));
            _events.Clear();
        }
    }
}
