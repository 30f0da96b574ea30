using Akka.Actor;
using Akka.TestKit.Xunit2;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Akka.Watch;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Akka.Tests;

/// <summary>What Akka.NET's own parts do for a single actor: supervision with back-off, timers, singletons started again.</summary>
public sealed class SupervisionTests : TestKit
{
    private static readonly StudentId _student = new(1);
    private static readonly TimeSpan BackOff = TimeSpan.FromSeconds(1);
    private readonly GatedStore _store;
    private readonly FaultyLogic _logic = new(new AmoeLogic(Rulebook.Embedded));

    public SupervisionTests()
        : this(new GatedStore())
    {
    }

    private SupervisionTests(GatedStore store)
        : base(AkkaConfiguration.Of(new AkkaOptions(), AkkaHarness.StoreConfig(store))) => _store = store;

    [Fact]
    public void A_student_whose_store_failed_says_so_is_away_for_a_while_and_knows_only_what_is_durable()
    {
        var actor = Student();
        _store.FailNext = true;
        actor.Tell(new StudentCommand(7, Traffic.Day, Traffic.Declare(1)));
        Assert.Equal(7, ExpectMsg<PersistFailed>().Ticket);

        // Stopped by Akka.Persistence, and started again by its supervisor after the back-off.
        AwaitAssert(() =>
        {
            actor.Tell(new ResolveCommand(8, Traffic.Day, Traffic.Declare(1)));
            Assert.Equal(_student, ExpectMsg<StudentAway>(TimeSpan.FromSeconds(1)).Student);
        });
        AwaitAssert(
            () =>
            {
                actor.Tell(new ResolveCommand(9, Traffic.Day, Traffic.Declare(1)));
                Assert.Equal(Outcome.Unknown, ExpectMsg<StudentReply>(TimeSpan.FromMilliseconds(200)).Reply.Outcome);
            },
            TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_claim_that_throws_takes_its_student_down_and_both_begin_again_without_a_wait()
    {
        var actor = Student();
        foreach (var (command, ticket) in Traffic.Registered(1).Append(Traffic.Deposit(1, 64, Traffic.Day)).Select((command, i) => (command, (long)i)))
        {
            actor.Tell(new StudentCommand(ticket, Traffic.Day, command));
            Assert.True(Reply(ticket).IsDecision);
        }

        _logic.PoisonedReference = 64;
        actor.Tell(new StudentCommand(10, Traffic.Day, new Domain.Claims.ReceiveClaim(_student, 64, Traffic.Day, Traffic.Day)));
        Assert.Equal(Outcome.Failed, Reply(10).Outcome);
        _logic.PoisonedReference = null;
        actor.Tell(new StudentCommand(11, Traffic.Day, new Domain.Claims.ReceiveClaim(_student, 64, Traffic.Day, Traffic.Day)));
        Assert.Equal(Outcome.ClaimPayable, Reply(11).Outcome);
    }

    [Fact]
    public void A_deadline_is_with_the_calendar_before_it_stands()
    {
        var calendar = CreateTestProbe();
        var actor = Student(calendar.Ref);
        var commands = Traffic.Registered(1);
        for (var i = 0; i < commands.Length; i++)
        {
            actor.Tell(new StudentCommand(i, Traffic.Day, commands[i]));
            if (i < commands.Length - 1)
                Assert.True(ExpectMsg<StudentReply>().Reply.IsDecision);
        }

        // Accepted, and a right has an end: nothing stands until the calendar has heard, who is asked again and again.
        var asked = calendar.ExpectMsg<LookAgain>();
        Assert.Equal(asked, calendar.ExpectMsg<LookAgain>(TimeSpan.FromSeconds(5)));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Assert.Equal(3, _store.Of("student-1").Count);
        calendar.Reply(new DeadlineHeard(asked.Student, asked.Day));
        Assert.Equal(Outcome.ApplicationAccepted, ExpectMsg<StudentReply>().Reply.Outcome);
        Assert.Equal(4, _store.Of("student-1").Count);
    }

    [Fact]
    public void Who_answers_twice_because_he_was_asked_twice_does_not_end_what_is_decided_next()
    {
        // On a cluster that had just begun a party shard came up late and answered each question of it; a student then answered a command before it was decided.
        var ledgers = CreateTestProbe();
        var listener = Sys.ActorOf(Props.Create(() => new Listener()));
        var setup = new StudentSetup(_logic, listener, ledgers, 1, TimeSpan.FromMinutes(1), 100, new Gauge(), _ => { });
        var actor = Sys.ActorOf(Supervised.Student(_student, setup, BackOff));
        var life = Traffic.Registered(1).Concat(Traffic.PaidClaim(1, 64, Traffic.Day)).ToList();
        for (var i = 0; i < life.Count - 1; i++)
        {
            actor.Tell(new StudentCommand(i, Traffic.Day, life[i]));
            if (life[i] is Domain.Claims.OrderPayment)
            {
                var asked = ledgers.ExpectMsg<TakePostings>();
                Assert.Equal(asked.Record, ledgers.ExpectMsg<TakePostings>(TimeSpan.FromSeconds(5)).Record);
                ledgers.Reply(new PostingsAccepted(0, _student, asked.Record));
            }

            Assert.True(Reply(i).IsDecision);
        }

        actor.Tell(new StudentCommand(99, Traffic.Day, life[^1]));
        ledgers.Send(actor, new PostingsAccepted(0, _student, life.Count - 1));
        ledgers.ExpectMsg<TakePostings>();
        ledgers.Reply(new PostingsAccepted(0, _student, life.Count - 1));
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        ledgers.Reply(new PostingsAccepted(0, _student, life.Count));
        Assert.Equal(life[^1].Id, Reply(99).Command);
    }

    [Fact]
    public void A_calendar_that_is_started_again_asks_those_who_had_not_answered()
    {
        var students = CreateTestProbe();
        var identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, 1, Rulebook.EmbeddedText, "tests", 0, 0);
        var (due, opened) = (Traffic.Day.AddDays(30), new DateOnly(2025, 9, 1));
        var calendar = Sys.ActorOf(CalendarActor.Props(identity, students, students));
        calendar.Tell(new MarkDay(0, IsClosed: false, opened));
        ExpectMsg<DayIsMarked>();
        calendar.Tell(new LookAgain(_student, due));
        ExpectMsg<DeadlineHeard>();
        calendar.Tell(new MarkDay(0, IsClosed: false, due));
        Assert.Equal(due, students.ExpectMsg<FireDue>().Day);
        Watch(calendar);
        calendar.Tell(PoisonPill.Instance);
        ExpectTerminated(calendar);

        // Another host's: the day was open already, and its deadlines not fired.
        var next = Sys.ActorOf(CalendarActor.Props(identity, students, students));
        next.Tell(new MarkDay(0, IsClosed: false, due));
        Assert.Equal(new FireDue(_student, due), students.ExpectMsg<FireDue>());
        students.Reply(new DueFired(_student, due));
        Assert.Equal(due, ExpectMsg<DayIsMarked>().Day);
    }

    private Reply Reply(long ticket) => FishForMessage<StudentReply>(reply => reply.Ticket == ticket).Reply;

    /// <param name="calendar">Whoever plays it; null for one that hears at once.</param>
    private IActorRef Student(IActorRef? calendar = null)
    {
        var hears = calendar ?? Sys.ActorOf(Props.Create(() => new Listener()));
        var setup = new StudentSetup(_logic, hears, ActorRefs.Nobody, 0, TimeSpan.FromMinutes(1), 100, new Gauge(), _ => { });
        return Sys.ActorOf(Supervised.Student(_student, setup, BackOff));
    }

    private sealed class Listener : ReceiveActor
    {
        public Listener() => Receive<LookAgain>(look => Sender.Tell(new DeadlineHeard(look.Student, look.Day)));
    }
}
