using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

/// <summary>Claims that do not go straight from file to payment.</summary>
public sealed class DetourTests
{
    private static readonly Rehearsal Year = new Rehearsal(scale: 20).Open().Run();

    private static readonly ILookup<(StudentId, ulong), (DateOnly Day, Step Step, Command Command)> OfClaim =
        Year.Sent.Where(sent => sent.Command is ClaimCommand)
            .ToLookup(sent => (sent.Command.Student, sent.Command.Reference));

    [Fact]
    public void Every_command_to_a_claim_is_sent()
    {
        var sent = Year.Sent.Select(sent => sent.Command.Kind).ToHashSet();
        Assert.All(
            Enum.GetValues<CommandKind>().Where(kind =>
                kind is >= CommandKind.DepositClaim and <= CommandKind.ReopenClaim),
            kind => Assert.Contains(kind, sent));
    }

    [Fact]
    public void A_held_claim_is_decided_once_and_then_paid_or_not()
    {
        var held = Year.Log.Where(entry =>
            entry.Outcome == Outcome.ClaimHeld && entry.Day < Rehearsal.Scenario.Horizon.Closes.AddDays(-30)).ToList();
        Assert.NotEmpty(held);
        Assert.All(held, entry =>
        {
            var claim = OfClaim[(entry.Student, entry.Id.Reference)].ToList();
            var decided = claim.Single(sent => sent.Command is ReviewClaim or ResolveDuplicate).Command;
            var pays = decided is ReviewClaim { Granted: true } or ResolveDuplicate { IsDuplicate: false };
            Assert.Equal(pays, claim.Any(sent => sent.Command is OrderPayment { Attempt: 0 }));
        });
    }

    // A national year of late facts stopped at a command whose id was used before with another day: two facts had held
    // the claim.
    [Fact]
    public void Two_facts_that_hold_a_claim_before_it_is_decided_ask_for_two_decisions_of_their_own()
    {
        var (opens, days) = (Rehearsal.Scenario.Horizon.Opens, Rehearsal.Scenario.Horizon.Days);
        var (traffic, agenda) = (new StudentTraffic(
            Rehearsal.Scenario, new Population(Rehearsal.Scenario, 42, 1), Rulebook.Embedded), new Agenda(opens, days));
        var student = Population.IdOf(0);
        foreach (var day in new[] { 100, 101 })
        {
            traffic.React(
                student, new CommandId(CommandKind.CorrectFact, (ulong)day), Outcome.Done, Reason.None,
                opens.AddDays(day), agenda,
                [new RevisedClaim(student.Value << 6 | 1, Revision.HeldForReview)]);
        }

        var (steps, commands) = (new List<Step>(), new List<Command>());
        for (var day = opens; day < opens.AddDays(days); day = day.AddDays(1))
        {
            agenda.TakeNext(steps);
            foreach (var step in steps)
                traffic.Act(step, day, commands, agenda.Marginals);
        }

        var reviews = commands.OfType<ReviewClaim>().ToList();
        Assert.Equal(
            reviews.Select(review => review.Effective).Distinct().Count(),
            reviews.Select(review => review.Id).Distinct().Count());
        Assert.InRange(reviews.Count, 1, 2);
    }

    [Fact]
    public void A_sheet_sent_again_claims_the_same_care_of_the_same_provider()
    {
        var again = Year.Sent.Where(sent => sent.Step.Kind == StepKind.Deposit && Sheet.IsAgain(sent.Step.Number))
            .Select(sent => (DepositClaim)sent.Command)
            .ToList();
        var (same, other) = (0, 0);
        foreach (var claim in again)
        {
            var first = (DepositClaim)OfClaim[(claim.Student, claim.Claim & ~32UL)].First().Command;
            Assert.Equal(
                (first.Provider, first.Way, first.Lines.Length), (claim.Provider, claim.Way, claim.Lines.Length));
            Assert.True(first.Known < claim.Known);
            for (var i = 0; i < first.Lines.Length; i++)
                Assert.Equal(
                    Said(first.Lines[i], claim.Lines[i]),
                    claim.Lines[i] with { PaidCentimes = first.Lines[i].PaidCentimes });
            if (claim.Lines[0].PaidCentimes == first.Lines[0].PaidCentimes)
                same++;
            else
                other++;
        }

        Assert.True(same > 0 && other > 0, $"{same} the same, {other} with another amount");
    }

    /// <summary>A line with what another says of prices and of a prosthesis.</summary>
    private static ClaimLine Said(ClaimLine line, ClaimLine other) =>
        line with
        {
            ReferenceCentimes = other.ReferenceCentimes,
            GenericCentimes = other.GenericCentimes,
            Prosthesis = other.Prosthesis
        };

    [Fact]
    public void A_claim_is_appealed_once_and_the_appeal_decided()
    {
        foreach (var appeal in Year.Sent.Where(sent =>
            sent.Command is AppealClaim && sent.Day < Rehearsal.Scenario.Horizon.Closes.AddDays(-60)))
        {
            var claim = OfClaim[(appeal.Command.Student, appeal.Command.Reference)].ToList();
            Assert.Single(claim, sent => sent.Command is AppealClaim);
            Assert.Single(claim, sent => sent.Command is DecideAppeal);
        }
    }

    [Fact]
    public void A_payment_that_comes_back_was_ordered_and_is_ordered_again()
    {
        var returned = Year.Sent.Where(sent => sent.Step.Kind == StepKind.ReturnPayment).ToList();
        Assert.All(returned, sent => Assert.Contains(
            OfClaim[(sent.Command.Student, sent.Command.Reference)],
            order =>
                order.Command is OrderPayment or ReissuePayment
                    && order.Command.Attempt == sent.Command.Attempt
                    && order.Day < sent.Day));
        var reissued = returned.Count(sent =>
            OfClaim[(sent.Command.Student, sent.Command.Reference)].Any(other =>
                other.Command is ReissuePayment && other.Day > sent.Day));
        Assert.InRange(reissued * 100 / returned.Count, 75, 98);
    }

    [Fact]
    public void A_postal_order_that_was_not_fetched_is_not_confirmed() => Assert.All(
        Year.Sent.Where(sent => sent.Step.Kind == StepKind.ReturnPayment),
        sent => Assert.True(
            OfClaim[(sent.Command.Student, sent.Command.Reference)].Any(other =>
                other.Command is ConfirmPayment && other.Command.Attempt == sent.Command.Attempt)
            == new Population(Rehearsal.Scenario, 42, 20).Profile(
                Population.IndexOf(sent.Command.Student)).Enrolment.HasBankAccount));

    [Fact]
    public void What_a_late_fact_makes_payable_is_ordered_in_the_next_run_and_tried_again_once()
    {
        var orders =
            OfClaim.SelectMany(claim => claim).Where(sent => sent.Command is OrderPayment { Attempt: > 0 }).ToList();
        Assert.NotEmpty(orders);
        Assert.All(orders, order => Assert.Equal(DayOfWeek.Thursday, order.Day.DayOfWeek));
        Assert.Contains(orders, order => order.Command.Attempt >= 128);
        Assert.All(orders.Where(order => order.Command.Attempt >= 128), order => Assert.Contains(
            OfClaim[(order.Command.Student, order.Command.Reference)],
            first => first.Command is OrderPayment { Attempt: > 0 and < 128 } && first.Day < order.Day.AddDays(-40)));
    }

    [Fact]
    public void A_student_pays_back_by_instalments_until_nothing_more_is_recovered()
    {
        var instalments = Year.Log.Where(entry => entry.Id.Kind == CommandKind.RecoverOverpayment)
            .GroupBy(entry => (entry.Student, entry.Id.Reference))
            .ToList();
        Assert.Contains(instalments, claim => claim.Count() > 2);
        Assert.All(
            Year.Sent.Where(sent => sent.Command is RecoverOverpayment),
            sent => Assert.Equal(30_00, ((RecoverOverpayment)sent.Command).AmountCentimes));
    }

    [Fact]
    public void Every_provider_of_a_claim_is_named() => Assert.All(
        Year.Sent.Where(sent => sent.Command is DepositClaim),
        sent => Assert.True(((DepositClaim)sent.Command).Provider > 0));
}
