using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Journal;

/// <summary>A journal that lasts as long as the process: for tests, and for runs that measure everything but a disk.</summary>
internal sealed class MemoryJournal(JournalIdentity identity) : IWritableJournal
{
    private const string Name = "the journal in memory";

    private static readonly Comparer<Segment> ByOffset = Comparer<Segment>.Create((one, other) => one.Offset.CompareTo(other.Offset));

    private readonly Lock _gate = new();
    private readonly List<Segment> _all = [];
    private readonly List<Segment>[] _byShard = Enumerable.Range(0, identity.TotalShards).Select(_ => new List<Segment>()).ToArray();
    private readonly List<AdoptedRulebook> _adoptions = [];
    private readonly ShardHead[] _heads = new ShardHead[identity.TotalShards];

    public JournalIdentity Identity => identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => _adoptions;

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks)
    {
        lock (_gate)
        {
            rulebook.RequireNext(_adoptions, Name);
            Append(marks);
            _adoptions.Add(rulebook);
        }
    }

    public void Append(IReadOnlyList<Segment> segments)
    {
        lock (_gate)
        {
            var next = (ShardHead[])_heads.Clone();
            for (var i = 0; i < segments.Count; i++)
            {
                RequireShard(segments[i].Shard);
                ref var head = ref next[segments[i].Shard];
                head = head.Append(segments[i], _all.Count + i + 1, Name);
            }

            next.CopyTo(_heads, 0);
            foreach (var segment in segments)
            {
                // The caller uses its buffer again.
                var kept = segment with { Payload = segment.Payload.ToArray() };
                _all.Add(kept);
                _byShard[kept.Shard].Add(kept);
            }
        }
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards)
    {
        // One process has it.
    }

    public long Head(int shard)
    {
        RequireShard(shard);
        lock (_gate)
            return _heads[shard].Offset;
    }

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0)
    {
        RequireShard(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        if (fromOffset > Head(shard))
            throw new JournalException($"{Name}: shard {shard} ends at offset {Head(shard)} and was to be read from {fromOffset}. Discard the snapshot that says so.");
        return Moment(_byShard[shard]).SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets)
    {
        RequireShard(shard);
        lock (_gate)
            return [.. offsets.Select(offset => At(shard, offset))];
    }

    public IEnumerable<Segment> ReadAll() => Moment(_all);

    public JournalSize Measure()
    {
        lock (_gate)
        {
            var bytes = _heads.Sum(head => head.PayloadBytes);
            return new JournalSize(bytes, bytes);
        }
    }

    public void Dispose()
    {
    }

    private Segment At(int shard, long offset)
    {
        var index = _byShard[shard].BinarySearch(new Segment(shard, offset, 0, 0, 0, default), ByOffset);
        return index >= 0 ? _byShard[shard][index] : throw new JournalException($"{Name}: no segment of shard {shard} begins at offset {offset}.");
    }

    private Segment[] Moment(List<Segment> segments)
    {
        lock (_gate)
            return [.. segments];
    }

    private void RequireShard(int shard)
    {
        if ((uint)shard >= (uint)identity.TotalShards)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The journal has {identity.TotalShards} shards.");
    }
}
