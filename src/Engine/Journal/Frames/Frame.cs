using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal.Frames;

/// <summary>The records of one turn of one partition: the unit that is written, checked and read back whole.</summary>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="SequenceNumber">The partition's number of this frame, from 1 without a gap.</param>
/// <param name="FirstRecord">The partition's number of the frame's first record, from 0.</param>
/// <param name="Incarnation">The incarnation of the partition that wrote it, at least that of the frame before.</param>
/// <param name="Buckets">
/// The number of buckets that the partition had when it wrote the frame, a power of two. A student's bucket is computed
/// from the student's number and this count, which may grow from one incarnation to the next. A record's place names
/// only frame and position, so the reader of one record takes the count from the frame.
/// </param>
/// <param name="Segments">At least one: one for each bucket that decided something, buckets ascending.</param>
internal sealed record Frame(
    int Partition, long SequenceNumber, long FirstRecord, long Incarnation, int Buckets,
    IReadOnlyList<FrameSegment> Segments)
{
    /// <summary>The number of records in all segments.</summary>
    public int RecordCount => CountBefore(Segments.Count);

    /// <summary>The first record of the next frame.</summary>
    public long NextRecord => FirstRecord + RecordCount;

    /// <summary>
    /// The segment at <paramref name="index"/>, as <see cref="SegmentReader"/> reads it. Its checksum is 0 and not
    /// computed: the frame's checksum covers the payload.
    /// </summary>
    public Segment SegmentAt(int index)
    {
        var segment = Segments[index];
        return new Segment(
            Partition, FirstRecord + CountBefore(index), Incarnation, segment.Count, Checksum: 0, segment.Payload);
    }

    /// <summary>Every segment with a checksum of its own, for readers of segments.</summary>
    public IEnumerable<Segment> SegmentsSealed()
    {
        for (var i = 0; i < Segments.Count; i++)
        {
            var segment = SegmentAt(i);
            yield return Segment.Seal(segment.Partition, segment.Offset, segment.Epoch, segment.Count, segment.Payload);
        }
    }

    /// <summary>The segment of a student's bucket; null where that bucket decided nothing.</summary>
    public Segment? SegmentOf(StudentId student)
    {
        var bucket = student.BucketOf(Buckets);
        for (var i = 0; i < Segments.Count; i++)
        {
            if (Segments[i].Bucket == bucket)
                return SegmentAt(i);
        }

        return null;
    }

    private int CountBefore(int index)
    {
        var count = 0;
        for (var i = 0; i < index; i++)
            count += Segments[i].Count;
        return count;
    }
}

/// <summary>The records of one bucket in a frame.</summary>
/// <param name="Bucket">The bucket within the partition, from 0 and below <see cref="Frame.Buckets"/>.</param>
/// <param name="Count">The number of records, at least one.</param>
/// <param name="Payload">The records, as <see cref="SegmentWriter"/> wrote them.</param>
internal readonly record struct FrameSegment(int Bucket, int Count, ReadOnlyMemory<byte> Payload);
