using System.Runtime.InteropServices;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>What one append sends: a row per shard that it moves, and a row per segment, each as columns.</summary>
internal sealed class HostsAppend
{
    private readonly Dictionary<int, (ShardHead First, ShardHead Next)> _shards = [];
    private readonly IReadOnlyList<Segment> _segments;
    private readonly string _journal;

    /// <exception cref="JournalException">A segment cannot follow the one before it, was changed since it was sealed, or is empty.</exception>
    public HostsAppend(IReadOnlyList<Segment> segments, int shardCount, string journal)
    {
        (_segments, _journal) = (segments, journal);
        foreach (var segment in segments)
        {
            if ((uint)segment.Shard >= (uint)shardCount)
                throw new ArgumentOutOfRangeException(nameof(segments), segment.Shard, $"The journal has {shardCount} shards.");
            ref var moved = ref CollectionsMarshal.GetValueRefOrAddDefault(_shards, segment.Shard, out var isKnown);
            if (!isKnown)
                moved.First = moved.Next = new ShardHead(segment.Offset, segment.Epoch, 0, 0);
            moved.Next = moved.Next.Append(segment, 0, journal);
        }
    }

    /// <summary>The statement's parameters, in its order.</summary>
    public object[] Values
    {
        get
        {
            var shards = _shards.OrderBy(shard => shard.Key).ToArray();
            return
            [
                Array.ConvertAll(shards, shard => shard.Key),
                Array.ConvertAll(shards, shard => shard.Value.Next.Epoch),
                Array.ConvertAll(shards, shard => shard.Value.First.Offset),
                Array.ConvertAll(shards, shard => shard.Value.Next.Offset),
                Array.ConvertAll(shards, shard => shard.Value.Next.PayloadBytes),
                Column(segment => segment.Shard), Column(segment => segment.Offset), Column(segment => segment.Epoch),
                Column(segment => segment.Count), Column(segment => (long)segment.Checksum), Column(segment => segment.Payload),
            ];
        }
    }

    /// <summary>What the refusal of these shards comes to.</summary>
    public JournalException Refusal(IReadOnlyList<RefusedShard> refused)
    {
        if (refused.FirstOrDefault(shard => shard.Epoch is null) is { Epoch: null } unknown && refused.Any(shard => shard.Epoch is null))
            return new JournalException($"{_journal}: the journal is damaged: there is no head of shard {unknown.Shard}. Restore it from a copy.");
        var fenced = refused.Where(shard => shard.Epoch != _shards[shard.Shard].Next.Epoch).ToList();
        if (fenced.Count == 0)
            return ShardHead.Refused(_journal, _segments.First(segment => segment.Shard == refused[0].Shard), $"the shard's head is at {refused[0].Head}. Reload the shard and decide again.");
        var first = _segments.First(segment => segment.Shard == fenced[0].Shard);
        return ShardHead.Fenced(_journal, first, fenced[0].Epoch!.Value, [.. fenced.Select(shard => shard.Shard)]);
    }

    private T[] Column<T>(Func<Segment, T> of)
    {
        var column = new T[_segments.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = of(_segments[i]);
        return column;
    }
}
