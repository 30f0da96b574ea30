using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit2;
using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Akka.Tests;

/// <summary>The calendar and the ledgers go on from a snapshot: of what it stands for nothing is read again.</summary>
public sealed class SnapshotTests : TestKit
{
    private static readonly DateOnly _day = new(2025, 9, 1);
    private readonly GatedStore _store;

    public SnapshotTests()
        : this(new GatedStore())
    {
    }

    private SnapshotTests(GatedStore store)
        : base(AkkaConfiguration.Of(new AkkaOptions(), AkkaHarness.StoreConfig(store))) => _store = store;

    [Fact]
    public void The_calendar_knows_its_days_who_is_due_and_who_had_not_answered()
    {
        var students = CreateTestProbe();
        var identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0);
        var (due, later) = (_day.AddDays(30), _day.AddDays(60));
        var calendar = Sys.ActorOf(CalendarActor.Props(identity, students, students));
        Note(calendar, new StudentId(1), due);
        Note(calendar, new StudentId(2), later);
        calendar.Tell(new MarkDay(0, IsClosed: true, _day));
        calendar.Tell(new MarkDay(0, IsClosed: false, due));
        Assert.Equal(new FireDue(new StudentId(1), due), students.ExpectMsg<FireDue>());

        // A student's deadline is noted with every record of his, mostly for the same day: that is what snapshots save.
        var far = _day.AddDays(90);
        for (var i = 0; i < 10_000; i++)
            calendar.Tell(new LookAgain(new StudentId(3), far));
        ReceiveN(10_000, TimeSpan.FromSeconds(30));
        var snapshot = Assert.IsType<CalendarSnapshot>(Saved("calendar"));
        Assert.Equal(5, snapshot.Entries.Count);
        Assert.Equal(snapshot.Entries, ((CalendarSnapshot)ThroughBytes(snapshot)).Entries);
        Stop(calendar);

        var next = Sys.ActorOf(CalendarActor.Props(identity, students, students));
        next.Tell(AskDays.Instance);
        var days = FishForMessage<Days.Days>(_ => true);
        Assert.Equal((due, _day), (days.Open[0], days.Closed[0]));
        next.Tell(new MarkDay(0, IsClosed: false, far));
        foreach (var (student, when) in new[] { (1UL, due), (2UL, later), (3UL, far) })
        {
            var asked = (FireDue)students.FishForMessage(message => message is FireDue fire && fire.Student.Value == student);
            Assert.Equal(when, asked.Day);
            students.Reply(new DueFired(asked.Student, asked.Day));
        }

        Assert.Equal(far, FishForMessage<DayIsMarked>(marked => !marked.IsClosed).Day);
    }

    [Fact]
    public void Ledgers_keep_what_they_took_what_waits_for_the_next_day_and_whose_postings_they_have()
    {
        // The same postings, and one of the two is started again.
        var ledgers = Enumerable.Range(0, 2).Select(Started).ToArray();
        foreach (var party in Enumerable.Range(0, 2))
        {
            for (var record = 1L; record <= 600; record++)
                Post(ledgers[party], party, student: 1 + ((ulong)record % 7), record, _day);
            for (var record = 601L; record <= 1_200; record++)
                Post(ledgers[party], party, student: 1 + ((ulong)record % 7), record, _day.AddDays(1));
            Open(ledgers[party], party, _day.AddDays(1));
        }

        var snapshot = Assert.IsType<LedgerSnapshot>(Saved("ledgers-0"));
        Assert.Equal(snapshot.Bytes, ((LedgerSnapshot)ThroughBytes(snapshot)).Bytes);
        Stop(ledgers[0]);
        ledgers[0] = Started(0);
        foreach (var party in Enumerable.Range(0, 2))
        {
            // Kept already.
            Post(ledgers[party], party, student: 1 + (1_200UL % 7), 1_200, _day.AddDays(1));
            Open(ledgers[party], party, _day.AddDays(2));
            Post(ledgers[party], party, student: 1, 1_201, _day.AddDays(2));
            Open(ledgers[party], party, _day.AddDays(3));
        }

        // Spoilt is what the snapshot stands for; the rest is the same.
        var (again, undisturbed) = (_store.Of("ledgers-0"), _store.Of("ledgers-1"));
        Assert.Equal(undisturbed.Count, again.Count);
        Assert.Equal(undisturbed.Skip(1_201).Select(e => Convert.ToHexString(e.Bytes)), again.Skip(1_201).Select(e => Convert.ToHexString(e.Bytes)));
    }

    private void Note(IActorRef calendar, StudentId student, DateOnly day)
    {
        calendar.Tell(new LookAgain(student, day));
        ExpectMsg<DeadlineHeard>();
    }

    private IActorRef Started(int party) => Sys.ActorOf(PartyShardActor.Props(party, TestActor));

    private void Post(IActorRef ledgers, int party, ulong student, long record, DateOnly day)
    {
        Posting[] postings =
        [
            new(PartyId.Institution((int)student), PostingKind.Collected, 10_000 + record, default, new StudentId(student)),
            new(PartyId.Provider(3), PostingKind.Overpaid, record, PaymentMethod.BankTransfer, new StudentId(student), (ulong)record),
        ];
        ledgers.Tell(new TakePostings(party, new StudentId(student), record, day, postings));
        Assert.Equal(record, ExpectMsg<PostingsAccepted>().Record);
    }

    private void Open(IActorRef ledgers, int party, DateOnly day)
    {
        ledgers.Tell(new OpenLedgerDay(party, day));
        ExpectMsg<LedgerLetters>();
        ledgers.Tell(new LettersHeard(party));
        Assert.Equal(day, ExpectMsg<LedgerDayIsOpen>().Day);
    }

    /// <summary>Waits for an actor's snapshot, and makes unreadable what it stands for.</summary>
    private object Saved(string persistenceId)
    {
        var asker = CreateTestProbe();
        SelectedSnapshot? saved = null;
        AwaitAssert(
            () =>
            {
                Persistence.Instance.Apply(Sys).SnapshotStoreFor(null).Tell(new LoadSnapshot(persistenceId, SnapshotSelectionCriteria.Latest, long.MaxValue), asker);
                saved = asker.ExpectMsg<LoadSnapshotResult>().Snapshot;
                Assert.NotNull(saved);
            },
            TimeSpan.FromSeconds(20));
        _store.Spoil(persistenceId, saved!.Metadata.SequenceNr);
        return saved.Snapshot;
    }

    private static object ThroughBytes(object snapshot)
    {
        var serializer = new AmoeSerializer(null!);
        return serializer.FromBinary(serializer.ToBinary(snapshot), serializer.Manifest(snapshot));
    }

    private void Stop(IActorRef actor)
    {
        Watch(actor);
        actor.Tell(PoisonPill.Instance);
        FishForMessage<Terminated>(_ => true);
    }
}
