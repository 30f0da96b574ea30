using System.Buffers.Binary;
using System.Reflection;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>
/// Bytes and numbers written once stay readable in all later versions. Golden/ has them as they were first written.
/// </summary>
public sealed class GoldenTests
{
    private const string SegmentFile = "v2-segment.golden";

    [Fact]
    public void The_golden_segment_has_every_type_of_event() => Assert.Equal(
        Maker.EventTypes.ToHashSet(),
        GoldenSegment.AllRecords.SelectMany(record => record.Events).Select(e => e.GetType()).ToHashSet());

    // Written by a build of version 1 of the events, and never again.
    [Fact]
    public void A_segment_of_version_1_of_the_events_is_read_to_its_end_and_has_the_digest_it_had()
    {
        var segment = FromFile(Approved.Kept("v1-segment.golden"));
        Assert.True(segment.IsIntact);
        var sink = new Digesting();
        var reader = new SegmentReader(segment);
        while (reader.Read(sink))
        {
        }

        Assert.Equal((6_903_120_184_855_994_812UL, 70), (sink.Digest, sink.Events));
    }

    [Fact]
    public void A_segment_of_today_is_read_as_it_was_written()
    {
        var segment = FromFile(Approved.Bytes(SegmentFile, ToFile(GoldenSegment.Written())));
        Assert.True(segment.IsIntact);
        Assert.Equal(
            (GoldenSegment.Partition, GoldenSegment.Offset, GoldenSegment.Epoch),
            (segment.Partition, segment.Offset, segment.Epoch));
        var sink = new Records();
        var reader = new SegmentReader(segment);
        while (reader.Read(sink))
        {
        }

        Assert.Equal(GoldenSegment.AllRecords, sink.Read);
    }

    [Fact]
    public void Every_event_is_written_as_it_was() =>
        Assert.Equal(Approved.Bytes(SegmentFile, ToFile(GoldenSegment.Written())), ToFile(GoldenSegment.Written()));

    [Fact]
    public void No_number_of_the_journal_is_changed_or_used_again() =>
        Approved.Text("v1-numbers.txt", Numbered().SelectMany(Lines));

    [Fact]
    public void No_enum_of_the_journal_has_a_number_twice() => Assert.All(
        Numbered(),
        type => Assert.Equal(Enum.GetNames(type).Length, Enum.GetValues(type).Cast<object>().Distinct().Count()));

    // All that may write a number into the journal or a snapshot: the domain and its vocabulary, the journal itself,
    // and the reference data they point to. How a conversation ended is written nowhere.
    private static IEnumerable<Type> Numbered() => typeof(Event).Assembly.GetTypes()
        .Where(type => type.IsEnum
            && type != typeof(ConversationEnd)
            && type != typeof(Amoe.Engine.Domain.Claims.QuestionScope)
            && type.Namespace is { } space
            && (space.StartsWith("Amoe.Engine.Domain", StringComparison.Ordinal)
                || space is "Amoe.Engine.Vocabulary" or "Amoe.Engine.Reference"
                || type == typeof(EventKind)
                || type == typeof(RecordFlags)))
        .OrderBy(type => type.Name, StringComparer.Ordinal);

    private static IEnumerable<string> Lines(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (field.Name, Number: Convert.ToInt64(field.GetRawConstantValue())))
        .OrderBy(member => member.Number)
        .Select(member => $"{type.Name}.{member.Name} = {member.Number}");

    private static byte[] ToFile(in Segment segment)
    {
        var bytes = new byte[28 + segment.Payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, segment.Partition);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), segment.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), segment.Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), segment.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), segment.Checksum);
        segment.Payload.Span.CopyTo(bytes.AsSpan(28));
        return bytes;
    }

    private static Segment FromFile(byte[] bytes) => new(
        BinaryPrimitives.ReadInt32LittleEndian(bytes),
        BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(4)),
        BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(12)),
        BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20)),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(24)),
        bytes.AsMemory(28));

    private sealed class Digesting : IRecordSink
    {
        private RecordHeader _header;

        public ulong Digest { get; private set; }

        public int Events { get; private set; }

        public void Begin(in RecordHeader header, long offset) => _header = header;

        public void On(Event e, ReadOnlySpan<byte> bytes) =>
            Digest += EventHash.Of(_header.Student.Value, Events++, _header.Known, bytes);

        public void End()
        {
        }
    }

    private sealed class Records : IRecordSink
    {
        private readonly List<Event> _events = [];
        private RecordHeader _header;

        public List<Recorded> Read { get; } = [];

        public void Begin(in RecordHeader header, long offset)
        {
            _header = header;
            _events.Clear();
        }

        public void On(Event e, ReadOnlySpan<byte> bytes) => _events.Add(e);

        public void End() => Read.Add(new Recorded(_header, [.. _events]));
    }
}
