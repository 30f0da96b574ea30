using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>Records of every shape come back as they were written, and damage is an error that says where.</summary>
public sealed class SegmentCodecTests
{
    [Fact]
    public void Records_of_every_shape_are_read_back_as_they_were_written() => Properties.Check(
        Properties.FromSeeds(RecordedSegment.Any),
        one =>
        {
            var segment = RecordedSegment.Write(one.Made.Day, one.Made.Records);
            var read = RecordedSegment.Read(segment);
            return segment.IsIntact && segment.Count == one.Made.Records.Length && read.SequenceEqual(one.Made.Records)
                && RecordedSegment.Write(one.Made.Day, read).Payload.Span.SequenceEqual(segment.Payload.Span);
        },
        count: 3_000);

    [Fact]
    public void A_writer_begins_each_segment_afresh()
    {
        var (day, records) = RecordedSegment.Any(new Random(5));
        var writer = new SegmentWriter();
        writer.Begin(day.AddDays(-100));
        writer.Append(records[0].Header, records[0].Events, null);
        writer.Begin(day);
        foreach (var record in records)
            writer.Append(record.Header, record.Events, null);
        Assert.Equal(RecordedSegment.Write(day, records).Payload.ToArray(), writer.Seal(0, 0, 0).Payload.ToArray());
    }

    [Fact]
    public void The_writer_shows_each_event_the_bytes_it_wrote_which_are_those_the_reader_shows()
    {
        var (day, records) = RecordedSegment.Any(new Random(6));
        var (written, read) = (new ByteSink(), new ByteSink());
        var writer = new SegmentWriter();
        writer.Begin(day);
        foreach (var record in records)
            writer.Append(record.Header, record.Events, written);
        var reader = new SegmentReader(writer.Seal(RecordedSegment.Partition, RecordedSegment.Offset, 0));
        while (reader.Read(read))
        {
        }

        Assert.NotEmpty(written.Seen);
        Assert.Equal(written.Seen, read.Seen);
    }

    [Fact]
    public void A_damaged_segment_is_an_error_that_names_partition_and_offset_and_never_another_crash()
    {
        var errors = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var (day, records) = RecordedSegment.Any(random);
            var whole = RecordedSegment.Write(day, records);
            var damaged = whole with { Payload = Damage(whole.Payload.ToArray(), random) };
            if (damaged.Payload.Span.SequenceEqual(whole.Payload.Span))
                continue;
            Assert.False(damaged.IsIntact, $"seed {seed}: the checksum still fits");
            try
            {
                RecordedSegment.Read(damaged);
            }
            catch (JournalException e)
            {
                errors++;
                Assert.Matches("^partition 3, offset 1[0-9]{3}: the segment cannot be read: [^\n]+$", e.Message);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}: {e}");
            }
        }

        Assert.InRange(errors, 5_000, 20_000);
    }

    [Fact]
    public void A_segment_cut_anywhere_is_an_error()
    {
        var (day, records) = RecordedSegment.Any(new Random(7));
        var whole = RecordedSegment.Write(day, records);
        for (var length = 0; length < whole.Payload.Length; length++)
        {
            var cut = whole with { Payload = whole.Payload[..length] };
            Assert.StartsWith(
                "partition 3, offset 1", Assert.Throws<JournalException>(() => RecordedSegment.Read(cut)).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_segment_that_says_another_number_of_records_than_it_has_is_an_error(int difference)
    {
        var (day, records) = RecordedSegment.Any(new Random(8));
        var segment = RecordedSegment.Write(day, records);
        var wrong = segment with { Count = segment.Count + difference };
        Assert.False(wrong.IsIntact);
        Assert.Contains(
            $"it has {records.Length} records and says {wrong.Count}",
            Assert.Throws<JournalException>(() => RecordedSegment.Read(wrong)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_segment_of_another_format_names_both_formats()
    {
        var (day, records) = RecordedSegment.Any(new Random(9));
        var bytes = RecordedSegment.Write(day, records).Payload.ToArray();
        bytes[0] = 9;
        var error = Assert.Throws<JournalException>(() =>
            RecordedSegment.Read(
                Segment.Seal(RecordedSegment.Partition, RecordedSegment.Offset, 0, records.Length, bytes)));
        Assert.Equal(
            "partition 3, offset 1000: the segment cannot be read: it is in format 9; this version reads format 1",
            error.Message);
    }

    [Fact]
    public void The_checksum_covers_the_position_of_the_segment_too()
    {
        var (day, records) = RecordedSegment.Any(new Random(10));
        var segment = RecordedSegment.Write(day, records);
        Assert.True(segment.IsIntact);
        Assert.False((segment with { Partition = 4 }).IsIntact);
        Assert.False((segment with { Offset = 1_001 }).IsIntact);
        Assert.False((segment with { Epoch = 3 }).IsIntact);
    }

    // A negative number was written in ten bytes that no reader took: a whole partition could not be opened any more.
    [Fact]
    public void What_a_sender_should_not_have_sent_can_still_be_read()
    {
        var header = new RecordHeader(
            CommandKind.PayContribution, new StudentId(7), new CommandId(CommandKind.PayContribution, 1), 0, Day(0),
            Day(0), Outcome.Done, Reason.None);
        Recorded[] records = [new(header, [new ContributionPaid(-40_000, -11, -2_023, Day(-3))])];
        Assert.Equal(records, RecordedSegment.Read(RecordedSegment.Write(Day(0), records)));
    }

    private static DateOnly Day(int after) => new DateOnly(2023, 9, 1).AddDays(after);

    private static byte[] Damage(byte[] bytes, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                return bytes;
            default:
                return [.. bytes, (byte)random.Next(256)];
        }
    }

    private sealed class ByteSink : IRecordSink
    {
        public List<string> Seen { get; } = [];

        public void Begin(in RecordHeader header, long offset)
        {
        }

        public void On(Event e, ReadOnlySpan<byte> bytes) => Seen.Add(e.GetType().Name + Convert.ToHexString(bytes));

        public void End()
        {
        }
    }
}
