using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Tests.Actors;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Addressing;

public sealed class A_claim_is_a_persistent_actor : AddressedActors
{
    private const ulong Sheet = 64;

    [Fact]
    public void A_deposit_makes_it_and_any_actor_addresses_it()
    {
        Decide(Traffic.Registered(16));
        var (one, other) = (CreateTestProbe(), CreateTestProbe());
        Send(Traffic.Deposit(16, Sheet, Day), one);
        one.ExpectMsg<Reply>(reply => Assert.Equal(Outcome.Done, reply.Outcome));

        Send(new AskClaim(new StudentId(16), Sheet, Day), other);
        Assert.Equal(ClaimStatus.Deposited, Assert.IsType<ClaimAnswer>(other.ExpectMsg<Reply>().Answer).Status);
        Assert.Equal("claim-16-64", new ToClaim(Traffic.Deposit(16, Sheet, Day)).Recipient.ToString());
    }

    [Fact]
    public void Its_state_is_its_own_and_its_sheet_number_its_students()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.Registered(17)]);
        Decide(
            [
                .. Traffic.PaidClaim(16, Sheet, Day), Traffic.Deposit(16, Sheet + 1, Day),
                Traffic.Deposit(17, Sheet, Day)
            ]);

        Assert.Equal(
            [ClaimStatus.Paid, ClaimStatus.Deposited, ClaimStatus.Deposited],
            [StatusOf(16, Sheet), StatusOf(16, Sheet + 1), StatusOf(17, Sheet)]);
    }

    [Fact]
    public void It_takes_the_messages_of_a_sender_in_their_order()
    {
        Decide(Traffic.Registered(16));
        var commands = Traffic.PaidClaim(16, Sheet, Day);
        foreach (var command in commands)
            Send(command);

        // In another order some of them would have been refused.
        var replies = ReceiveN(commands.Length).Cast<Reply>().ToArray();
        Assert.Equal(commands.Select(command => command.Id), replies.Select(reply => reply.Command));
        Assert.DoesNotContain(replies, reply => reply.Outcome == Outcome.Refused);
    }

    [Fact]
    public void A_reply_comes_after_what_it_rests_on_is_durable()
    {
        Decide(Traffic.Registered(16));
        Harness.HoldCommits();
        Send(Traffic.Deposit(16, Sheet, Day));
        this.Until(() => Harness.Gate.IsHolding);
        Assert.False(HasMessages);
        Assert.Empty(EventsOf("claim-16-64"));

        Harness.ReleaseCommits();
        Assert.Equal(Outcome.Done, ExpectMsg<Reply>().Outcome);
        Assert.Single(EventsOf("claim-16-64"));
    }

    [Fact]
    public void It_recovers_after_a_kill()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.PaidClaim(16, Sheet, Day)[..2]]);
        Kill();

        Assert.Equal(ClaimStatus.Payable, StatusOf(16, Sheet));
        Decide(Traffic.PaidClaim(16, Sheet, Day)[2..]);
        Assert.Equal(ClaimStatus.Paid, StatusOf(16, Sheet));
    }

    [Fact]
    public void It_passivates_when_nothing_is_left_to_happen_and_returns_when_it_is_asked()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.PaidClaim(16, Sheet, Day)[..3]]);
        Assert.Equal(1, Harness.Runtime.Inspect().OpenClaims);
        Decide(Traffic.PaidClaim(16, Sheet, Day)[3]);
        Assert.Equal(0, Harness.Runtime.Inspect().OpenClaims);

        var claim = (ClaimAnswer)Ask(new AskClaim(new StudentId(16), Sheet, Day)).Answer!;
        Assert.Equal((ClaimStatus.Paid, 2), (claim.Status, claim.Lines.Length));
        Assert.Equal(
            Reason.ClaimClosed, Ask(new CompleteClaim(new StudentId(16), Sheet, Day, Day, FileItems.Invoice)).Reason);
    }

    [Fact]
    public void An_exception_in_its_conversation_restarts_its_student_with_his_claims_and_no_other()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.Registered(17)]);
        Decide(
            Traffic.Deposit(16, Sheet, Day), Traffic.Deposit(16, Sheet + 1, Day), Traffic.Deposit(17, Sheet + 2, Day));
        Harness.ThrowOnDecide(Sheet);
        Send(new ReceiveClaim(new StudentId(16), Sheet, Day, Day));
        Send(new ReceiveClaim(new StudentId(17), Sheet + 2, Day, Day));
        var replies = ReceiveN(2).Cast<Reply>().ToDictionary(reply => reply.Command.Reference);
        Harness.ThrowOnDecide(null);

        Assert.Equal((Outcome.Failed, Outcome.ClaimPayable), (replies[Sheet].Outcome, replies[Sheet + 2].Outcome));
        Assert.Equal([ClaimStatus.Deposited, ClaimStatus.Deposited], [StatusOf(16, Sheet), StatusOf(16, Sheet + 1)]);
        Assert.Equal(Outcome.ClaimPayable, Ask(new ReceiveClaim(new StudentId(16), Sheet, Day, Day)).Outcome);
    }

    [Fact]
    public void Its_events_are_numbered_from_one()
    {
        Decide([.. Traffic.Registered(16), .. Traffic.PaidClaim(16, Sheet, Day), Traffic.Deposit(16, Sheet + 1, Day)]);

        var events = EventsOf("claim-16-64");
        AssertNumberedFromOne(events);
        Assert.IsType<ClaimDeposited>(events[0].Event);
        Assert.All(events, e => Assert.Equal(Sheet, ((ClaimEvent)e.Event).Claim));
        Assert.Equal(1, Assert.Single(EventsOf("claim-16-65")).SequenceNr);
    }

    private ClaimStatus StatusOf(ulong student, ulong sheet) =>
        ((ClaimAnswer)Ask(new AskClaim(new StudentId(student), sheet, Day)).Answer!).Status;
}
