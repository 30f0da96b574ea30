namespace Amoe.Engine.Actors;

/// <summary>Which frame of a partition begins with which record. Written by the partition, read by whoever reads back for it.</summary>
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
}
