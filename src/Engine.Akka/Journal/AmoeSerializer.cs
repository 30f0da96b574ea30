using Akka.Actor;
using Akka.Serialization;
using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Journal;

/// <summary>
/// Everything that is persisted or goes from host to host, in the engine's own bytes. The manifest says what it is; one that is in a journal keeps its meaning for ever.
/// </summary>
internal sealed class AmoeSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Record = "record";
    private const string OfClaim = "claim";
    private const string OfLedgers = "ledgers";
    private const string Kept = "postings";
    private const string Page = "calendar";
    private const string Made = "journal";
    private const string StudentState = "student-state";
    private const string ClaimState = "claim-state";
    private const string LedgerState = "ledgers-state";
    private const string CalendarState = "calendar-state";

    // Kinds of entries of the calendar.
    private const byte Opened = 1;
    private const byte Closed = 2;
    private const byte SettledDay = 3;
    private const byte Deadline = 4;

    /// <summary>Told apart from other serializers by this number, in every journal.</summary>
    public const int Number = 116_012;

    public override int Identifier => Number;

    public override string Manifest(object o) => o switch
    {
        StudentRecord => Record,
        ClaimRecord => OfClaim,
        LedgerRecord => OfLedgers,
        PostingsKept => Kept,
        CalendarPage => Page,
        JournalMade => Made,
        StudentSnapshot => StudentState,
        ClaimSnapshot => ClaimState,
        LedgerSnapshot => LedgerState,
        CalendarSnapshot => CalendarState,
        _ => MessageBytes.ManifestOf(o),
    };

    public override byte[] ToBinary(object obj)
    {
        switch (obj)
        {
            case StudentRecord r:
                return r.Bytes;
            case ClaimRecord r:
                return r.Bytes;
            case LedgerRecord r:
                return r.Bytes;
            case StudentSnapshot s:
                return s.Bytes;
            case ClaimSnapshot s:
                return s.Bytes;
            case LedgerSnapshot s:
                return s.Bytes;
        }

        var w = new ByteWriter();
        switch (obj)
        {
            case PostingsKept k:
                w.UInt64(k.Student.Value);
                PostWire.Write(w, new PostingBatch(k.Record, k.Day, k.Postings));
                break;
            case CalendarPage p:
                Write(w, p.Entries);
                break;
            case CalendarSnapshot s:
                Write(w, s.Entries);
                break;
            case JournalMade j:
                w.Varint((ulong)j.Format);
                w.Varint((ulong)j.Shards);
                w.Varint((ulong)j.PartyShards);
                w.Text(j.Rulebook);
                w.Text(j.Source);
                w.UInt64(j.Seed);
                w.Varint((ulong)j.Scale);
                break;
            default:
                MessageBytes.Write(w, obj);
                break;
        }

        return w.Written.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var r = new ByteReader(bytes);
        switch (manifest)
        {
            case Record:
                return new StudentRecord(bytes);
            case OfClaim:
                return new ClaimRecord(bytes);
            case OfLedgers:
                return new LedgerRecord(bytes);
            case StudentState:
                return new StudentSnapshot(bytes);
            case ClaimState:
                return new ClaimSnapshot(bytes);
            case LedgerState:
                return new LedgerSnapshot(bytes);
            case Kept:
                var student = new StudentId(r.UInt64());
                var batch = PostWire.ReadBatch(ref r);
                return new PostingsKept(student, batch.Number, batch.Day, batch.Postings);
            case Page:
                return new CalendarPage(ReadEntries(ref r));
            case CalendarState:
                return new CalendarSnapshot(ReadEntries(ref r));
            case Made:
                return ReadMade(bytes);
            default:
                return MessageBytes.Read(ref r, manifest);
        }
    }

    public static JournalMade ReadMade(byte[] bytes)
    {
        var r = new ByteReader(bytes);
        return new JournalMade(r.Int(), r.Int(), r.Int(), r.Text(), r.Text(), r.UInt64(), r.Int());
    }

    private static void Write(ByteWriter w, IReadOnlyList<CalendarEntry> entries)
    {
        w.Varint((ulong)entries.Count);
        foreach (var entry in entries)
            Write(w, entry);
    }

    private static CalendarEntry[] ReadEntries(ref ByteReader r)
    {
        var entries = new CalendarEntry[r.Int()];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = ReadEntry(ref r);
        return entries;
    }

    private static void Write(ByteWriter w, CalendarEntry entry)
    {
        switch (entry)
        {
            case DayMarked d:
                w.Byte(d.IsClosed ? Closed : Opened);
                w.Varint((ulong)d.Shard);
                break;
            case DaySettled d:
                w.Byte(SettledDay);
                w.Varint((ulong)d.Shard);
                break;
            case DeadlineNoted d:
                w.Byte(Deadline);
                w.UInt64(d.Student.Value);
                break;
        }

        w.Date(entry.Day, 0);
    }

    private static CalendarEntry ReadEntry(ref ByteReader r) => r.Byte() switch
    {
        Opened => new DayMarked(r.Int(), IsClosed: false, r.Date(0)),
        Closed => new DayMarked(r.Int(), IsClosed: true, r.Date(0)),
        SettledDay => new DaySettled(r.Int(), r.Date(0)),
        Deadline => new DeadlineNoted(new StudentId(r.UInt64()), r.Date(0)),
        var kind => throw new InvalidDataException($"an entry of the calendar of kind {kind}, which this version does not know"),
    };
}
