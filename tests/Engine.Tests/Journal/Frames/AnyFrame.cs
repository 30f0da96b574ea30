using System.Buffers.Binary;
using Amoe.Engine.Bytes;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Journal.Frames;

/// <summary>Frames and chains of frames drawn from a seed, and what the tests do with their bytes.</summary>
internal static class AnyFrame
{
    /// <summary>A frame whose numbers have every length and whose payloads are random bytes.</summary>
    public static (Frame Frame, uint Predecessor) Any(Random random)
    {
        var buckets = AnyBuckets(random);
        var frame = new Frame(
            AnyPartition(random), Number(random, least: 1), Number(random), Number(random), buckets,
            AnySegments(random, buckets));
        return (frame, (uint)random.NextInt64(1L << 32));
    }

    /// <summary>The frames of a partition from the first on.</summary>
    public static byte[][] AnyChain(Random random, int partition, int length)
    {
        var chain = new FrameChain(partition);
        var frames = new byte[length][];
        Frame? last = null;
        for (var i = 0; i < length; i++)
        {
            last = AnyNext(chain, last, random);
            var encoded = chain.Encode(last);
            chain.Advance(encoded);
            frames[i] = encoded.Bytes;
        }

        return frames;
    }

    public static int AnyPartition(Random random) => random.Next(2) == 0 ? random.Next(64) : random.Next();

    /// <summary>
    /// The frame that follows <paramref name="last"/>, null before the first. The incarnation rises now and then, and
    /// the number of buckets may grow with it.
    /// </summary>
    public static Frame AnyNext(FrameChain chain, Frame? last, Random random)
    {
        var rise = random.Next(2) == 0 ? 0 : random.Next(3);
        var buckets = last?.Buckets ?? AnyBuckets(random);
        if (rise > 0)
            buckets = Math.Min(buckets << random.Next(3), FrameLimits.BucketsMax);
        return new Frame(
            chain.Partition, chain.Position.NextSequenceNumber, chain.Position.NextRecord,
            chain.Position.Incarnation + rise, buckets, AnySegments(random, buckets));
    }

    /// <summary>Each number of buckets that a frame may have, equally often.</summary>
    private static int AnyBuckets(Random random) => 1 << random.Next(9);

    private static FrameSegment[] AnySegments(Random random, int buckets)
    {
        int[] order = [.. Enumerable.Range(0, buckets)];
        random.Shuffle(order);
        int[] chosen = [.. order.Take(random.Next(1, Math.Min(buckets, 5) + 1)).Order()];
        var segments = new FrameSegment[chosen.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            var payload = new byte[random.Next(1, random.Next(10) == 0 ? 300 : 20)];
            random.NextBytes(payload);
            segments[i] = new FrameSegment(chosen[i], random.Next(1, random.Next(2) == 0 ? 10 : 1_000), payload);
        }

        return segments;
    }

    public static bool Same(Frame one, Frame other) =>
        one with { Segments = [] } == other with { Segments = [] } && one.Segments.Count == other.Segments.Count
        && one.Segments.Zip(other.Segments)
            .All(pair => (pair.First.Bucket, pair.First.Count) == (pair.Second.Bucket, pair.Second.Count)
            && pair.First.Payload.Span.SequenceEqual(pair.Second.Payload.Span));

    /// <summary>Bytes with the checksum that their content needs, as a defective writer leaves them.</summary>
    public static byte[] Sealed(ReadOnlySpan<byte> content)
    {
        byte[] bytes = [.. content, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(content.Length), Crc32C.Of(content));
        return bytes;
    }

    /// <summary>The message that stops <paramref name="read"/>, or null. Other exceptions fail the test.</summary>
    public static string? Stop(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (JournalException e)
        {
            return e.Message;
        }
    }

    private static long Number(Random random, long least = 0) => random.Next(8) switch
    {
        0 => least,
        1 => FrameLimits.NumberMax,
        _ => least + random.NextInt64(((FrameLimits.NumberMax - least) >> random.Next(60)) + 1),
    };
}
