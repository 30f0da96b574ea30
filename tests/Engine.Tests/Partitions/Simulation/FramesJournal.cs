using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// Simulated frames as a journal of segments, for what reads a journal: the audit, the history, the oracle. Each segment of a frame is one of its own, sealed
/// with the checksum that only the frame has.
/// </summary>
internal sealed class FramesJournal(SimulatedFrames frames) : IJournal
{
    public JournalIdentity Identity => frames.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => [];

    public void Append(IReadOnlyList<Segment> segments) => throw new NotSupportedException("partitions write frames");

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => throw new NotSupportedException("partitions write frames");

    public void Confirm(IReadOnlyList<ShardEpoch> shards)
    {
        // One process has it.
    }

    public long Head(int shard) => frames.EndOf(shard);

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0)
    {
        if (fromOffset == 0)
            return Chained(shard).SelectMany(SegmentsOf);
        return frames.From(shard, fromOffset).SelectMany(SegmentsOf).SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IEnumerable<Segment> ReadAll() => frames.All.SelectMany(SegmentsOf);

    public JournalSize Measure() => new(frames.Bytes, frames.Bytes);

    public void Dispose()
    {
    }

    /// <summary>All frames of a partition, each checked to follow the one before it.</summary>
    private IEnumerable<Frame> Chained(int partition)
    {
        var chain = new FrameChain(partition);
        foreach (var bytes in frames.After(partition, 0))
            yield return chain.Follow(bytes);
    }

    private static IEnumerable<Segment> SegmentsOf(Frame frame)
    {
        for (var i = 0; i < frame.Segments.Count; i++)
        {
            var segment = frame.SegmentAt(i);
            yield return Segment.Seal(segment.Shard, segment.Offset, segment.Epoch, segment.Count, segment.Payload);
        }
    }
}
