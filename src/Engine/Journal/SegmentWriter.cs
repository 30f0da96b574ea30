using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal;

/// <summary>
/// Writes one turn's records: a header per command, delta-coded against the segment, and its events. The layout is
/// described in docs/journal-format.md.
/// </summary>
internal sealed class SegmentWriter
{
    private readonly ByteWriter _bytes = new();
    private LastReferences _lastReference;
    private readonly List<int> _eventEnds = [];
    private int _day;
    private ulong _lastStudent;

    public int Count { get; private set; }

    public int Length => _bytes.Length;

    /// <summary>The payload so far: valid until more is written.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Written;

    public void Begin(DateOnly day)
    {
        _bytes.Truncate(0);
        _lastReference = default;
        _day = day.DayNumber;
        _lastStudent = 0;
        Count = 0;
        _bytes.Byte(JournalIdentity.CurrentFormatVersion);
        _bytes.Varint((ulong)_day);
    }

    /// <summary>
    /// Writes a record with its events, then lets <paramref name="written"/> see each event's bytes. Where an event
    /// cannot be written nothing of the record stays, and nothing was seen.
    /// </summary>
    public void Append(in RecordHeader header, ReadOnlySpan<Event> events, IEventSink? written)
    {
        var (start, student, reference) = (_bytes.Length, _lastStudent, _lastReference[(int)header.Kind]);
        try
        {
            WriteHeader(header, events.Length);
            _eventEnds.Clear();
            _eventEnds.Add(_bytes.Length);
            for (var i = 0; i < events.Length; i++)
            {
                EventCodec.Write(_bytes, events[i], header.Known.DayNumber, header.Id.Reference);
                _eventEnds.Add(_bytes.Length);
            }
        }
        catch
        {
            _bytes.Truncate(start);
            (_lastStudent, _lastReference[(int)header.Kind]) = (student, reference);
            throw;
        }

        Count++;
        for (var i = 0; i < events.Length; i++)
            written?.On(events[i], _bytes.Written[_eventEnds[i].._eventEnds[i + 1]]);
    }

    /// <summary>The segment, with its payload copied out so that this writer can begin the next.</summary>
    public Segment Seal(int partition, long offset, long epoch) =>
        Segment.Seal(partition, offset, epoch, Count, _bytes.Written.ToArray());

    private void WriteHeader(in RecordHeader header, int eventCount)
    {
        var known = header.Known.DayNumber;
        var flags = (RecordFlags)((int)header.Outcome - (int)Outcome.Done)
            | (header.Id.Attempt != 0 ? RecordFlags.HasAttempt : 0)
            | (known != _day ? RecordFlags.KnownDiffers : 0)
            | (header.Effective != header.Known ? RecordFlags.EffectiveDiffers : 0)
            | (eventCount != 1 ? RecordFlags.HasCount : 0)
            | (header.Reason != Reason.None ? RecordFlags.HasReason : 0);
        _bytes.Byte((byte)header.Kind);
        _bytes.Byte((byte)flags);
        if (flags.HasFlag(RecordFlags.KnownDiffers))
            _bytes.Signed((long)known - _day);
        if (flags.HasFlag(RecordFlags.EffectiveDiffers))
            _bytes.Signed((long)header.Effective.DayNumber - known);
        if (header.HasStudent)
            WriteStudent(header.Student.Value);
        if (header.IsCommand)
            WriteId(header, flags);
        if (flags.HasFlag(RecordFlags.HasReason))
            _bytes.Byte((byte)header.Reason);
        if (flags.HasFlag(RecordFlags.HasCount))
            _bytes.Varint((ulong)eventCount);
    }

    private void WriteStudent(ulong student)
    {
        _bytes.Signed((long)(student - _lastStudent));
        _lastStudent = student;
    }

    private void WriteId(in RecordHeader header, RecordFlags flags)
    {
        if (flags.HasFlag(RecordFlags.HasAttempt))
            _bytes.Byte(header.Id.Attempt);
        ref var last = ref _lastReference[(int)header.Kind];
        _bytes.Signed((long)(header.Id.Reference - last));
        last = header.Id.Reference;
        _bytes.UInt32(header.Fingerprint);
    }
}

/// <summary>Sees each event of a record as it is written or read, with the bytes the digest is made of.</summary>
internal interface IEventSink
{
    void On(Event e, ReadOnlySpan<byte> bytes);
}

/// <summary>
/// The second byte of a record: the outcome in the low bits, and what is written only where it is not the usual.
/// </summary>
[Flags]
internal enum RecordFlags : byte
{
    OutcomeMask = 0x07,
    HasAttempt = 0x08,
    KnownDiffers = 0x10,
    EffectiveDiffers = 0x20,

    /// <summary>Another number of events than one.</summary>
    HasCount = 0x40,
    HasReason = 0x80,
}
