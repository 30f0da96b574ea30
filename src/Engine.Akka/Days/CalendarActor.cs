using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka.Days;

/// <summary>
/// The calendar of due dates, one in the whole cluster: opens and closes the days of each shard of students, lets everybody decide what falls due, and tells the
/// claims what the ledgers have for them. Another host goes on with it when its own is gone.
/// </summary>
internal sealed class CalendarActor : UntypedPersistentActor, IWithTimers
{
    /// <summary>Students asked at a time: a day on which a million rights lapse must not flood them.</summary>
    private const int AskedMax = 512;

    /// <summary>Entries of one page.</summary>
    private const int PageMax = 1_000;

    /// <summary>Entries after which a snapshot is worth while, if it is also much smaller than they are.</summary>
    private const int SnapshotEntriesMin = 10_000;
    private static readonly TimeSpan AskAgainEvery = TimeSpan.FromSeconds(2);

    private readonly IActorRef _students;
    private readonly IActorRef _ledgers;
    private readonly JournalIdentity _identity;
    private readonly ShardDays[] _shards;
    private readonly Opening?[] _openings;
    private readonly RecoveryLetter[]?[] _letters;
    private readonly Queue<(MarkDay Mark, IActorRef From)> _held = new();
    private readonly List<(CalendarEntry Entry, Action Then)> _next = [];
    private bool _isKeeping;
    private long _tickets;
    private long _sinceSnapshot;
    private bool _isMade;

    public CalendarActor(JournalIdentity identity, IActorRef students, IActorRef ledgers)
    {
        (_identity, _students, _ledgers) = (identity, students, ledgers);
        _shards = [.. Enumerable.Range(0, identity.ShardCount).Select(_ => new ShardDays())];
        _openings = new Opening?[identity.ShardCount];
        _letters = new RecoveryLetter[]?[identity.PartyShardCount];
    }

    public override string PersistenceId => PersistedIds.Calendar;

    public ITimerScheduler Timers { get; set; } = null!;

    private bool HasLetters => Array.TrueForAll(_letters, letters => letters is not null);

    public static Props Props(JournalIdentity identity, IActorRef students, IActorRef ledgers) =>
        global::Akka.Actor.Props.Create(() => new CalendarActor(identity, students, ledgers));

    protected override void OnRecover(object message)
    {
        switch (message)
        {
            case RecoveryCompleted:
                Begin();
                break;
            case JournalMade:
                _isMade = true;
                break;
            case SnapshotOffer { Snapshot: CalendarSnapshot snapshot }:
                _isMade = true;
                foreach (var entry in snapshot.Entries)
                    Apply(entry);
                break;
            case CalendarPage page:
                _sinceSnapshot += page.Entries.Count;
                foreach (var entry in page.Entries)
                    Apply(entry);
                break;
        }
    }

    private void Begin()
    {
        if (!_isMade)
        {
            Persist(
                new JournalMade(_identity.FormatVersion, _identity.ShardCount, _identity.PartyShardCount, _identity.Rulebook, _identity.Source, _identity.Seed, _identity.Scale),
                _ => _isMade = true);
        }

        Timers.StartPeriodicTimer(AskAgain.Instance, AskAgain.Instance, AskAgainEvery);
        AskLedgers();
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case LookAgain look:
                var noting = Sender;
                Keep(new DeadlineNoted(look.Student, look.Day), () => noting.Tell(new DeadlineHeard(look.Student, look.Day)));
                break;
            case MarkDay mark:
                Mark(mark, Sender);
                break;
            case DueFired fired:
                On(fired.Student, opening => opening.Fired(fired));
                break;
            case StudentReply reply:
                On(reply.Student, opening => opening.Told(reply.Ticket));
                break;
            case LedgerLetters letters:
                _letters[letters.Party] = letters.All;
                Sender.Tell(new LettersHeard(letters.Party));
                Release();
                break;
            case AskDays:
                Sender.Tell(new Days([.. _shards.Select(shard => shard.Day)], [.. _shards.Select(shard => shard.LastClosed)]));
                break;
            case AskAgain:
                AskLedgers();
                foreach (var opening in _openings)
                    opening?.AskAll();
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case StudentAway or PersistFailed:
                // Asked again soon.
                break;
            case SaveSnapshotFailure or DeleteSnapshotsSuccess or DeleteSnapshotsFailure:
                // The next one does it.
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Apply(CalendarEntry entry)
    {
        switch (entry)
        {
            case DayMarked { IsClosed: false } opened:
                _shards[opened.Shard].Open(opened.Day);
                break;
            case DayMarked closed:
                _shards[closed.Shard].Close(closed.Day);
                break;
            case DaySettled settled:
                _shards[settled.Shard].Settle(settled.Day);
                break;
            case DeadlineNoted noted:
                _shards[noted.Student.ShardOf(_shards.Length)].Note(noted.Student, noted.Day);
                break;
        }
    }

    /// <summary>Makes an entry durable, with all others that wait for the same page.</summary>
    private void Keep(CalendarEntry entry, Action then)
    {
        _next.Add((entry, then));
        if (!_isKeeping)
            KeepNext();
    }

    private void KeepNext()
    {
        var page = _next.Take(PageMax).ToArray();
        _next.RemoveRange(0, page.Length);
        _isKeeping = true;
        PersistAsync(new CalendarPage([.. page.Select(entry => entry.Entry)]), _ =>
        {
            _isKeeping = false;
            foreach (var (entry, then) in page)
            {
                Apply(entry);
                then();
            }

            Snapshot(page.Length);
            if (!_isKeeping && _next.Count > 0)
                KeepNext();
        });
    }

    /// <summary>So seldom that they cost little beside the pages, and so often that a start reads no more than a few times what stands.</summary>
    private void Snapshot(int kept)
    {
        _sinceSnapshot += kept;
        if (_sinceSnapshot < Math.Max(SnapshotEntriesMin, 4 * _shards.Sum(shard => (long)shard.Count)))
            return;
        _sinceSnapshot = 0;
        SaveSnapshot(new CalendarSnapshot([
            .. _shards.SelectMany((days, shard) => days.Entries(shard)),
            .. _openings.SelectMany(opening => opening?.Unsettled() ?? []),
        ]));
    }

    private void Mark(MarkDay mark, IActorRef from)
    {
        var days = _shards[mark.Shard];
        if (mark.IsClosed && mark.Day <= days.LastClosed)
        {
            from.Tell(new DayIsMarked(mark.Shard, IsClosed: true, mark.Day));
        }
        else if (mark.IsClosed)
        {
            Keep(new DayMarked(mark.Shard, IsClosed: true, mark.Day), () => from.Tell(new DayIsMarked(mark.Shard, IsClosed: true, mark.Day)));
        }
        else if (!HasLetters)
        {
            // After a restart: what the ledgers have to say to claims is not known yet.
            _held.Enqueue((mark, from));
        }
        else if (_openings[mark.Shard] is { } opening)
        {
            opening.Wait(mark, from);
        }
        else
        {
            _openings[mark.Shard] = opening = new Opening(this, mark.Shard);
            opening.Wait(mark, from);
            opening.GoOn();
        }
    }

    private void Release()
    {
        while (HasLetters && _held.TryDequeue(out var held))
            Mark(held.Mark, held.From);
    }

    private void On(StudentId student, Action<Opening> what)
    {
        if (_openings[student.ShardOf(_shards.Length)] is { } opening)
            what(opening);
    }

    private void AskLedgers()
    {
        for (var party = 0; party < _letters.Length; party++)
        {
            if (_letters[party] is null)
                _ledgers.Tell(new AskLetters(party));
        }
    }

    private List<RecoveryLetter> LettersTo(int shard, DateOnly day)
    {
        var due = _letters.SelectMany(letters => letters!).Where(letter => letter.Student.ShardOf(_shards.Length) == shard && letter.Due <= day).ToList();
        due.Sort();
        return due;
    }

    private sealed class AskAgain : INoSerializationVerificationNeeded
    {
        public static readonly AskAgain Instance = new();
    }

    /// <summary>
    /// A shard's way to a day, one by one (design decision 12): the day stands, what fell due is fired, then what ledgers have to say is told. Whoever is asked and
    /// does not answer is asked again.
    /// </summary>
    private sealed class Opening(CalendarActor calendar, int shard)
    {
        private readonly Queue<(DateOnly Day, IActorRef From)> _waiting = new();
        private readonly Queue<StudentId> _due = new();
        private readonly HashSet<StudentId> _asked = [];
        private readonly Dictionary<long, RecoveryLetter> _letters = [];
        private bool _isPersisting;
        private bool _hasToSettle;
        private bool _hasTold;

        private ShardDays Days => calendar._shards[shard];

        public void Wait(MarkDay mark, IActorRef from) => _waiting.Enqueue((mark.Day, from));

        public void Fired(DueFired fired)
        {
            // Who was asked twice answers twice: of an earlier day it says nothing of this one.
            if (fired.Day == Days.Day && _asked.Remove(fired.Student))
                GoOn();
        }

        public void Told(long ticket)
        {
            if (_letters.Remove(ticket))
                GoOn();
        }

        public void AskAll()
        {
            foreach (var student in _asked)
                calendar._students.Tell(new FireDue(student, Days.Day), calendar.Self);
            foreach (var (ticket, letter) in _letters)
                calendar._students.Tell(new StudentCommand(ticket, Days.Day, letter.ToCommand(Days.Day)), calendar.Self);
        }

        /// <summary>Who was taken out of the calendar for the open day and has not answered.</summary>
        public IEnumerable<CalendarEntry> Unsettled() => _due.Concat(_asked).Select(student => new DeadlineNoted(student, Days.Day));

        public void GoOn()
        {
            if (_isPersisting)
                return;
            foreach (var student in Days.TakeDue())
                _due.Enqueue(student);
            while (_asked.Count < AskedMax && _due.TryDequeue(out var next))
            {
                if (_asked.Add(next))
                    calendar._students.Tell(new FireDue(next, Days.Day), calendar.Self);
                _hasToSettle = true;
            }

            if (_asked.Count > 0 || !HasTold())
                return;
            if (_hasToSettle)
            {
                _hasToSettle = false;
                Persist(new DaySettled(shard, Days.Day));
            }
            else if (_waiting.TryPeek(out var waiting))
            {
                GoTo(waiting.Day, waiting.From);
            }
            else
            {
                calendar._openings[shard] = null;
            }
        }

        private void GoTo(DateOnly day, IActorRef from)
        {
            if (Days.Day >= day)
            {
                _waiting.Dequeue();
                from.Tell(new DayIsMarked(shard, IsClosed: false, day));
                GoOn();
                return;
            }

            _hasTold = false;
            Persist(new DayMarked(shard, IsClosed: false, Days.NextUntil(day)));
        }

        /// <summary>True once the claims have heard what the ledgers had for them on this day.</summary>
        private bool HasTold()
        {
            if (!_hasTold)
            {
                _hasTold = true;
                foreach (var letter in calendar.LettersTo(shard, Days.Day))
                    _letters[++calendar._tickets] = letter;
                AskAll();
            }

            return _letters.Count == 0;
        }

        private void Persist(CalendarEntry entry)
        {
            _isPersisting = true;
            calendar.Keep(entry, () =>
            {
                _isPersisting = false;
                GoOn();
            });
        }
    }
}
