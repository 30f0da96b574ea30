using System.Numerics;

namespace Amoe.Engine.Journal.Frames;

/// <summary>The limits of a frame. Writer and reader check the same, so what is written can be read.</summary>
internal static class FrameLimits
{
    /// <summary>Six million students in 16 partitions and buckets of 5,000 need 75 buckets a partition: 128.</summary>
    public const int BucketsMax = 256;

    /// <summary>A bucket has at most one segment in a frame.</summary>
    public const int SegmentsMax = BucketsMax;

    public const int RecordsMax = 1 << 20;

    /// <summary>The bytes of an encoded frame: some hundred times those of a turn.</summary>
    public const int BytesMax = 16 << 20;

    /// <summary>Of sequence numbers, record numbers and incarnations, so that no sum of them overflows.</summary>
    public const long NumberMax = long.MaxValue / 2;

    /// <summary>The reason why <paramref name="frame"/> is invalid, or null.</summary>
    public static string? Validate(Frame frame)
    {
        if (frame.Partition < 0)
            return "its partition is negative";
        if (frame.SequenceNumber is < 1 or > NumberMax)
            return $"its sequence number {frame.SequenceNumber} is not between 1 and {NumberMax}";
        if (frame.FirstRecord is < 0 or > NumberMax)
            return $"its first record {frame.FirstRecord} is not between 0 and {NumberMax}";
        if (frame.Incarnation is < 0 or > NumberMax)
            return $"its incarnation {frame.Incarnation} is not between 0 and {NumberMax}";
        if (!BitOperations.IsPow2(frame.Buckets) || frame.Buckets > BucketsMax)
            return $"its number of buckets {frame.Buckets} is not a power of two between 1 and {BucketsMax}";
        return ValidateCount(frame.Segments.Count) ?? ValidateSegments(frame.Segments, frame.Buckets);
    }

    /// <summary>The reason why a frame cannot have <paramref name="segments"/> segments, or null.</summary>
    public static string? ValidateCount(long segments) => segments is < 1 or > SegmentsMax
        ? $"it has {segments} segments, which is not between 1 and {SegmentsMax}"
        : null;

    private static string? ValidateSegments(IReadOnlyList<FrameSegment> segments, int buckets)
    {
        var (bucket, records) = (-1, 0L);
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (segment.Bucket <= bucket)
                return bucket < 0
                    ? "its first bucket is negative"
                    : $"its bucket {segment.Bucket} comes after bucket {bucket}";
            if (segment.Bucket >= buckets)
                return $"its bucket {segment.Bucket} is not below its number of buckets {buckets}";
            if (segment.Count < 1)
                return $"its bucket {segment.Bucket} has no record";
            if (segment.Payload.IsEmpty)
                return $"its bucket {segment.Bucket} has records but no bytes";
            (bucket, records) = (segment.Bucket, records + segment.Count);
        }

        return records > RecordsMax ? $"it has {records} records, more than {RecordsMax}" : null;
    }
}
