using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Writes the frame of one turn: a segment for each bucket that decides something. Used again from turn to turn.
/// </summary>
internal sealed class TurnWriter(int buckets)
{
    private readonly SegmentWriter?[] _writers = new SegmentWriter?[buckets];
    private DateOnly _day;

    /// <summary>The partition's number of the frame's first record.</summary>
    public long FirstRecord { get; private set; }

    /// <summary>
    /// Where the partition's own records are, its marks and what a party partition takes: the first bucket's segment.
    /// </summary>
    public SegmentWriter Marks => Of(0);

    /// <summary>True while no bucket but the first has a record.</summary>
    public bool IsOfFirstBucketAlone
    {
        get
        {
            foreach (var writer in _writers.AsSpan(1))
            {
                if (writer is { Count: > 0 })
                    return false;
            }

            return true;
        }
    }

    /// <summary>Bytes of records.</summary>
    public int Length
    {
        get
        {
            var length = 0;
            foreach (var writer in _writers)
                length += writer is { Count: > 0 } ? writer.Length : 0;
            return length;
        }
    }

    /// <param name="day">The partition's open day.</param>
    public void Begin(long firstRecord, DateOnly day)
    {
        (FirstRecord, _day) = (firstRecord, day);
        foreach (var writer in _writers)
            writer?.Begin(day);
    }

    public SegmentWriter Of(int bucket)
    {
        if (_writers[bucket] is { } writer)
            return writer;
        _writers[bucket] = writer = new SegmentWriter();
        writer.Begin(_day);
        return writer;
    }

    /// <summary>
    /// The frame, with its payloads copied out so that this writer can begin the next; null when nothing was written.
    /// </summary>
    public Frame? Seal(int partition, long sequenceNumber, long incarnation)
    {
        var segments = new List<FrameSegment>(1);
        for (var bucket = 0; bucket < _writers.Length; bucket++)
        {
            if (_writers[bucket] is { Count: > 0 } writer)
                segments.Add(new FrameSegment(bucket, writer.Count, writer.Payload.ToArray()));
        }

        return segments.Count == 0
            ? null
            : new Frame(partition, sequenceNumber, FirstRecord, incarnation, _writers.Length, segments);
    }
}
