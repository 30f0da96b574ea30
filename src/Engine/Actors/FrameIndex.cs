using Amoe.Engine.Bytes;

namespace Amoe.Engine.Actors;

/// <summary>
/// Which frame of a partition begins with which record. Written by the partition, read by the reader of passivated
/// claims.
/// </summary>
internal sealed class FrameIndex
{
    private readonly Lock _lock = new();
    private readonly List<long> _firstRecords = [];

    /// <summary>The next frame, whose sequence number is one more than the last one's.</summary>
    public void Add(long firstRecord)
    {
        lock (_lock)
            _firstRecords.Add(firstRecord);
    }

    /// <summary>The sequence number of the frame that begins with a record; 0 where none does.</summary>
    public long Find(long firstRecord)
    {
        lock (_lock)
            return Math.Max(0, _firstRecords.BinarySearch(firstRecord) + 1);
    }

    /// <summary>Each frame's first record as its distance from the frame before's: a byte or two a frame.</summary>
    public void Write(ByteWriter writer)
    {
        lock (_lock)
        {
            writer.Varint((ulong)_firstRecords.Count);
            var before = 0L;
            foreach (var record in _firstRecords)
            {
                writer.Varint((ulong)(record - before));
                before = record;
            }
        }
    }

    public static FrameIndex Read(ref ByteReader reader)
    {
        var index = new FrameIndex();
        var record = 0L;
        for (var left = reader.Int(); left > 0; left--)
            index._firstRecords.Add(record += (long)reader.Varint());
        return index;
    }
}
