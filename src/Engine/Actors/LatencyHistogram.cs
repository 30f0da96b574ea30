using System.Numerics;

namespace Amoe.Engine.Actors;

/// <summary>
/// Durations in buckets of at most 3 % width, from a microsecond to hours: percentiles without keeping every value, and
/// sums of histograms that are right.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 5;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];

    public long Count { get; private set; }

    public void Record(TimeSpan duration)
    {
        _counts[BucketOf((ulong)Math.Max(0, duration.Ticks / TimeSpan.TicksPerMicrosecond))]++;
        Count++;
    }

    /// <summary>
    /// The duration in milliseconds that a share of all recorded ones did not exceed; 0 when there are none.
    /// </summary>
    /// <param name="perMille">The share, in thousandths: 990 is the 99th percentile.</param>
    public decimal PercentileMs(int perMille)
    {
        var rank = (Count * perMille + 999) / 1000;
        for (var (bucket, seen) = (0, 0L); bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0)
                return UpperMicroseconds(bucket) / 1000m;
        }

        return 0;
    }

    /// <summary>As if every duration had been recorded in one.</summary>
    public static LatencyHistogram Sum(IEnumerable<LatencyHistogram> parts)
    {
        var sum = new LatencyHistogram();
        foreach (var part in parts)
        {
            for (var bucket = 0; bucket < sum._counts.Length; bucket++)
            {
                sum._counts[bucket] += part._counts[bucket];
                sum.Count += part._counts[bucket];
            }
        }

        return sum;
    }

    /// <summary>Those recorded after an earlier copy of this histogram was made.</summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        var since = new LatencyHistogram();
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            since._counts[bucket] = _counts[bucket] - earlier._counts[bucket];
            since.Count += since._counts[bucket];
        }

        return since;
    }

    private static int BucketOf(ulong microseconds)
    {
        if (microseconds < SubBuckets)
            return (int)microseconds;
        var shift = BitOperations.Log2(microseconds) - SubBits;
        return (shift + 1) * SubBuckets + (int)(microseconds >> shift) - SubBuckets;
    }

    private static long UpperMicroseconds(int bucket)
    {
        if (bucket < SubBuckets)
            return bucket;
        var shift = bucket / SubBuckets - 1;
        return ((long)(bucket % SubBuckets + SubBuckets + 1) << shift) - 1;
    }
}
