using System.Numerics;
using System.Runtime.InteropServices;
using Amoe.Engine.Bytes;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Journal.Frames;

/// <summary>Frames are read back as they were written, and every damage is a <see cref="JournalException"/>.</summary>
public sealed class FrameCodecTests
{
    private static readonly Frame _frame = new(
        3, 7, 100, 2, Buckets: 8, [new(0, 2, new byte[] { 1, 2, 3 }), new(5, 1, new byte[] { 4, 5 })]);

    [Fact]
    public void Any_frame_is_read_back_as_it_was_written() => Properties.Check(
        Properties.FromSeeds(AnyFrame.Any),
        one =>
        {
            var (frame, predecessor) = one.Made;
            var bytes = FrameCodec.Encode(frame, predecessor);
            var read = FrameCodec.Decode(bytes);
            return AnyFrame.Same(frame, read.Frame)
                && read.Predecessor == predecessor
                && read.Checksum == FrameCodec.ChecksumOf(bytes);
        },
        count: 3_000);

    [Fact]
    public void Every_flipped_bit_is_found() => Properties.Check(
        Properties.FromSeeds(AnyFrame.Any),
        one =>
        {
            var bytes = FrameCodec.Encode(one.Made.Frame, one.Made.Predecessor);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << bit % 8);
                if (AnyFrame.Stop(() => FrameCodec.Decode(bytes)) is null)
                    return false;
                bytes[bit / 8] ^= (byte)(1 << bit % 8);
            }

            return true;
        },
        count: 50);

    [Fact]
    public void Every_truncation_is_found() => Properties.Check(
        Properties.FromSeeds(AnyFrame.Any),
        one =>
        {
            var bytes = FrameCodec.Encode(one.Made.Frame, one.Made.Predecessor);
            return Enumerable.Range(0, bytes.Length).All(length =>
                AnyFrame.Stop(() => FrameCodec.Decode(bytes.AsMemory(0, length))) is not null);
        },
        count: 200);

    // A checksum proves only that the bytes are those that were written. This is the defective writer.
    [Fact]
    public void Damage_under_a_valid_checksum_is_an_error_or_a_frame_that_encodes_to_the_same_bytes()
    {
        var (errors, frames) = (0, 0);
        Properties.Check(
            Properties.FromSeeds(random =>
            {
                var (frame, predecessor) = AnyFrame.Any(random);
                return AnyFrame.Sealed(Damage(FrameCodec.Encode(frame, predecessor)[..^sizeof(uint)], random));
            }),
            one =>
            {
                byte[] again = [];
                if (AnyFrame.Stop(() => again = EncodedAgain(one.Made)) is { } error)
                {
                    errors++;
                    return error.StartsWith("the frame cannot be read: ", StringComparison.Ordinal)
                        && error.EndsWith('.');
                }

                frames++;
                return again.SequenceEqual(one.Made);
            },
            count: 10_000);
        Assert.True(errors > 2_000 && frames > 500, $"{errors} errors and {frames} frames: the damage is too uniform");
    }

    [Fact]
    public void Random_bytes_are_an_error() => Properties.Check(
        Properties.FromSeeds(random =>
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (bytes.Length > 0 && random.Next(4) > 0)
                bytes[0] = FrameCodec.FormatVersion;
            return bytes;
        }),
        one => AnyFrame.Stop(() => FrameCodec.Decode(one.Made)) is not null);

    [Fact]
    public void Payloads_are_slices_of_what_was_read()
    {
        var bytes = FrameCodec.Encode(_frame, 0);
        Assert.All(FrameCodec.Decode(bytes).Frame.Segments, segment =>
        {
            Assert.True(MemoryMarshal.TryGetArray(segment.Payload, out var slice));
            Assert.Same(bytes, slice.Array);
        });
    }

    [Fact]
    public void A_segment_of_a_frame_says_where_its_records_are()
    {
        Assert.Equal((3, 103L), (_frame.RecordCount, _frame.NextRecord));
        var (first, second) = (_frame.SegmentAt(0), _frame.SegmentAt(1));
        Assert.Equal((3, 100L, 2L, 2), (first.Partition, first.Offset, first.Epoch, first.Count));
        Assert.Equal((3, 102L, 2L, 1), (second.Partition, second.Offset, second.Epoch, second.Count));
        Assert.Equal(_frame.Segments[1].Payload, second.Payload);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(255)]
    public void A_frame_of_another_format_names_both_formats_whatever_follows(byte version)
    {
        var bytes = FrameCodec.Encode(_frame, 0);
        bytes[0] = version;
        Assert.Equal(
            $"the frame cannot be read: it is in format {version}; this version reads format 1. Read the journal with the version that wrote it. "
            + "If there is none, restore the journal from a copy.",
            Error(bytes));
    }

    [Fact]
    public void A_changed_byte_is_a_checksum_that_does_not_match()
    {
        var bytes = FrameCodec.Encode(_frame, 0);
        bytes[^6]++;
        Assert.Equal(
            "the frame cannot be read: its checksum does not match its content. Restore the journal from a copy.",
            Error(bytes));
    }

    [Fact]
    public void A_row_that_is_too_short_or_too_long_for_a_frame_says_so()
    {
        Assert.Contains("it has 0 bytes, and a frame has between 19 and 16777216", Error([]), StringComparison.Ordinal);
        Assert.Contains("it has 18 bytes", Error(new byte[18]), StringComparison.Ordinal);
        Assert.Contains("it has 16777217 bytes", Error(new byte[FrameLimits.BytesMax + 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_shortest_frame_has_nineteen_bytes() =>
        Assert.Equal(19, FrameCodec.Encode(new Frame(0, 1, 0, 0, 1, [new(0, 1, new byte[1])]), 0).Length);

    [Fact]
    public void The_largest_numbers_are_read_back()
    {
        var segment = new FrameSegment(FrameLimits.BucketsMax - 1, FrameLimits.RecordsMax, new byte[1]);
        var frame = new Frame(
            int.MaxValue, FrameLimits.NumberMax, FrameLimits.NumberMax, FrameLimits.NumberMax, FrameLimits.BucketsMax,
            [segment]);
        var read = FrameCodec.Decode(FrameCodec.Encode(frame, uint.MaxValue));
        Assert.True(AnyFrame.Same(frame, read.Frame));
        Assert.Equal(uint.MaxValue, read.Predecessor);
        Assert.Equal(FrameLimits.NumberMax + FrameLimits.RecordsMax, read.Frame.NextRecord);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(4, 2)]
    [InlineData(8, 3)]
    [InlineData(16, 4)]
    [InlineData(32, 5)]
    [InlineData(64, 6)]
    [InlineData(128, 7)]
    [InlineData(256, 8)]
    public void The_number_of_buckets_is_its_logarithm_after_the_incarnation(int buckets, byte log2)
    {
        var frame = new Frame(3, 7, 100, 2, buckets, [new(buckets - 1, 1, new byte[1])]);
        var bytes = FrameCodec.Encode(frame, predecessor: uint.MaxValue);
        Assert.Equal([1, 3, 7, 100, 2, log2, 0xFF], bytes[..7]);
        Assert.True(AnyFrame.Same(frame, FrameCodec.Decode(bytes).Frame));
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(255)]
    [InlineData(257)]
    [InlineData(512)]
    public void A_number_of_buckets_that_is_no_power_of_two_or_past_the_limit_is_not_written(int buckets) =>
        Assert.Equal(
            $"the frame cannot be written: its number of buckets {buckets} is not a power of two between 1 and 256. Report this defect: no turn makes such a frame.",
            Assert.Throws<JournalException>(() => FrameCodec.Encode(_frame with { Buckets = buckets }, 0)).Message);

    // A shift by 35 is one by 3: without a check these bytes would be a second encoding of 8 buckets.
    [Theory]
    [InlineData(9)]
    [InlineData(35)]
    [InlineData(255)]
    public void A_number_of_buckets_past_the_limit_is_not_read(byte log2)
    {
        var content = Content(_frame);
        content[5] = log2;
        Assert.Equal(
            $"the frame cannot be read: the logarithm of its number of buckets is {log2}, more than 8. Restore the journal from a copy.",
            Error(AnyFrame.Sealed(content)));
    }

    [Fact]
    public void A_frame_of_the_most_segments_is_read_back()
    {
        var frame = _frame with
        {
            Buckets = FrameLimits.BucketsMax,
            Segments = [.. Enumerable.Range(0, FrameLimits.SegmentsMax)
                .Select(bucket => new FrameSegment(bucket, 1, new byte[1]))]
        };
        Assert.True(AnyFrame.Same(frame, FrameCodec.Decode(FrameCodec.Encode(frame, 0)).Frame));
    }

    [Fact]
    public void A_frame_of_the_most_bytes_is_read_back()
    {
        var frame = new Frame(0, 1, 0, 0, 1, [new(0, 1, new byte[FrameLimits.BytesMax - 21])]);
        var bytes = FrameCodec.Encode(frame, 0);
        Assert.Equal(FrameLimits.BytesMax, bytes.Length);
        Assert.True(AnyFrame.Same(frame, FrameCodec.Decode(bytes).Frame));
    }

    public static TheoryData<string, string> Invalid { get; } = new()
    {
        { "partition", "its partition is negative" },
        { "sequence number 0", "its sequence number 0 is not between 1 and 4611686018427387903" },
        {
            "sequence number too high",
            "its sequence number 4611686018427387904 is not between 1 and 4611686018427387903"
        },
        { "first record negative", "its first record -1 is not between 0 and 4611686018427387903" },
        { "first record too high", "its first record 4611686018427387904 is not between 0 and 4611686018427387903" },
        { "incarnation negative", "its incarnation -1 is not between 0 and 4611686018427387903" },
        { "incarnation too high", "its incarnation 4611686018427387904 is not between 0 and 4611686018427387903" },
        { "no segments", "it has 0 segments, which is not between 1 and 256" },
        { "too many segments", "it has 257 segments, which is not between 1 and 256" },
        { "bucket negative", "its first bucket is negative" },
        { "bucket twice", "its bucket 5 comes after bucket 5" },
        { "buckets descend", "its bucket 4 comes after bucket 5" },
        { "bucket too high", "its bucket 8 is not below its number of buckets 8" },
        { "bucket far too high", "its bucket 2147483647 is not below its number of buckets 8" },
        { "no records", "its bucket 6 has no record" },
        { "records negative", "its bucket 6 has no record" },
        { "no bytes", "its bucket 6 has records but no bytes" },
        { "too many records", "it has 1048577 records, more than 1048576" },
        { "more records than a number holds", "it has 4294967294 records, more than 1048576" },
        { "too many bytes", "it has 16777243 bytes, more than 16777216" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_frame_past_a_limit_is_not_written(string what, string why)
    {
        var frame = InvalidFrame(what);
        Assert.Equal(
            $"the frame cannot be written: {why}. Report this defect: no turn makes such a frame.",
            Assert.Throws<JournalException>(() => FrameCodec.Encode(frame, 0)).Message);
    }

    // What the codec refuses to write is written here by hand, in the same layout.
    [Theory]
    [MemberData(nameof(Invalid))]
    public void A_frame_past_a_limit_is_not_read(string what, string why)
    {
        var frame = InvalidFrame(what);
        var error = Error(AnyFrame.Sealed(Content(frame)));
        Assert.StartsWith("the frame cannot be read: ", error, StringComparison.Ordinal);
        Assert.EndsWith(". Restore the journal from a copy.", error, StringComparison.Ordinal);
        if (what.Contains("negative", StringComparison.Ordinal) || what == "partition")
            why = "a number is more than ";
        else if (what == "too many bytes")
            why = "it has 16777243 bytes, and a frame has between ";
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_number_of_more_bytes_than_it_needs_is_an_error(int which)
    {
        byte[] content = [.. Content(_frame)];
        content[1 + which] |= 0x80;
        Assert.Contains(
            "a number is longer than it needs to be",
            Error(AnyFrame.Sealed([.. content[..(2 + which)], 0, .. content[(2 + which)..]])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_of_more_than_64_bits_is_an_error()
    {
        byte[] content = [.. Content(_frame)];
        byte[] tenBytes = [0x83, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80];
        Assert.Contains(
            "a number is longer than it needs to be",
            Error(AnyFrame.Sealed([content[0], .. tenBytes, 0x02, .. content[2..]])), StringComparison.Ordinal);
        Assert.Contains(
            "a number of more than 64 bits",
            Error(AnyFrame.Sealed([content[0], .. tenBytes, 0x82, 0x01, .. content[2..]])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_payload_longer_than_what_is_left_is_an_error() =>
        Assert.Contains(
            "its bucket 5 has 2 bytes, and 1 are left", Error(AnyFrame.Sealed(Content(_frame).AsSpan()[..^1])),
            StringComparison.Ordinal);

    [Fact]
    public void Bytes_after_the_last_payload_are_an_error() =>
        Assert.Contains(
            "2 bytes follow its last segment", Error(AnyFrame.Sealed([.. Content(_frame), 0, 0])),
            StringComparison.Ordinal);

    [Fact]
    public void A_directory_that_ends_early_is_an_error()
    {
        var frame = _frame with
        {
            Buckets = 16,
            Segments = [.. Enumerable.Range(0, 9).Select(bucket => new FrameSegment(bucket, 1, new byte[1]))]
        };
        Assert.Contains(
            "it ends in the middle of a value", Error(AnyFrame.Sealed(Content(frame).AsSpan(0, 20))),
            StringComparison.Ordinal);
    }

    private static byte[] EncodedAgain(byte[] bytes)
    {
        var (frame, predecessor, _) = FrameCodec.Decode(bytes);
        return FrameCodec.Encode(frame, predecessor);
    }

    private static string Error(byte[] bytes) =>
        Assert.Throws<JournalException>(() => FrameCodec.Decode(bytes)).Message;

    private static Frame InvalidFrame(string what) => what switch
    {
        "partition" => _frame with { Partition = -1 },
        "sequence number 0" => _frame with { SequenceNumber = 0 },
        "sequence number too high" => _frame with { SequenceNumber = FrameLimits.NumberMax + 1 },
        "first record negative" => _frame with { FirstRecord = -1 },
        "first record too high" => _frame with { FirstRecord = FrameLimits.NumberMax + 1 },
        "incarnation negative" => _frame with { Incarnation = -1 },
        "incarnation too high" => _frame with { Incarnation = FrameLimits.NumberMax + 1 },
        "no segments" => _frame with { SequenceNumber = FrameLimits.NumberMax, Segments = [] },
        "too many segments" =>
            _frame with
            {
                Buckets = FrameLimits.BucketsMax,
                Segments = [.. Enumerable.Range(0, FrameLimits.SegmentsMax + 1)
                    .Select(bucket => new FrameSegment(bucket, 1, new byte[1]))]
            },
        "bucket negative" => With(new FrameSegment(-1, 1, new byte[1])),
        "bucket twice" => WithAfter(new FrameSegment(5, 1, new byte[1])),
        "buckets descend" => WithAfter(new FrameSegment(4, 1, new byte[1])),
        "bucket too high" => WithAfter(new FrameSegment(8, 1, new byte[1])),
        "bucket far too high" => WithAfter(new FrameSegment(int.MaxValue, 1, new byte[1])),
        "no records" => WithAfter(new FrameSegment(6, 0, new byte[1])),
        "records negative" => WithAfter(new FrameSegment(6, -1, new byte[1])),
        "no bytes" => WithAfter(new FrameSegment(6, 1, default)),
        "too many records" => WithAfter(new FrameSegment(6, FrameLimits.RecordsMax - 2, new byte[1])),
        "more records than a number holds" =>
            With(new FrameSegment(0, int.MaxValue, new byte[1]), new FrameSegment(1, int.MaxValue, new byte[1])),
        "too many bytes" =>
            With(
                new FrameSegment(0, 1, new byte[FrameLimits.BytesMax / 2]),
                new FrameSegment(1, 1, new byte[FrameLimits.BytesMax / 2])),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private static Frame With(params FrameSegment[] segments) => _frame with { Segments = segments };

    private static Frame WithAfter(FrameSegment segment) => With([.. _frame.Segments, segment]);

    /// <summary>The bytes of a frame before its checksum, written without any check.</summary>
    private static byte[] Content(Frame frame)
    {
        var bytes = new ByteWriter();
        bytes.Byte(1);
        foreach (var number in (long[])[frame.Partition, frame.SequenceNumber, frame.FirstRecord, frame.Incarnation])
            bytes.Varint((ulong)number);
        bytes.Byte((byte)BitOperations.Log2((uint)frame.Buckets));
        bytes.UInt32(0);
        bytes.Varint((ulong)frame.Segments.Count);
        foreach (var number in frame.Segments.SelectMany(segment =>
            (long[])[segment.Bucket, segment.Count, segment.Payload.Length]))
            bytes.Varint((ulong)number);
        foreach (var segment in frame.Segments)
            bytes.Bytes(segment.Payload.Span);
        return bytes.Written.ToArray();
    }

    private static byte[] Damage(byte[] content, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return content[..random.Next(content.Length)];
            case 1:
                content[random.Next(1, content.Length)] ^= (byte)(1 << random.Next(8));
                return content;
            case 2:
                random.NextBytes(content.AsSpan(random.Next(1, content.Length)));
                return content;
            default:
                var at = random.Next(1, content.Length);
                return [.. content[..at], (byte)random.Next(256), .. content[at..]];
        }
    }
}
