using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>The records of one partition of a journal in memory, in which a segment is a frame of one bucket.</summary>
internal sealed class SegmentSource(MemoryJournal journal, int partition) : IRecordSource
{
    public long End => journal.Head(partition);

    public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords) =>
        journal.ReadAt(partition, firstRecords).Select(FrameOf);

    public IEnumerable<Frame> From(long record) => journal.Read(partition, record).Select(FrameOf);

    // The segments have no sequence numbers, and no reader asks for one.
    private static Frame FrameOf(Segment segment) =>
        new(
            segment.Partition, 1, segment.Offset, segment.Epoch, Buckets: 1,
            [new FrameSegment(0, segment.Count, segment.Payload)]);
}
