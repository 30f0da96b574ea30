using System.Buffers.Binary;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Bench.Peers;

/// <summary>
/// One student with the claims, and the records behind them: the state that a peer's actor, grain or process keeps.
/// </summary>
internal sealed class StudentHistory(StudentId student) : IRecordSource
{
    private const int HeaderBytes = 2 * sizeof(int);
    private readonly List<Segment> _records = [];

    public StudentId Student => student;

    /// <summary>Null before the first record.</summary>
    public StudentActor? Actor { get; set; }

    public long End => _records is [.., var last] ? last.Offset + last.Count : 0;

    /// <summary>Writes the records of one decision as the bytes that a peer makes durable.</summary>
    public static byte[] ToEvent(IReadOnlyList<FrameSegment> records)
    {
        var bytes = new byte[records.Sum(record => HeaderBytes + record.Payload.Length)];
        var rest = bytes.AsSpan();
        foreach (var record in records)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, record.Count);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], record.Payload.Length);
            record.Payload.Span.CopyTo(rest[HeaderBytes..]);
            rest = rest[(HeaderBytes + record.Payload.Length)..];
        }

        return bytes;
    }

    /// <summary>Reads such bytes.</summary>
    public static IEnumerable<FrameSegment> FromEvent(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span);
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span[sizeof(int)..]);
            yield return new FrameSegment(0, count, bytes.Slice(HeaderBytes, length));
            bytes = bytes[(HeaderBytes + length)..];
        }
    }

    /// <summary>Keeps records, so that a passivated claim can be read back.</summary>
    public Segment Add(FrameSegment records)
    {
        var segment = new Segment(0, End, 0, records.Count, 0, records.Payload);
        _records.Add(segment);
        return segment;
    }

    public IEnumerable<Frame> At(IReadOnlyList<long> firstRecords) =>
        firstRecords.Select(first => FrameOf(_records.Find(segment => segment.Offset == first)));

    public IEnumerable<Frame> From(long record) =>
        _records.Where(segment => segment.Offset + segment.Count > record).Select(FrameOf);

    private static Frame FrameOf(Segment segment) =>
        new(0, 1, segment.Offset, 0, Buckets: 1, [new FrameSegment(0, segment.Count, segment.Payload)]);
}
