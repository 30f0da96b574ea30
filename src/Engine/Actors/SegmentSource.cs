using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>One shard's records: what the journal has, and the segments that are not known to be durable. A segment is a frame of one bucket.</summary>
/// <param name="uncommitted">In order; the first of them begins at the journal's end, or before it where it has become durable since.</param>
internal sealed class SegmentSource(IJournal journal, int shard, IReadOnlyList<Segment> uncommitted) : IRecordSource
{
    // Up to the first of these, and no further, the journal is asked: one that became durable meanwhile is read once.
    private readonly long _journalEnd = uncommitted.Count > 0 ? uncommitted[0].Offset : long.MaxValue;

    public long End => uncommitted.Count > 0 ? uncommitted[^1].Offset + uncommitted[^1].Count : journal.Head(shard);

    public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords)
    {
        long[] durable = [.. firstRecords.TakeWhile(record => record < _journalEnd)];
        foreach (var segment in durable.Length > 0 ? journal.ReadAt(shard, durable) : [])
            yield return FrameOf(segment);
        foreach (var record in firstRecords.Skip(durable.Length))
        {
            yield return FrameOf(uncommitted.FirstOrDefault(segment => segment.Offset == record) is { Count: > 0 } found
                ? found
                : throw new JournalException($"shard {shard}: no segment begins at offset {record}"));
        }
    }

    public IEnumerable<Frame> From(long record)
    {
        foreach (var segment in record < _journalEnd ? journal.Read(shard, record) : [])
        {
            if (segment.Offset >= _journalEnd)
                break;
            yield return FrameOf(segment);
        }

        foreach (var segment in uncommitted)
        {
            if (segment.Offset + segment.Count > record)
                yield return FrameOf(segment);
        }
    }

    // The store's segments have no numbers: nothing here asks for one.
    private static Frame FrameOf(in Segment segment) =>
        new(segment.Shard, 1, segment.Offset, segment.Epoch, Buckets: 1, [new FrameSegment(0, segment.Count, segment.Payload)]);
}
