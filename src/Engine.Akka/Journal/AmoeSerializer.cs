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
    private const string Marked = "day";
    private const string SettledDay = "settled";
    private const string Deadline = "deadline";
    private const string Made = "journal";
    private const string StudentState = "student-state";
    private const string ClaimState = "claim-state";

    /// <summary>Told apart from other serializers by this number, in every journal.</summary>
    public const int Number = 116_012;

    public override int Identifier => Number;

    public override string Manifest(object o) => o switch
    {
        StudentRecord => Record,
        ClaimRecord => OfClaim,
        LedgerRecord => OfLedgers,
        PostingsKept => Kept,
        DayMarked => Marked,
        DaySettled => SettledDay,
        DeadlineNoted => Deadline,
        JournalMade => Made,
        StudentSnapshot => StudentState,
        ClaimSnapshot => ClaimState,
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
        }

        var w = new ByteWriter();
        switch (obj)
        {
            case PostingsKept k:
                w.UInt64(k.Student.Value);
                PostWire.Write(w, new PostingBatch(k.Record, k.Day, k.Postings));
                break;
            case DayMarked d:
                w.Varint((ulong)d.Shard);
                w.Flag(d.IsClosed);
                w.Date(d.Day, 0);
                break;
            case DaySettled d:
                w.Varint((ulong)d.Shard);
                w.Date(d.Day, 0);
                break;
            case DeadlineNoted d:
                w.UInt64(d.Student.Value);
                w.Date(d.Day, 0);
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
            case Kept:
                var student = new StudentId(r.UInt64());
                var batch = PostWire.ReadBatch(ref r);
                return new PostingsKept(student, batch.Number, batch.Day, batch.Postings);
            case Marked:
                return new DayMarked(r.Int(), r.Flag(), r.Date(0));
            case SettledDay:
                return new DaySettled(r.Int(), r.Date(0));
            case Deadline:
                return new DeadlineNoted(new StudentId(r.UInt64()), r.Date(0));
            case Made:
                return new JournalMade(r.Int(), r.Int(), r.Int(), r.Text(), r.Text(), r.UInt64(), r.Int());
            default:
                return MessageBytes.Read(ref r, manifest);
        }
    }
}
