using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>What the totals keep by day, and the denominators of clocks.</summary>
public sealed class DayFiguresTests
{
    private static readonly StudentId _first = new(1);
    private static readonly DateOnly _day = Traffic.Day;

    private readonly SingleCore _single = new();

    private Totals Totals => _single.Core.State.Totals;

    [Fact]
    public void An_application_waits_at_one_place_at_a_time_and_each_day_has_its_close()
    {
        Ask(Traffic.Declare(1), Traffic.Declare(2));
        Ask(new ForwardApplication(_first, 1, _day.AddDays(1), _day.AddDays(1), ApplicationDesk.Onousc));
        Ask(new TransmitApplication(_first, 1, _day.AddDays(3), _day.AddDays(3)));
        Ask(new AnswerFromAnam(_first, 1, _day.AddDays(4), _day.AddDays(4), CoverageKind.None));

        Assert.Equal([2, 1, 1, 1, 1], Closing(DayFigure.NotForwarded));
        Assert.Equal([0, 1, 1, 0, 0], Closing(DayFigure.AtOnousc));
        Assert.Equal([0, 0, 0, 1, 0], Closing(DayFigure.WithAnam));
        Assert.Equal([0, 0, 0, 0, 1], Closing(DayFigure.Active));
        Assert.Equal([2, 0, 0, 0, 0], Totals.Days.Changes(DayFigure.Declarations, _day, Totals.Day));
        Assert.Equal((2, 1), (Totals.Days.Peak(DayFigure.NotForwarded), Totals.ActivePeak));
    }

    [Fact]
    public void A_request_for_approval_waits_until_it_is_decided_and_again_when_the_decision_is_taken_back()
    {
        Ask(Traffic.Registered(1));
        Ask(
            new RequestApproval(_first, 3, _day, _day, Act.Physiotherapy, 10),
            new RequestApproval(_first, 4, _day, _day, Act.Physiotherapy, 10));
        Ask(
            new DecideApproval(_first, 3, _day.AddDays(1), _day.AddDays(1), 10),
            new DecideApproval(_first, 4, _day.AddDays(1), _day.AddDays(1), 0));
        Ask(new CorrectFact(
            _first, 5, _day.AddDays(1), _day.AddDays(2), CommandKind.DecideApproval, Request: 4));

        Assert.Equal([2, 0, 1], Closing(DayFigure.ApprovalsPending));
        Assert.Equal(2, Totals.ClocksMeasured(Clock.ApprovalAnswer));
    }

    [Fact]
    public void A_claim_waits_for_a_physician_from_the_hold_to_the_review()
    {
        Ask(Traffic.Registered(1));
        Ask(Deposit(care: _day, paid: 600_000), new ReceiveClaim(_first, 64, _day, _day));
        Ask(new ReviewClaim(_first, 64, _day.AddDays(9), _day.AddDays(9), Granted: true));

        Assert.Equal([.. Enumerable.Repeat(1L, 9), 0], Closing(DayFigure.ReviewsPending));
        Assert.Equal(0, Totals[Counter.ReviewsPending]);
    }

    [Fact]
    public void A_transfer_is_measured_where_the_fund_knew_that_the_student_paid()
    {
        Ask(Traffic.Registered(1));
        Ask(new ReceiveContribution(_first, 1, _day, _day, 20_000, 2025));
        Assert.Equal(0, Totals.ClocksMeasured(Clock.ContributionTransfer));

        Ask(Traffic.Registered(2));
        var second = new StudentId(2);
        Ask(
            new PayContribution(second, 1, _day, _day, 40_000, 3, 2025),
            new ReceiveContribution(second, 2, _day, _day, 20_000, 2025),
            new ReceiveContribution(second, 3, _day, _day, 20_000, 2025),
            new ReceiveContribution(second, 4, _day, _day, 20_000, 2025));

        Assert.Equal(2, Totals.ClocksMeasured(Clock.ContributionTransfer));
    }

    [Fact]
    public void Days_from_deposit_to_payment_are_counted_with_the_confirmation()
    {
        Ask(Traffic.Registered(1));
        Ask(
            Traffic.Deposit(1, 64, _day), new ReceiveClaim(_first, 64, _day.AddDays(4), _day.AddDays(4)),
            new OrderPayment(_first, 64, _day.AddDays(20), _day.AddDays(20)));
        Assert.Equal(0, Totals[Counter.PaymentDays]);

        // What counts is the day of the confirmation, and the month that of its knowledge.
        Ask(new ConfirmPayment(_first, 64, _day.AddDays(20), _day.AddDays(23)));

        Assert.Equal((1, 20), (Totals.Payments.Confirmed, Totals[Counter.PaymentDays]));
        Assert.Equal(1, Totals.PaymentsWithin(PaymentTime.UpTo30Days));
        Assert.Equal(1, Totals.Days.Changes(DayFigure.PaymentsConfirmed, _day, Totals.Day)[^1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void A_replay_has_the_same_days_whatever_its_buckets(int buckets)
    {
        for (var student = 1ul; student <= 9; student++)
        {
            Ask(Traffic.Registered(student, _day.AddDays((int)student)));
            Ask(Traffic.PaidClaim(student, student * 64, _day.AddDays((int)student + 1)));
        }

        _single.PostDay(CommandKind.CloseDay, _day.AddDays(12));
        _single.RunUntilIdle();

        var replayed = _single.Replayed(buckets).Totals;
        Assert.Equal(_day.AddDays(12), replayed.Day);
        foreach (var figure in Enum.GetValues<DayFigure>().Where(figure => figure != DayFigure.Last))
            Assert.Equal(Closing(figure), replayed.Days.Closing(figure, _day, replayed.Day));
        Assert.Equal(Totals[Counter.Claims], Closing(DayFigure.Claims)[^1]);
    }

    private void Ask(params ReadOnlySpan<Command> commands) =>
        Assert.All(_single.Ask(commands), reply => Assert.NotEqual(Outcome.Refused, reply.Outcome));

    private long[] Closing(DayFigure figure) => Totals.Days.Closing(figure, _day, Totals.Day);

    private static DepositClaim Deposit(DateOnly care, uint paid) => Traffic.Deposit(1, 64, care) with
    {
        Lines = [new ClaimLine(Act.GeneralPractitioner, CareSector.Private, care, 1, paid, 0)],
    };
}
