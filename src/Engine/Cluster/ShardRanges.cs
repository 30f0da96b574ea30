using System.Globalization;

namespace Amoe.Engine.Cluster;

/// <summary>Numbers of shards for people: <c>0-15, 18</c>.</summary>
internal static class ShardRanges
{
    public static string Text(IEnumerable<int> shards)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var shard in shards.Order())
        {
            if (ranges.Count > 0 && ranges[^1].Last == shard - 1)
                ranges[^1] = (ranges[^1].First, shard);
            else
                ranges.Add((shard, shard));
        }

        return string.Join(", ", ranges.Select(range => range.First == range.Last ? Number(range.First) : $"{Number(range.First)}-{Number(range.Last)}"));

        static string Number(int shard) => shard.ToString(CultureInfo.InvariantCulture);
    }
}
