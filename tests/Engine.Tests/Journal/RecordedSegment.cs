using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>A record as the journal has it: the header and its events.</summary>
internal sealed record Recorded(RecordHeader Header, Event[] Events)
{
    public bool Equals(Recorded? other) =>
        other is not null && Header == other.Header && Events.SequenceEqual(other.Events);

    public override int GetHashCode() => Header.GetHashCode();
}

/// <summary>Whole segments written and read, and records of every shape drawn at random.</summary>
internal static class RecordedSegment
{
    public const int Partition = 3;
    public const long Offset = 1_000;

    public static Segment Write(DateOnly day, IReadOnlyList<Recorded> records)
    {
        var writer = new SegmentWriter();
        writer.Begin(day);
        foreach (var record in records)
            writer.Append(record.Header, record.Events, null);
        return writer.Seal(Partition, Offset, epoch: 2);
    }

    public static List<Recorded> Read(in Segment segment)
    {
        var sink = new Sink();
        var reader = new SegmentReader(segment);
        while (reader.Read(sink))
        {
        }

        return sink.Records;
    }

    /// <summary>Where each record begins in the payload.</summary>
    public static List<int> Positions(in Segment segment)
    {
        var (positions, sink) = (new List<int>(), new Sink());
        var reader = new SegmentReader(segment);
        do
            positions.Add(reader.Position);
        while (reader.Read(sink));
        return positions[..^1];
    }

    public static Recorded ReadAlone(in Segment segment, int position, ulong reference)
    {
        var sink = new Sink();
        new SegmentReader(segment).ReadAlone(position, reference, sink);
        return sink.Records.Single();
    }

    public static (DateOnly Day, Recorded[] Records) Any(Random random)
    {
        var day = new DateOnly(2016, 1, 1).AddDays(random.Next(5_000));
        return (day, [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => AnyRecord(random, day))]);
    }

    private static Recorded AnyRecord(Random random, DateOnly day)
    {
        var known = random.Next(3) == 0 ? day.AddDays(random.Next(-400, 400)) : day;
        var student = new StudentId((ulong)random.NextInt64(long.MinValue, long.MaxValue));
        var kinds = Enum.GetValues<CommandKind>()
            .Where(kind => kind is not CommandKind.None and < CommandKind.AskEntitlement)
            .ToArray();
        var kind = kinds[random.Next(kinds.Length)];
        if (!kind.HasStudent())
            return new Recorded(RecordHeader.Mark(kind, known), []);
        var reference = kind == CommandKind.DueDate ? 0 : (ulong)random.NextInt64((long)CommandId.ReferenceLimit);
        var maker = new Maker(random, reference);
        Event[] events = [.. Enumerable.Range(0, random.Next(4)).Select(_ => maker.Event())];
        if (kind == CommandKind.DueDate)
            return new Recorded(RecordHeader.Due(student, known), events);
        var attempt = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)0;
        var effective = random.Next(2) == 0 ? known : maker.Date();
        var outcomes = Enum.GetValues<Outcome>().Where(outcome => outcome >= Outcome.Done).ToArray();
        var reasons = Enum.GetValues<Reason>();
        var header = new RecordHeader(
            kind, student, new CommandId(kind, reference, attempt), (uint)random.NextInt64(1L << 32), effective, known,
            outcomes[random.Next(outcomes.Length)],
            random.Next(2) == 0 ? Reason.None : reasons[random.Next(reasons.Length)]);
        return new Recorded(header, events);
    }

    private sealed class Sink : IRecordSink
    {
        private readonly List<Event> _events = [];
        private RecordHeader _header;

        public List<Recorded> Records { get; } = [];

        public void Begin(in RecordHeader header, long offset)
        {
            Assert.Equal(Offset + Records.Count, offset);
            _header = header;
            _events.Clear();
        }

        public void On(Event e, ReadOnlySpan<byte> bytes)
        {
            Assert.True(bytes.Length > 0);
            _events.Add(e);
        }

        public void End() => Records.Add(new Recorded(_header, [.. _events]));
    }
}
