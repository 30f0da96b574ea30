using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// Simulated frames as a journal of segments, for what reads a journal: the audit, the history, the oracle. Each
/// segment of a frame is one of its own, sealed with the checksum that only the frame has.
/// </summary>
internal sealed class FramesJournal(SimulatedFrames frames) : IJournal
{
    public JournalIdentity Identity => frames.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => [];

    public long Head(int partition) => frames.EndOf(partition);

    public IEnumerable<Segment> Read(int partition, long fromOffset = 0)
    {
        if (fromOffset == 0)
            return Chained(partition).SelectMany(frame => frame.SegmentsSealed());
        return frames.From(partition, fromOffset)
            .SelectMany(frame => frame.SegmentsSealed())
            .SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IEnumerable<Segment> ReadAll() => frames.All.SelectMany(frame => frame.SegmentsSealed());

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
}
