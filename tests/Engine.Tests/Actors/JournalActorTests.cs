using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Rules;

namespace Amoe.Engine.Tests.Actors;

/// <summary>The journal's own actor alone, by its messages.</summary>
public sealed class JournalActorTests : Akka.TestKit.Xunit2.TestKit
{
    private static readonly DateOnly Monday = new(2025, 9, 15);
    private readonly OneJournal _journal;

    public JournalActorTests()
        : this(new OneJournal())
    {
    }

    private JournalActorTests(OneJournal journal)
        : base(journal.Setup) => _journal = journal;

    [Fact]
    public void A_day_is_open_when_that_is_durable()
    {
        var actor = Start();
        _journal.Gate.Hold();
        actor.Tell(Open(Monday));
        this.Until(() => _journal.Gate.IsHolding);
        Assert.False(HasMessages);
        _journal.Gate.Release();
        ExpectMsg(new DayOpened(Monday, 0));
        Assert.Equal(Monday, Read().LastDay);
    }

    [Fact]
    public void Every_partition_that_waits_for_a_day_is_answered_and_the_day_is_written_once()
    {
        var actor = Start();
        _journal.Gate.Hold();
        for (var partition = 0; partition < 20; partition++)
            actor.Tell(Open(Monday));
        this.Until(() => _journal.Gate.IsHolding);
        _journal.Gate.Release();
        Assert.All(ReceiveN(20), answer => Assert.Equal(new DayOpened(Monday, 0), answer));
        Assert.Equal(2, Read().SequenceNumber);
    }

    [Fact]
    public void A_partition_that_lags_is_sent_all_open_days()
    {
        var actor = Start();
        OpenDays(actor, Monday, Monday.AddDays(1), Monday.AddDays(4));
        actor.Tell(Open(Monday.AddDays(-30)));
        ExpectMsg(new DayOpened(Monday.AddDays(4), 0));
    }

    [Fact]
    public void D9_a_rulebook_decides_from_the_next_day_on_for_all_or_for_none()
    {
        var actor = Start();
        OpenDays(actor, Monday);
        actor.Tell(new AdoptRulebook(Amendments.SpecialistFrom(Monday.AddDays(3), 20_000)));
        var adopted = ExpectMsg<AdoptedRulebook>();
        Assert.Equal((1, Monday), (adopted.Number, adopted.On));

        actor.Tell(Open(Monday));
        ExpectMsg(new DayOpened(Monday, 0));
        actor.Tell(Open(Monday.AddDays(1)));
        ExpectMsg(new DayOpened(Monday.AddDays(1), 1));

        // One that lags opens the days of before under the rulebook of before.
        actor.Tell(new OpenDay(new DayWanted(Monday, Monday.AddDays(1)), 0));
        ExpectMsg(new DayOpened(Monday, 0));
        Assert.Equal([adopted], Read().Adoptions);
    }

    [Fact]
    public void A_rulebook_that_changes_a_day_that_was_opened_is_refused_and_nothing_is_written()
    {
        var actor = Start();
        OpenDays(actor, Monday);
        actor.Tell(new AdoptRulebook(Amendments.SpecialistFrom(Monday, 20_000)));
        Assert.Contains(
            "the journal has reached 2025-09-15", ExpectMsg<Status.Failure>().Cause.Message, StringComparison.Ordinal);
        actor.Tell(new AdoptRulebook(Rulebook.Embedded));
        Assert.Contains(
            "under this rulebook already", ExpectMsg<Status.Failure>().Cause.Message, StringComparison.Ordinal);
        Assert.Equal(2, Read().SequenceNumber);
    }

    [Fact]
    public void The_next_one_recovers_what_the_last_one_wrote_and_goes_on()
    {
        var actor = Watch(Start());
        OpenDays(actor, Monday);
        actor.Tell(new AdoptRulebook(Amendments.SpecialistFrom(Monday.AddDays(3), 20_000)));
        ExpectMsg<AdoptedRulebook>();
        actor.Tell(Drain.Instance);
        ExpectTerminated(actor);

        var next = Start();
        next.Tell(Open(Monday));
        ExpectMsg(new DayOpened(Monday, 0));
        next.Tell(Open(Monday.AddDays(1)));
        ExpectMsg(new DayOpened(Monday.AddDays(1), 1));
    }

    [Fact]
    public void It_ends_after_the_write_in_flight()
    {
        var actor = Watch(Start());
        _journal.Gate.Hold();
        actor.Tell(Open(Monday));
        this.Until(() => _journal.Gate.IsHolding);
        actor.Tell(Drain.Instance);
        _journal.Gate.Release();
        ExpectMsg(new DayOpened(Monday, 0));
        ExpectTerminated(actor);
    }

    [Theory]
    [InlineData(nameof(WriteFault.Fails))]
    [InlineData(nameof(WriteFault.Rejects))]
    [InlineData(nameof(WriteFault.LosesReply))]
    public void A_write_that_fails_is_said_to_who_asked_and_ends_the_actor(string fault)
    {
        var actor = Watch(Start());
        _journal.Gate.FailNext(Enum.Parse<WriteFault>(fault));
        actor.Tell(Open(Monday));
        ExpectMsg<DayNotOpened>();
        ExpectTerminated(actor);
        Assert.NotNull(_journal.Context.Store.Fault);

        // The next one finds out what became of it.
        Start().Tell(Open(Monday));
        ExpectMsg(new DayOpened(Monday, 0));
        Assert.Equal(2, Read().SequenceNumber);
    }

    [Fact]
    public void An_adoption_that_fails_says_why()
    {
        var actor = Watch(Start());
        _journal.Gate.FailNext(WriteFault.Fails);
        actor.Tell(new AdoptRulebook(Amendments.SpecialistFrom(Monday, 20_000)));
        var failure = ExpectMsg<Status.Failure>();
        Assert.Contains("the disk is full", failure.Cause.Message, StringComparison.Ordinal);
        ExpectTerminated(actor);
    }

    [Fact]
    public void What_is_asked_while_no_actor_serves_is_answered_by_the_supervisor()
    {
        var supervisor = Sys.ActorOf(
            Props.Create(() =>
                new PartitionSupervisor(Array.Empty<PartitionHost>(), _journal.Context, new TaskCompletionSource())));
        supervisor.Tell(Open(Monday));
        ExpectMsg<DayNotOpened>();
        supervisor.Tell(new AdoptRulebook(Amendments.SpecialistFrom(Monday, 20_000)));
        Assert.Contains("does not serve", ExpectMsg<Status.Failure>().Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_serializer_that_throws_ends_the_actor_and_no_day_is_open()
    {
        var actor = Watch(Start());
        _journal.Gate.SerializerThrows = true;
        actor.Tell(Open(Monday));
        ExpectMsg<DayNotOpened>();
        ExpectTerminated(actor);
        Assert.Equal(default, Read().LastDay);
    }

    [Theory]
    [InlineData(
        "UPDATE journal SET message = zeroblob(64) WHERE persistence_id = 'journal' AND sequence_number = 2",
        "is damaged")]
    [InlineData("DELETE FROM journal WHERE persistence_id = 'journal' AND sequence_number = 2", "is damaged")]
    [InlineData(
        "UPDATE journal SET deleted = 1 WHERE persistence_id = 'journal' AND sequence_number = 3", "can be read")]
    public void Entries_that_cannot_be_followed_are_named(string damage, string named)
    {
        var actor = Watch(Start());
        OpenDays(actor, Monday, Monday.AddDays(1));
        actor.Tell(Drain.Instance);
        ExpectTerminated(actor);
        Sql.Run(_journal.Context.Journal.Name, damage);

        Sys.ActorOf(_journal.Context.Own.Props);
        this.Until(() => _journal.Context.Own.Failure is not null);
        Assert.Contains(named, _journal.Context.Own.Failure!.Error.Message, StringComparison.Ordinal);
        Assert.True(_journal.Context.Own.Failure.IsFinal);
    }

    protected override void AfterAll()
    {
        _journal.Gate.Release();
        base.AfterAll();
        _journal.Dispose();
    }

    private static OpenDay Open(DateOnly day) => new(new DayWanted(day, day), 0);

    private IActorRef Start() => _journal.StartIn(this, _journal.Context.Own);

    private void OpenDays(IActorRef actor, params ReadOnlySpan<DateOnly> days)
    {
        foreach (var day in days)
        {
            actor.Tell(Open(day));
            ExpectMsg(new DayOpened(day, 0));
        }
    }

    /// <summary>The entries that another process reads in the file.</summary>
    private JournalBook Read()
    {
        using var journal = SqliteJournal.OpenReadOnly(_journal.Context.Journal.Name);
        return journal.ReadBook();
    }
}
