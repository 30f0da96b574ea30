using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>How a simulated store replied to a write.</summary>
internal enum StoreReply : byte
{
    Confirmed = 0,

    /// <summary>Nothing was written.</summary>
    Failed = 1,

    /// <summary>The frame is durable, and the writer cannot know it.</summary>
    Lost = 2,
}

/// <summary>
/// A table of encoded frames with UNIQUE (partition, sequence number). Its next write can fail, its next reply can get
/// lost, its next read can find no store.
/// </summary>
internal sealed class SimulatedFrames(JournalIdentity identity)
{
    private readonly List<Row>[] _rows = [.. Enumerable.Range(0, identity.TotalPartitions)
        .Select(_ => new List<Row>())];
    private readonly List<(int Partition, int Index)> _committed = [];

    public JournalIdentity Identity => identity;

    /// <summary>The next write fails and nothing of it is durable.</summary>
    public bool FailNext { get; set; }

    /// <summary>The next write is durable and its reply is lost.</summary>
    public bool LoseNextReply { get; set; }

    /// <summary>The next read of single frames finds no store.</summary>
    public bool FailNextRead { get; set; }

    /// <summary>Writes wait from now on.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Called with each frame that becomes durable.</summary>
    public Action<Frame>? Committed { get; set; }

    /// <summary>Frames in the order in which they became durable.</summary>
    public IEnumerable<Frame> All => _committed.Select(row => Decode(row.Partition, row.Index));

    public long Bytes => _rows.Sum(rows => rows.Sum(row => (long)row.Bytes.Length));

    /// <exception cref="InvalidOperationException">The partition has a frame of this sequence number.</exception>
    public StoreReply Write(int partition, EncodedFrame frame)
    {
        if (FailNext)
        {
            FailNext = false;
            return StoreReply.Failed;
        }

        var rows = _rows[partition];
        if (frame.End.SequenceNumber != rows.Count + 1)
            throw new InvalidOperationException(
                $"UNIQUE: partition {partition} has {rows.Count} frames and is given number {frame.End.SequenceNumber}");
        rows.Add(new Row(frame.Start.NextRecord, frame.End.NextRecord, frame.Bytes));
        _committed.Add((partition, rows.Count - 1));
        Committed?.Invoke(Decode(partition, rows.Count - 1));
        if (!LoseNextReply)
            return StoreReply.Confirmed;
        LoseNextReply = false;
        return StoreReply.Lost;
    }

    /// <summary>True when exactly this frame is durable.</summary>
    public bool Has(int partition, EncodedFrame frame) =>
        HighestOf(partition) >= frame.End.SequenceNumber
            && _rows[partition][(int)frame.Start.SequenceNumber].Bytes.AsSpan().SequenceEqual(frame.Bytes);

    /// <summary>The highest sequence number of a partition; 0 where it has no frame.</summary>
    public long HighestOf(int partition) => _rows[partition].Count;

    /// <summary>The number of the record that a partition's next frame begins with.</summary>
    public long EndOf(int partition) => _rows[partition] is [.., var last] ? last.NextRecord : 0;

    /// <summary>The encoded frames of a partition behind a sequence number, in order.</summary>
    public IEnumerable<byte[]> After(int partition, long sequenceNumber) =>
        _rows[partition].Skip((int)sequenceNumber).Select(row => row.Bytes);

    /// <summary>A copy of the encoded frame that begins with a record.</summary>
    /// <exception cref="JournalException">None does, or the store does not answer.</exception>
    public byte[] BytesAt(int partition, long firstRecord)
    {
        Require();
        var index = IndexOf(partition, firstRecord);
        return index >= 0 && _rows[partition][index].FirstRecord == firstRecord
            ? [.. _rows[partition][index].Bytes]
            : throw new JournalException($"partition {partition}: no frame begins at record {firstRecord}");
    }

    /// <summary>The frames from the one that holds a record on.</summary>
    /// <exception cref="JournalException">One is damaged, or the store does not answer.</exception>
    public IEnumerable<Frame> From(int partition, long record)
    {
        Require();
        for (var index = Math.Max(0, IndexOf(partition, record)); index < _rows[partition].Count; index++)
            yield return Decode(partition, index);
    }

    /// <summary>Changes a byte in the middle of a durable frame.</summary>
    public void Damage(int partition, long sequenceNumber)
    {
        var bytes = _rows[partition][(int)sequenceNumber - 1].Bytes;
        bytes[bytes.Length / 2] ^= 0x40;
    }

    private void Require()
    {
        if (!FailNextRead)
            return;
        FailNextRead = false;
        throw new JournalUnavailableException("the store does not answer (a simulation)");
    }

    private Frame Decode(int partition, int index) => FrameCodec.Decode(_rows[partition][index].Bytes).Frame;

    /// <summary>The frame that holds a record, if there is one: the last that begins at or before it.</summary>
    private int IndexOf(int partition, long record)
    {
        var (low, high) = (0, _rows[partition].Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_rows[partition][middle].FirstRecord <= record)
                low = middle + 1;
            else
                high = middle;
        }

        return low - 1;
    }

    private readonly record struct Row(long FirstRecord, long NextRecord, byte[] Bytes);
}
