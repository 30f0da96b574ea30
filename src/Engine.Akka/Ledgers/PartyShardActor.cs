using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Ledgers;

/// <summary>
/// The ledgers of a shard of institutions, providers and payment runs: keeps what is posted, and when a day opens takes what was posted on the days before, as one
/// record.
/// </summary>
internal sealed class PartyShardActor : UntypedPersistentActor, IWithTimers, IRecordSink
{
    private static readonly TimeSpan TellAgainEvery = TimeSpan.FromSeconds(2);

    /// <summary>Events after which a snapshot is worth while, if it is also much smaller than they are.</summary>
    private const int SnapshotEventsMin = 1_000;

    private readonly int _party;
    private readonly IActorRef _calendar;
    private readonly LedgerBook _book = new(0);
    private readonly List<PostingsKept> _pending = [];
    private readonly Dictionary<StudentId, long> _lastRecord = [];
    private readonly SegmentWriter _writer = new();
    private RecoveryLetter[] _letters = [];
    private (DateOnly Day, IActorRef From)? _opening;
    private DateOnly _day;
    private long _sinceSnapshot;

    public PartyShardActor(int party, IActorRef calendar) => (_party, _calendar) = (party, calendar);

    public override string PersistenceId => PersistedIds.OfLedgers(_party);

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(int party, IActorRef calendar) => global::Akka.Actor.Props.Create(() => new PartyShardActor(party, calendar));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                Listen();
                break;
            case SnapshotOffer { Snapshot: LedgerSnapshot snapshot }:
                Restore(snapshot.Bytes);
                break;
            case PostingsKept kept:
                _sinceSnapshot++;
                Add(kept);
                break;
            case LedgerRecord record:
                _sinceSnapshot++;
                Apply(record.Bytes);
                break;
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case TakePostings take:
                Take(take, Sender);
                break;
            case AskLetters:
                _calendar.Tell(new LedgerLetters(_party, _letters));
                break;
            case LettersHeard when _opening is { } opening:
                Timers.Cancel(TellAgain.Instance);
                _opening = null;
                opening.From.Tell(new LedgerDayIsOpen(_party, opening.Day));
                break;
            case LettersHeard:
                break;
            case TellAgain:
                Tell();
                break;
            case OpenLedgerDay open:
                Open(open.Day, Sender);
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure or DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                // The next one does it.
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(TakePostings take, IActorRef from)
    {
        var accepted = new PostingsAccepted(_party, take.Student, take.Record);
        if (take.Record <= _lastRecord.GetValueOrDefault(take.Student))
        {
            from.Tell(accepted);
            return;
        }

        // Until it is durable nothing after it is looked at: the same record sent twice is kept once.
        Persist(new PostingsKept(take.Student, take.Record, take.Day, take.Postings), kept =>
        {
            _sinceSnapshot++;
            Add(kept);
            from.Tell(accepted);
        });
    }

    private void Add(PostingsKept kept)
    {
        _pending.Add(kept);
        _lastRecord[kept.Student] = kept.Record;
    }

    private void Open(DateOnly day, IActorRef from)
    {
        _opening = (day, from);
        if (_pending.TrueForAll(kept => kept.Day >= day) || day <= _day)
        {
            Tell();
            return;
        }

        Persist(new LedgerRecord(Decide(day)), record =>
        {
            _sinceSnapshot++;
            Apply(record.Bytes);
            Listen();
            Tell();
            Snapshot();
        });
    }

    /// <summary>When a day has been taken, and so seldom that it costs little beside the events: a start reads no more than a few times what stands.</summary>
    private void Snapshot()
    {
        if (_sinceSnapshot < Math.Max(SnapshotEventsMin, 4L * (_lastRecord.Count + _book.Ledgers.Count)))
            return;
        _sinceSnapshot = 0;
        var w = new ByteWriter();
        w.Date(_day, 0);
        w.Varint((ulong)_lastRecord.Count);
        foreach (var (student, record) in _lastRecord)
        {
            w.UInt64(student.Value);
            w.Varint((ulong)record);
        }

        w.Varint((ulong)_pending.Count);
        foreach (var kept in _pending)
        {
            w.UInt64(kept.Student.Value);
            PostWire.Write(w, new PostingBatch(kept.Record, kept.Day, kept.Postings));
        }

        PartySnapshot.Write(w, _book);
        SaveSnapshot(new LedgerSnapshot(w.Written.ToArray()));
    }

    private void Restore(byte[] snapshot)
    {
        var r = new ByteReader(snapshot);
        _day = r.Date(0);
        for (var left = r.Int(); left > 0; left--)
            _lastRecord[new StudentId(r.UInt64())] = (long)r.Varint();
        for (var left = r.Int(); left > 0; left--)
        {
            var student = new StudentId(r.UInt64());
            var batch = PostWire.ReadBatch(ref r);
            _pending.Add(new PostingsKept(student, batch.Number, batch.Day, batch.Postings));
        }

        PartySnapshot.ReadBook(ref r, _book);
    }

    /// <summary>The day is open once the calendar knows what the ledgers have to say.</summary>
    private void Tell()
    {
        _calendar.Tell(new LedgerLetters(_party, _letters));
        Timers.StartSingleTimer(TellAgain.Instance, TellAgain.Instance, TellAgainEvery);
    }

    /// <summary>By party and student, whoever posted first; one student's stay in their order.</summary>
    private byte[] Decide(DateOnly day)
    {
        var due = _pending.Where(kept => kept.Day < day).SelectMany(kept => kept.Postings).ToList();
        for (var i = due.Count - 1; i >= 0; i--)
        {
            if (due[i].Party != default)
                continue;
            if (_book.WhoWaitsFor(due[i]) is { } provider)
                due[i] = due[i] with { Party = provider };
            else
                due.RemoveAt(i);
        }

        // The ledgers change with the record when it is durable: until then each decides on what it knew.
        var events = new List<Event> { new PostingsTaken([day.DayNumber]) };
        foreach (var ofParty in due.OrderBy(posting => posting.Party).ThenBy(posting => posting.Student).GroupBy(posting => posting.Party))
        {
            var decision = new Decision();
            LedgerDecider.Decide(_book.Find(ofParty.Key) ?? Ledger.Of(ofParty.Key), ofParty.ToArray(), day, decision);
            events.AddRange(decision.Events);
        }

        _writer.Begin(day);
        _writer.Append(RecordHeader.Mark(CommandKind.TakePostings, day), CollectionsMarshal.AsSpan(events), null);
        return _writer.Seal(0, 0, 1).Payload.ToArray();
    }

    private void Apply(byte[] record)
    {
        var reader = new SegmentReader(Segment.Seal(0, 0, 1, 1, record));
        while (reader.Read(this))
        {
        }
    }

    void IRecordSink.Begin(in RecordHeader header, long offset)
    {
        var day = header.Effective;
        _day = day;
        _pending.RemoveAll(kept => kept.Day < day);
    }

    void IEventSink.On(Event e, ReadOnlySpan<byte> bytes) => _book.Evolve(e);

    void IRecordSink.End()
    {
        // What a record leads to is asked of the book when it is whole.
    }

    private void Listen() => _letters = _book.HandOver()?.Letters ?? _letters;

    private sealed class TellAgain : INoSerializationVerificationNeeded
    {
        public static readonly TellAgain Instance = new();
    }
}
