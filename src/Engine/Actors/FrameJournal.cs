using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Actors;

/// <summary>The table of frames as a journal to read.</summary>
internal sealed class FrameJournal(JournalIdentity identity, FrameTable table, string path) : IJournal
{
    public JournalIdentity Identity => identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => [];

    public void Append(IReadOnlyList<Segment> segments) => throw new NotSupportedException();

    public void Confirm(IReadOnlyList<ShardEpoch> shards)
    {
    }

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => throw new NotSupportedException();

    public long Head(int shard) => Frames(shard).LastOrDefault()?.NextRecord ?? 0;

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => Frames(shard).SelectMany(frame => Enumerable.Range(0, frame.Segments.Count).Select(frame.SegmentAt));

    public IEnumerable<Segment> ReadAll() => Enumerable.Range(0, identity.TotalShards).SelectMany(shard => Read(shard));

    public JournalSize Measure() => new(0, new FileInfo(path).Length);

    public void Dispose()
    {
    }

    private IEnumerable<Frame> Frames(int shard)
    {
        var id = shard < identity.ShardCount ? $"partition-{shard}" : $"ledgers-{shard - identity.ShardCount}";
        var next = 1L;
        while (table.From(id, next, 64) is { Count: > 0 } frames)
        {
            foreach (var frame in frames)
                yield return frame;
            next += frames.Count;
        }
    }
}
