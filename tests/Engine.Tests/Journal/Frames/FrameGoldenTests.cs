using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Tests.Journal.Frames;

/// <summary>Frames written once stay readable: Golden/v1-frame.golden has one as first written.</summary>
public sealed class FrameGoldenTests
{
    private const string File = "v1-frame.golden";
    private const int Partition = 17;
    private static readonly FramePosition _start = new(
        SequenceNumber: 299, NextRecord: 123_456_789, Incarnation: 4, Checksum: 0xDEAD_BEEF);
    private static readonly DateOnly _day = new(2023, 11, 20);

    private static readonly Recorded[][] _records =
    [
        [
            new(RecordHeader.Mark(CommandKind.OpenDay, _day), []),
            new(
                Header(CommandKind.PayContribution, student: 5, reference: 1_000),
                [new ContributionPaid(40_000, 4_242, 2023, _day.AddDays(-5))]),
            new(
                Header(CommandKind.Declare, student: 8, reference: 3) with
                {
                    Outcome = Outcome.Refused,
                    Reason = Reason.AlreadyDeclared
                }, [new CommandRefused(Reason.AlreadyDeclared)]),
        ],
        [
            new(RecordHeader.Due(new StudentId(1_500_000), _day), [new RightLapsed(2022, _day)]),
            new(
                Header(CommandKind.ReceiveContribution, student: 1_500_001, reference: 1_001),
                [new ContributionReceived(40_000, _day.AddDays(-3), 2023)]),
        ],
    ];

    [Fact]
    public void A_frame_of_format_1_is_read_as_it_was_written()
    {
        var chain = new FrameChain(Partition, _start);
        var frame = chain.Follow(Approved.Bytes(File, Written()));
        Assert.Equal((Partition, 300L, 123_456_789L), (frame.Partition, frame.SequenceNumber, frame.FirstRecord));
        Assert.Equal((5L, 256, 5), (frame.Incarnation, frame.Buckets, frame.RecordCount));
        Assert.Equal([2, 200], frame.Segments.Select(segment => segment.Bucket));
        Assert.Equal(_records[0], Read(frame.SegmentAt(0), firstRecord: 123_456_789));
        Assert.Equal(_records[1], Read(frame.SegmentAt(1), firstRecord: 123_456_792));
    }

    [Fact]
    public void Format_1_is_written_as_it_was() => Assert.Equal(Approved.Bytes(File, Written()), Written());

    private static byte[] Written()
    {
        var frame = new Frame(
            Partition, 300, 123_456_789, Incarnation: 5, Buckets: 256,
            [Segment(bucket: 2, _records[0]), Segment(bucket: 200, _records[1])]);
        return new FrameChain(Partition, _start).Encode(frame).Bytes;
    }

    private static FrameSegment Segment(int bucket, Recorded[] records) =>
        new(bucket, records.Length, RecordedSegment.Write(_day, records).Payload);

    private static RecordHeader Header(CommandKind kind, ulong student, ulong reference) =>
        new(
            kind, new StudentId(student), new CommandId(kind, reference), 0xDEAD_BEEF, _day, _day, Outcome.Done,
            Reason.None);

    private static List<Recorded> Read(in Segment segment, long firstRecord)
    {
        var sink = new Records(firstRecord);
        var reader = new SegmentReader(segment);
        while (reader.Read(sink))
        {
        }

        return sink.Read;
    }

    private sealed class Records(long firstRecord) : IRecordSink
    {
        private readonly List<Event> _events = [];
        private RecordHeader _header;

        public List<Recorded> Read { get; } = [];

        public void Begin(in RecordHeader header, long offset)
        {
            Assert.Equal(firstRecord + Read.Count, offset);
            _header = header;
            _events.Clear();
        }

        public void On(Event e, ReadOnlySpan<byte> bytes) => _events.Add(e);

        public void End() => Read.Add(new Recorded(_header, [.. _events]));
    }
}
