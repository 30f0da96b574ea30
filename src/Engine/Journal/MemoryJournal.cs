namespace Amoe.Engine.Journal;

/// <summary>
/// A journal that lasts as long as the process: for rule cases, tests, and runs that measure everything but a disk.
/// </summary>
internal sealed class MemoryJournal(JournalIdentity identity) : IJournal
{
    private const string Name = "the journal in memory";

    private static readonly Comparer<Segment> _byOffset = Comparer<Segment>.Create((one, other) => one.Offset.CompareTo(other.Offset));

    private readonly Lock _gate = new();
    private readonly List<Segment> _all = [];
    private readonly List<Segment>[] _byPartition = Enumerable.Range(0, identity.TotalShards).Select(_ => new List<Segment>()).ToArray();
    private readonly long[] _heads = new long[identity.TotalShards];
    private long _bytes;

    public JournalIdentity Identity => identity;

    /// <summary>Always empty: rulebooks are adopted by the actor of a journal that is on disk.</summary>
    public IReadOnlyList<AdoptedRulebook> Adoptions => [];

    /// <summary>Appends segments, all of them or none. Their payloads are kept, not copied.</summary>
    /// <exception cref="JournalException">One does not begin at the end of its partition, or is not intact.</exception>
    public void Append(params IReadOnlyList<Segment> segments)
    {
        lock (_gate)
        {
            long[] heads = [.. _heads];
            foreach (var segment in segments)
            {
                RequirePartition(segment.Shard);
                ref var head = ref heads[segment.Shard];
                if (!segment.IsIntact || segment.Count < 1 || segment.Offset != head)
                    throw new JournalException($"{Name}: the segment of partition {segment.Shard} at offset {segment.Offset} was refused: it is damaged or empty, or the partition's end is not there but at {head}.");
                head += segment.Count;
            }

            heads.CopyTo(_heads, 0);
            foreach (var segment in segments)
            {
                _all.Add(segment);
                _byPartition[segment.Shard].Add(segment);
                _bytes += segment.Payload.Length;
            }
        }
    }

    public long Head(int shard)
    {
        RequirePartition(shard);
        lock (_gate)
            return _heads[shard];
    }

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0)
    {
        RequirePartition(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        if (fromOffset > Head(shard))
            throw new JournalException($"{Name}: partition {shard} ends at offset {Head(shard)} and was to be read from {fromOffset}.");
        return Moment(_byPartition[shard]).SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets)
    {
        RequirePartition(shard);
        lock (_gate)
            return [.. offsets.Select(offset => At(shard, offset))];
    }

    public IEnumerable<Segment> ReadAll() => Moment(_all);

    public JournalSize Measure()
    {
        lock (_gate)
            return new JournalSize(_bytes, _bytes);
    }

    public void Dispose()
    {
        // Memory is all it has.
    }

    private Segment At(int shard, long offset)
    {
        var index = _byPartition[shard].BinarySearch(new Segment(shard, offset, 0, 0, 0, default), _byOffset);
        return index >= 0 ? _byPartition[shard][index] : throw new JournalException($"{Name}: no segment of partition {shard} begins at offset {offset}.");
    }

    private Segment[] Moment(List<Segment> segments)
    {
        lock (_gate)
            return [.. segments];
    }

    private void RequirePartition(int shard)
    {
        if ((uint)shard >= (uint)identity.TotalShards)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The journal has {identity.TotalShards} partitions.");
    }
}
