namespace Amoe.Engine.Journal;

/// <summary>
/// A journal that lasts as long as the process: for rule cases, tests, and runs that measure everything but a disk.
/// </summary>
internal sealed class MemoryJournal(JournalIdentity identity) : IJournal
{
    private const string Name = "the journal in memory";

    private static readonly Comparer<Segment> _byOffset = Comparer<Segment>.Create((one, other) =>
        one.Offset.CompareTo(other.Offset));

    private readonly Lock _gate = new();
    private readonly List<Segment> _all = [];
    private readonly List<Segment>[] _byPartition =
        Enumerable.Range(0, identity.TotalPartitions).Select(_ => new List<Segment>()).ToArray();
    private readonly long[] _heads = new long[identity.TotalPartitions];
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
                RequirePartition(segment.Partition);
                ref var head = ref heads[segment.Partition];
                if (!segment.IsIntact || segment.Count < 1 || segment.Offset != head)
                    throw new JournalException(
                        $"{Name}: the segment of partition {segment.Partition} at offset {segment.Offset} was refused: it is damaged or empty, or the partition's end is not there but at {head}.");
                head += segment.Count;
            }

            heads.CopyTo(_heads, 0);
            foreach (var segment in segments)
            {
                _all.Add(segment);
                _byPartition[segment.Partition].Add(segment);
                _bytes += segment.Payload.Length;
            }
        }
    }

    public long Head(int partition)
    {
        RequirePartition(partition);
        lock (_gate)
            return _heads[partition];
    }

    public IEnumerable<Segment> Read(int partition, long fromOffset = 0)
    {
        RequirePartition(partition);
        ArgumentOutOfRangeException.ThrowIfNegative(fromOffset);
        if (fromOffset > Head(partition))
            throw new JournalException(
                $"{Name}: partition {partition} ends at offset {Head(partition)} and was to be read from {fromOffset}.");
        return Moment(_byPartition[partition]).SkipWhile(segment => segment.Offset + segment.Count <= fromOffset);
    }

    public IReadOnlyList<Segment> ReadAt(int partition, IReadOnlyList<long> offsets)
    {
        RequirePartition(partition);
        lock (_gate)
            return [.. offsets.Select(offset => At(partition, offset))];
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

    private Segment At(int partition, long offset)
    {
        var index = _byPartition[partition].BinarySearch(new Segment(partition, offset, 0, 0, 0, default), _byOffset);
        return index >= 0
            ? _byPartition[partition][index]
            : throw new JournalException($"{Name}: no segment of partition {partition} begins at offset {offset}.");
    }

    private Segment[] Moment(List<Segment> segments)
    {
        lock (_gate)
            return [.. segments];
    }

    private void RequirePartition(int partition)
    {
        if ((uint)partition >= (uint)identity.TotalPartitions)
            throw new ArgumentOutOfRangeException(
                nameof(partition), partition, $"The journal has {identity.TotalPartitions} partitions.");
    }
}
