using System.Runtime.CompilerServices;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Journal;

/// <summary>
/// Reads the records of one segment in order. Anything that is not as written is an error that names partition and
/// offset.
/// </summary>
internal ref struct SegmentReader
{
    private readonly Segment _segment;
    private readonly int _day;
    private LastReferences _lastReference;
    private ByteReader _bytes;
    private ulong _lastStudent;
    private int _read;
    private ulong? _reference;

    /// <exception cref="JournalException">The segment was written by a version this one cannot read.</exception>
    public SegmentReader(in Segment segment)
    {
        _segment = segment;
        _bytes = new ByteReader(segment.Payload.Span);
        Offset = segment.Offset - 1;
        try
        {
            var version = _bytes.Byte();
            if (version != JournalIdentity.CurrentFormatVersion)
                throw new InvalidDataException(
                    $"it is in format {version}; this version reads format {JournalIdentity.CurrentFormatVersion}");
            _day = _bytes.Int();
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            throw Corrupt(e);
        }
    }

    public readonly int Partition => _segment.Partition;

    /// <summary>The partition's number of the record last read.</summary>
    public long Offset { get; private set; }

    public RecordHeader Header { get; private set; }

    /// <summary>Where in the payload the next record begins.</summary>
    public readonly int Position => _bytes.Position;

    /// <summary>
    /// Goes to a record and reads it alone. What its header has as a distance from the records before is not known: the
    /// student, and the reference but for what is given here.
    /// </summary>
    /// <exception cref="JournalException">The bytes make no sense.</exception>
    public void ReadAlone(int position, ulong reference, IRecordSink sink)
    {
        try
        {
            _bytes.Bytes(position - _bytes.Position);
        }
        catch (InvalidDataException e)
        {
            throw Corrupt(e);
        }

        _reference = reference;
        if (!Read(sink))
            throw Corrupt(new InvalidDataException($"it has no record at byte {position}"));
        _reference = null;
    }

    /// <summary>
    /// Reads the next record and shows each of its events to <paramref name="sink"/>; false at the end.
    /// </summary>
    /// <exception cref="JournalException">
    /// The bytes make no sense, or there are more or fewer records than the segment says.
    /// </exception>
    public bool Read(IRecordSink sink)
    {
        if (_bytes.AtEnd)
            return _read == _segment.Count
                ? false
                : throw Corrupt(new InvalidDataException($"it has {_read} records and says {_segment.Count}"));
        try
        {
            Offset++;
            _read++;
            var count = ReadHeader();
            sink.Begin(Header, Offset);
            for (var i = 0; i < count; i++)
            {
                var start = _bytes.Position;
                var e = EventCodec.Read(ref _bytes, Header.Known.DayNumber, Header.Id.Reference);
                sink.On(e, _bytes.ReadSince(start));
            }

            sink.End();
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            throw Corrupt(e);
        }
    }

    private int ReadHeader()
    {
        var kind = (CommandKind)_bytes.Byte();
        var flags = (RecordFlags)_bytes.Byte();
        var known = _day + (flags.HasFlag(RecordFlags.KnownDiffers) ? checked((int)_bytes.Signed()) : 0);
        var effective = known + (flags.HasFlag(RecordFlags.EffectiveDiffers) ? checked((int)_bytes.Signed()) : 0);
        if (kind.HasStudent())
            _lastStudent += (ulong)_bytes.Signed();
        var id = new CommandId(kind, 0);
        var fingerprint = 0u;
        if (kind.IsCommand())
        {
            if ((int)kind >= LastReferences.Kinds)
                throw new InvalidDataException($"a command of kind {(int)kind}, which this version does not know");
            var attempt = flags.HasFlag(RecordFlags.HasAttempt) ? _bytes.Byte() : (byte)0;
            ref var last = ref _lastReference[(int)kind];
            last += (ulong)_bytes.Signed();
            last = _reference ?? last;
            if (last >= CommandId.ReferenceLimit)
                throw new InvalidDataException("a reference of more than 48 bits");
            id = new CommandId(kind, last, attempt);
            fingerprint = _bytes.UInt32();
        }

        var reason = flags.HasFlag(RecordFlags.HasReason) ? (Reason)_bytes.Byte() : Reason.None;
        var count = flags.HasFlag(RecordFlags.HasCount) ? _bytes.Int() : 1;
        if (count < 0)
            throw new InvalidDataException("a record with fewer than no events");
        Header = new RecordHeader(
            kind, kind.HasStudent() ? new StudentId(_lastStudent) : default, id, fingerprint, Day(effective),
            Day(known),
            (Outcome)((int)Outcome.Done + (int)(flags & RecordFlags.OutcomeMask)), reason);
        return count;
    }

    private static DateOnly Day(int number) => number >= 0 && number <= DateOnly.MaxValue.DayNumber
        ? DateOnly.FromDayNumber(number)
        : throw new InvalidDataException("a date that does not exist");

    private readonly JournalException Corrupt(Exception e) =>
        new(
            $"partition {_segment.Partition}, offset {Math.Max(Offset, _segment.Offset)}: the segment cannot be read: {e.Message}",
            e);
}

/// <summary>Takes the records of a journal as they are read.</summary>
internal interface IRecordSink : IEventSink
{
    void Begin(in RecordHeader header, long offset);

    void End();
}

/// <summary>The last reference of each kind of command in a segment: what the next one is a distance from.</summary>
[InlineArray(Kinds)]
internal struct LastReferences
{
    /// <summary>Kinds of commands are below this.</summary>
    public const int Kinds = 64;

    private ulong _first;
}
