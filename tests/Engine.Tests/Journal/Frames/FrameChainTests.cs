using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Journal.Frames;

/// <summary>The frames of a partition are read in the order in which they were written, or not at all.</summary>
public sealed class FrameChainTests
{
    private const int Partition = 3;
    private static readonly FramePosition _start = new(
        SequenceNumber: 6, NextRecord: 100, Incarnation: 2, Checksum: 0xDEAD_BEEF);
    private static readonly Frame _next = new(
        Partition, 7, 100, 2, Buckets: 8, [new(0, 2, new byte[] { 1, 2, 3 }), new(5, 1, new byte[] { 4, 5 })]);

    [Fact]
    public void Any_chain_is_read_back_as_it_was_written() => Properties.Check(
        Properties.FromSeeds(random => (Partition: AnyFrame.AnyPartition(random), Seed: random.Next())),
        one =>
        {
            var (writer, reader, random) = (new FrameChain(one.Made.Partition), new FrameChain(one.Made.Partition),
                new Random(one.Made.Seed));
            Frame? frame = null;
            for (var i = random.Next(1, 20); i > 0; i--)
            {
                frame = AnyFrame.AnyNext(writer, frame, random);
                var encoded = writer.Encode(frame);
                writer.Advance(encoded);
                if (!AnyFrame.Same(frame, reader.Follow(encoded.Bytes)) || reader.Position != writer.Position)
                    return false;
            }

            return true;
        });

    [Fact]
    public void A_chain_is_read_on_from_any_position_in_it() => Properties.Check(
        Properties.FromSeeds(random => AnyFrame.AnyChain(random, Partition, length: 8)),
        one =>
        {
            var positions = Positions(one.Made);
            return Enumerable.Range(0, one.Made.Length).All(from =>
            {
                var reader = new FrameChain(Partition, positions[from]);
                foreach (var bytes in one.Made[from..])
                    reader.Follow(bytes);
                return reader.Position == positions[^1];
            });
        },
        count: 100);

    // A missing or replaced frame of this partition shows in its successor, so these leave the last frame alone.
    [Fact]
    public void A_frame_that_is_missing_repeated_swapped_or_foreign_stops_the_reader() => Properties.Check(
        Properties.FromSeeds(random => Tamper(AnyFrame.AnyChain(random, Partition, random.Next(2, 10)), random)),
        one =>
            AnyFrame.Stop(() => ReadAll(one.Made)) is { } error
                && error.StartsWith("partition 3, sequence number ", StringComparison.Ordinal),
        count: 3_000);

    [Fact]
    public void Every_flipped_bit_and_every_truncation_stops_the_reader_where_it_is() => Properties.Check(
        Properties.FromSeeds(random => AnyFrame.AnyChain(random, Partition, length: 3)),
        one =>
        {
            var reader = new FrameChain(Partition, Positions(one.Made)[1]);
            var (bytes, before) = (one.Made[1], reader.Position);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << bit % 8);
                if (AnyFrame.Stop(() => reader.Follow(bytes)) is null)
                    return false;
                bytes[bit / 8] ^= (byte)(1 << bit % 8);
            }

            return Enumerable.Range(0, bytes.Length).All(length =>
                AnyFrame.Stop(() => reader.Follow(bytes.AsMemory(0, length))) is not null)
                && reader.Position == before && reader.Follow(bytes).SequenceNumber == 2;
        },
        count: 30);

    [Fact]
    public void The_first_frame_has_sequence_number_1_record_0_and_no_predecessor()
    {
        var chain = new FrameChain(Partition);
        var bytes = chain.Encode(new Frame(Partition, 1, 0, 0, 8, _next.Segments)).Bytes;
        Assert.Equal(0u, FrameCodec.Decode(bytes).Predecessor);
        Assert.Equal(new FramePosition(1, 3, 0, FrameCodec.ChecksumOf(bytes)), After(chain, bytes));
    }

    [Fact]
    public void A_frame_names_the_checksum_of_the_one_before_it()
    {
        var chain = new FrameChain(Partition, _start);
        var first = chain.Encode(_next);
        Assert.Equal(0xDEAD_BEEF, FrameCodec.Decode(first.Bytes).Predecessor);
        chain.Advance(first);
        var second = chain.Encode(_next with { SequenceNumber = 8, FirstRecord = 103 });
        Assert.Equal(FrameCodec.ChecksumOf(first.Bytes), FrameCodec.Decode(second.Bytes).Predecessor);
    }

    [Fact]
    public void Encoding_does_not_move_the_chain_so_a_lost_write_needs_no_undo()
    {
        var chain = new FrameChain(Partition, _start);
        var lost = chain.Encode(_next);
        Assert.Equal(_start, chain.Position);
        Assert.Equal(lost.Bytes, chain.Encode(_next).Bytes);
        chain.Advance(lost);
        Assert.Equal(new FramePosition(7, 103, 2, FrameCodec.ChecksumOf(lost.Bytes)), chain.Position);
    }

    [Fact]
    public void The_chain_does_not_advance_past_a_frame_that_was_encoded_elsewhere()
    {
        var chain = new FrameChain(Partition, _start);
        var encoded = chain.Encode(_next);
        chain.Advance(encoded);
        Assert.Equal(
            "partition 3, sequence number 8: the chain cannot advance past a frame that was encoded for sequence number 7",
            Assert.Throws<InvalidOperationException>(() => chain.Advance(encoded)).Message);
    }

    [Fact]
    public void Unreadable_bytes_stop_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: the frame cannot be read: it has 3 bytes, and a frame has between 19 and 16777216. Restore the journal from a copy.",
        Stopped([1, 2, 3]));

    [Fact]
    public void A_frame_of_another_format_stops_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: the frame cannot be read: it is in format 9; this version reads format 1. "
        + "Read the journal with the version that wrote it. If there is none, restore the journal from a copy.",
        Stopped([9, .. FrameCodec.Encode(_next, _start.Checksum)[1..]]));

    [Fact]
    public void A_checksum_that_does_not_match_stops_the_reader()
    {
        var bytes = FrameCodec.Encode(_next, _start.Checksum);
        bytes[^1]++;
        Assert.Equal(
            "partition 3, sequence number 7: the frame cannot be read: its checksum does not match its content. Restore the journal from a copy.",
            Stopped(bytes));
    }

    [Fact]
    public void A_frame_of_another_partition_stops_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: this frame belongs to partition 4. Restore the journal from a copy.",
        Stopped(_next with { Partition = 4 }));

    [Fact]
    public void A_gap_in_the_sequence_numbers_stops_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: this frame has sequence number 9, and those before it are missing. Restore the journal from a copy.",
        Stopped(_next with { SequenceNumber = 9 }));

    [Fact]
    public void A_repeated_sequence_number_stops_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: this frame repeats sequence number 6. Restore the journal from a copy.",
        Stopped(_next with { SequenceNumber = 6 }));

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    public void A_first_record_that_does_not_follow_stops_the_reader(long first) => Assert.Equal(
        $"partition 3, sequence number 7: this frame begins at record {first}, and record 100 is next. Restore the journal from a copy.",
        Stopped(_next with { FirstRecord = first }));

    [Fact]
    public void An_older_incarnation_stops_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: this frame is of incarnation 1, and the one before it is of incarnation 2: a replaced host wrote it. "
        + "Restore the journal from a copy.",
        Stopped(_next with { Incarnation = 1 }));

    [Fact]
    public void A_newer_incarnation_is_followed()
    {
        var chain = new FrameChain(Partition, _start);
        chain.Follow(FrameCodec.Encode(_next with { Incarnation = 9 }, _start.Checksum));
        Assert.Equal(9, chain.Position.Incarnation);
    }

    [Fact]
    public void A_newer_incarnation_with_more_buckets_is_followed()
    {
        var chain = new FrameChain(Partition, _start);
        Assert.Equal(8, chain.Follow(FrameCodec.Encode(_next, _start.Checksum)).Buckets);
        var more = _next with { SequenceNumber = 8, FirstRecord = 103, Incarnation = 3, Buckets = 16 };
        Assert.Equal(16, chain.Follow(FrameCodec.Encode(more, chain.Position.Checksum)).Buckets);
    }

    [Fact]
    public void Another_predecessor_stops_the_reader() => Assert.Equal(
        "partition 3, sequence number 7: this frame has the predecessor's checksum 0000000A, and the frame before it has DEADBEEF. Restore the journal from a copy.",
        Stopped(FrameCodec.Encode(_next, predecessor: 10)));

    public static TheoryData<string, string> NotNext { get; } = new()
    {
        { "partition", "this frame belongs to partition 4" },
        { "gap", "this frame has sequence number 8, and those before it are missing" },
        { "repeated", "this frame repeats sequence number 6" },
        { "first record", "this frame begins at record 99, and record 100 is next" },
        {
            "incarnation",
            "this frame is of incarnation 1, and the one before it is of incarnation 2: a replaced host wrote it"
        },
    };

    [Theory]
    [MemberData(nameof(NotNext))]
    public void A_frame_that_does_not_follow_is_not_encoded(string what, string why)
    {
        var frame = what switch
        {
            "partition" => _next with { Partition = 4 },
            "gap" => _next with { SequenceNumber = 8 },
            "repeated" => _next with { SequenceNumber = 6 },
            "first record" => _next with { FirstRecord = 99 },
            _ => _next with { Incarnation = 1 },
        };
        var error = Assert.Throws<JournalException>(() => new FrameChain(Partition, _start).Encode(frame));
        Assert.Equal(
            $"partition 3, sequence number 7: {why}. It was not encoded: recover the partition and decide again.",
            error.Message);
    }

    [Fact]
    public void A_frame_past_a_limit_is_refused_with_partition_and_sequence_number()
    {
        var error = Assert.Throws<JournalException>(() =>
            new FrameChain(Partition, _start).Encode(_next with { Segments = [] }));
        Assert.StartsWith(
            "partition 3, sequence number 7: the frame cannot be written: it has 0 segments", error.Message,
            StringComparison.Ordinal);
    }

    private static string Stopped(Frame frame) => Stopped(FrameCodec.Encode(frame, _start.Checksum));

    private static string Stopped(byte[] bytes)
    {
        var chain = new FrameChain(Partition, _start);
        var error = Assert.Throws<JournalException>(() => chain.Follow(bytes));
        Assert.Equal(_start, chain.Position);
        return error.Message;
    }

    private static FramePosition After(FrameChain chain, byte[] bytes)
    {
        chain.Follow(bytes);
        return chain.Position;
    }

    /// <summary>The position before each frame, and after the last.</summary>
    private static FramePosition[] Positions(byte[][] frames)
    {
        var chain = new FrameChain(Partition);
        return [default, .. frames.Select(bytes => After(chain, bytes))];
    }

    private static void ReadAll(byte[][] frames) => Positions(frames);

    private static byte[][] Tamper(byte[][] frames, Random random)
    {
        var at = random.Next(frames.Length - 1);
        switch (random.Next(6))
        {
            case 0:
                return [.. frames[..at], .. frames[(at + 1)..]];
            case 1:
                return [.. frames[..at], frames[at], .. frames[at..]];
            case 2:
                return [.. frames, frames[at]];
            case 3:
                var other = random.Next(at + 1, frames.Length);
                (frames[at], frames[other]) = (frames[other], frames[at]);
                return frames;
            case 4:
                var any = random.Next(frames.Length);
                frames[any] = AnyFrame.AnyChain(random, Partition + 1, frames.Length)[any];
                return frames;
            default:
                frames[at] = Fork(frames, at, random);
                return frames;
        }
    }

    /// <summary>
    /// The frame at <paramref name="at"/> with other payloads and the same numbers everywhere, or with more buckets
    /// and nothing else changed.
    /// </summary>
    private static byte[] Fork(byte[][] frames, int at, Random random)
    {
        var (frame, predecessor, _) = FrameCodec.Decode(frames[at]);
        if (frame.Buckets < FrameLimits.BucketsMax && random.Next(2) == 0)
            return FrameCodec.Encode(frame with { Buckets = frame.Buckets * 2 }, predecessor);
        var segments = frame.Segments.Select(segment =>
        {
            var payload = segment.Payload.ToArray();
            payload[random.Next(payload.Length)] ^= 1;
            return segment with { Payload = payload };
        });
        return FrameCodec.Encode(frame with { Segments = [.. segments] }, predecessor);
    }
}
