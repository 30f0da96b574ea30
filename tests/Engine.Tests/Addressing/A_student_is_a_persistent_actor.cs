using Akka.Actor;
using Akka.Streams.Dsl;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Tests.Actors;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Addressing;

public sealed class A_student_is_a_persistent_actor : AddressedActors
{
    [Fact]
    public void Any_actor_addresses_it_and_the_reply_goes_to_the_sender()
    {
        var (one, other) = (CreateTestProbe(), CreateTestProbe());
        Send(Traffic.Declare(16), one);
        Send(Traffic.Declare(17), other);

        Assert.Equal(Outcome.Done, one.ExpectMsg<Reply>().Outcome);
        Assert.Equal(Outcome.Done, other.ExpectMsg<Reply>().Outcome);
        Assert.Equal(Harness.Partitions.Students, one.Sender);
    }

    [Fact]
    public void What_is_for_a_claim_is_not_sent_to_it()
    {
        var deposit = Traffic.Deposit(16, 64, Day);
        Assert.Contains(
            "send it as ToClaim", Assert.Throws<ArgumentException>(() => new ToStudent(deposit)).Message,
            StringComparison.Ordinal);
        Assert.IsType<ToClaim>(ToActor.Of(deposit));
        Assert.Equal("student-16", new ToStudent(Traffic.Declare(16)).Recipient.ToString());
    }

    [Fact]
    public void Its_state_is_its_own()
    {
        Decide(Traffic.Registered(16));
        Decide(Traffic.Declare(17));

        Assert.True(AskEntitlement(16).Entitled);
        Assert.False(AskEntitlement(17).Entitled);
    }

    [Fact]
    public void It_takes_one_message_at_a_time_and_those_of_a_sender_in_their_order()
    {
        const int each = 200;
        var (one, other) = (CreateTestProbe(), CreateTestProbe());
        for (var n = 1ul; n <= each; n++)
        {
            Send(Traffic.Declare(16, reference: n), one);
            Send(Traffic.Declare(16, reference: each + n), other);
        }

        Assert.Equal(
            Enumerable.Range(1, each), one.ReceiveN(each).Select(reply => (int)((Reply)reply).Command.Reference));
        Assert.Equal(
            Enumerable.Range(each + 1, each),
            other.ReceiveN(each).Select(reply => (int)((Reply)reply).Command.Reference));

        // A second at the same time would have given two declarations, or one number twice.
        var events = EventsOf("student-16");
        Assert.Equal(2 * each, events.Count);
        AssertNumberedFromOne(events);
        Assert.Single(events, e => e.Event is DeclarationRecorded);
    }

    [Fact]
    public void A_reply_comes_after_what_it_rests_on_is_durable()
    {
        Harness.HoldCommits();
        Send(Traffic.Declare(16));
        this.Until(() => Harness.Gate.IsHolding);
        Assert.False(HasMessages);
        Assert.Empty(EventsOf("student-16"));

        Harness.ReleaseCommits();
        Assert.Equal(Outcome.Done, ExpectMsg<Reply>().Outcome);
        Assert.Single(EventsOf("student-16"));
    }

    [Fact]
    public void It_recovers_after_a_kill()
    {
        Decide(Traffic.Registered(16));
        var before = EventsOf("student-16");
        Kill();

        Assert.True(AskEntitlement(16).Entitled);
        Assert.Equal(before.Select(e => e.Event), EventsOf("student-16").Select(e => e.Event));
    }

    [Fact]
    public void The_same_command_has_its_first_outcome_after_a_kill_too()
    {
        Decide(Traffic.Registered(16));
        Kill();

        Assert.Equal(Outcome.ApplicationAccepted, Ask(Traffic.Registered(16)[^1]).Outcome);
        Assert.Equal(Outcome.Conflict, Ask(Traffic.Declare(16, coverage: CoverageKind.Cnss)).Outcome);
    }

    [Fact]
    public async Task What_was_lost_before_it_was_durable_is_answered_unknown_and_can_be_sent_again()
    {
        Harness.FailNextCommit();
        Assert.Equal(Outcome.Unknown, Ask(Traffic.Declare(16)).Outcome);
        await Harness.Served();

        Assert.Equal(Outcome.Done, Ask(Traffic.Declare(16)).Outcome);
        Assert.Single(EventsOf("student-16"));
    }

    [Fact]
    public void An_exception_restarts_it_alone()
    {
        const ulong poisoned = 66;
        Decide(Traffic.Registered(16));
        Decide(Traffic.Declare(17));
        Harness.ThrowOnDecide(poisoned);
        Send(Traffic.Declare(16, reference: poisoned));
        Send(Traffic.Declare(17, reference: 2));
        var replies = ReceiveN(2).Cast<Reply>().ToDictionary(reply => reply.Command.Reference);
        Harness.ThrowOnDecide(null);

        Assert.Equal(Outcome.Failed, replies[poisoned].Outcome);
        Assert.Equal(Outcome.Refused, replies[2].Outcome);
        Assert.True(AskEntitlement(16).Entitled);
        Assert.DoesNotContain(EventsOf("student-16"), e => e.Event is CommandRefused);
    }

    [Fact]
    public void It_says_overloaded_when_too_many_wait()
    {
        Use(new EngineOptions { MailboxMessagesMax = 1 });
        Harness.HoldCommits();
        Send(Traffic.Declare(16));
        Send(Traffic.Declare(16, reference: 2));

        Assert.Equal(
            (Outcome.Overloaded, 2ul),
            (ExpectMsg<Reply>() is var reply ? reply.Outcome : default, reply.Command.Reference));
        Harness.ReleaseCommits();
        Assert.Equal(Outcome.Done, ExpectMsg<Reply>().Outcome);
    }

    [Fact]
    public void Its_events_are_numbered_from_one_and_those_of_its_claims_are_apart()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.PaidClaim(16, 64, Day)]);

        var events = EventsOf("student-16");
        AssertNumberedFromOne(events);
        Assert.DoesNotContain(events, e => e.Event is ClaimEvent);
        Assert.All(
            events,
            e => Assert.Equal(("student-16", Day.ToDateTime(TimeOnly.MinValue).Ticks), (e.PersistenceId, e.Timestamp)));
        Assert.Equal([2L, 3L], EventsOf("student-16", from: 2, to: 3).Select(e => e.SequenceNr));
        Assert.Empty(EventsOf("student-18"));
    }

    [Fact]
    public async Task Who_asks_for_its_events_to_come_has_them_and_the_stream_ends_with_the_last_one_asked_for()
    {
        Decide(Traffic.Declare(16));
        var heard = CreateTestProbe();
        var ended = ReadJournal.EventsByPersistenceId("student-16", 0, 3)
            .RunForeach(e => heard.Ref.Tell(e.SequenceNr), Materializer);
        heard.ExpectMsg(1L);

        Decide(Traffic.Registered(16)[1..]);
        heard.ExpectMsg(2L);
        heard.ExpectMsg(3L);
        await ended.WaitAsync(RemainingOrDefault);
    }

    [Fact]
    public async Task It_is_among_the_current_persistence_ids_with_its_claims()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.PaidClaim(16, 64, Day), .. Traffic.Registered(17)]);

        var ids = await ReadJournal.CurrentPersistenceIds().RunWith(Sink.Seq<string>(), Materializer);
        Assert.Equal(["claim-16-64", "student-16", "student-17"], ids.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("student-")]
    [InlineData("student-016")]
    [InlineData("student-1x")]
    [InlineData("claim-16")]
    [InlineData("claim-16-64-1")]
    [InlineData("partition-0")]
    public void An_unknown_persistence_id_is_refused_by_name(string id) =>
        Assert.Contains(
            $"«{id}»",
            Assert.Throws<ArgumentException>(() =>
                ReadJournal.CurrentEventsByPersistenceId(id, 0, long.MaxValue)).Message,
            StringComparison.Ordinal);
}
