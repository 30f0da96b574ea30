using System.Buffers;
using System.Runtime.InteropServices;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal;

/// <summary>
/// Records that are decoded before the first of them is used, so that what they are about can be loaded together.
/// </summary>
internal sealed class RecordBatch : IRecordSink
{
    private const int RecordsMax = 256;

    private readonly List<BatchedRecord> _records = [];
    private readonly List<BatchedEvent> _events = [];
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _partition;

    public ReadOnlySpan<BatchedRecord> Records => CollectionsMarshal.AsSpan(_records);

    /// <summary>Takes the next records of a segment in the place of those before; false when there are none.</summary>
    /// <exception cref="JournalException">The segment cannot be read.</exception>
    public bool Fill(ref SegmentReader reader)
    {
        _records.Clear();
        _events.Clear();
        _bytes.ResetWrittenCount();
        _partition = reader.Partition;
        var (position, first) = (reader.Position, 0);
        while (_records.Count < RecordsMax && reader.Read(this))
        {
            _records.Add(new BatchedRecord(reader.Header, reader.Offset, position, first, _events.Count - first));
            (position, first) = (reader.Position, _events.Count);
        }

        return _records.Count > 0;
    }

    /// <summary>Shows one of the records to a sink, as the reader would have.</summary>
    /// <exception cref="JournalException">The sink finds that the record makes no sense.</exception>
    public void Pass(in BatchedRecord record, IRecordSink sink)
    {
        try
        {
            sink.Begin(record.Header, record.Offset);
            foreach (var (e, start, length) in CollectionsMarshal.AsSpan(_events)
                .Slice(record.FirstEvent, record.EventCount))
                sink.On(e, _bytes.WrittenSpan.Slice(start, length));
            sink.End();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            throw new JournalException(
                $"partition {_partition}, offset {record.Offset}: the record cannot be applied: {e.Message}", e);
        }
    }

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes)
    {
        _events.Add(new BatchedEvent(e, _bytes.WrittenCount, bytes.Length));
        _bytes.Write(bytes);
    }

    void IRecordSink.End()
    {
    }

    private readonly record struct BatchedEvent(Event Event, int Start, int Length);
}

/// <summary>A record of a batch.</summary>
/// <param name="Offset">The partition's number of the record.</param>
/// <param name="Position">Where in the segment's payload the record begins.</param>
internal readonly record struct BatchedRecord(
    RecordHeader Header, long Offset, int Position, int FirstEvent, int EventCount);
