using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>Facts that are learnt after a claim was decided, or paid (S5, X7).</summary>
public sealed class LateTruthTests
{
    private const ulong Sheet = 70;
    private const ulong Other = 72;
    private static readonly LineOutcome Whole = new(Reason.None, 6_400);
    private static readonly LineOutcome Suspended = new(Reason.SuspendedForOtherCoverage, 0);

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    private static Story Payable() =>
        Insured().Given(Deposits("2023-11-20", Sheet, Care("2023-11-10")), Receives("2023-11-25", Sheet));

    private static Story Paid() => Payable().Given(Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet));

    [Fact]
    public void S5_X7_a_claim_paid_for_care_under_other_coverage_becomes_an_overpayment()
    {
        var story = Paid().When(HasOtherCoverage("2023-11-01", "2024-02-01"));
        Assert.Equal(
            [
                new ClaimRevised(Sheet, RevisionCause.LateFact, 0, [Whole], [Suspended]),
                new OverpaymentRaised(Sheet, 6_400),
            ],
            story.Events.OfType<ClaimEvent>());
        story.ThenOutcome(Outcome.Done);
        Assert.Equal(
            (ClaimStatus.NothingPayable, 6_400, false),
            (story.Claims[Sheet].Status, story.Claims[Sheet].OverpaidCentimes, story.Claims[Sheet].IsClosed));
    }

    // The oracle found it: once a suspension was taken back, a line was paid with the units of one that the physician
    // had refused.
    [Fact]
    public void S5_B10_the_units_of_a_line_that_a_physician_refused_are_no_other_lines()
    {
        var story = Insured()
            .Given(AsksApproval("2023-10-10", 1, units: 6), ControlGrants("2023-10-12", 1, 6))
            .Given(
                Deposits(
                    "2023-11-20", Sheet, Care("2023-11-10", Act.Physiotherapy, 600_000, quantity: 6),
                    Care("2023-11-11", Act.Physiotherapy, 600_000, quantity: 6)))
            .When(Receives("2023-11-25", Sheet)).ThenOutcome(Outcome.ClaimHeld, Reason.PhysicianReview)
            .Given(Reviews("2023-11-28", Sheet, granted: false));
        LineOutcome[] decided = [new(Reason.MedicalControlRefused, 0), new(Reason.ApprovalExhausted, 0)];
        Assert.Equal(decided, story.Claims[Sheet].Outcomes);

        story.Given(HasOtherCoverage("2023-11-01", "2024-02-01"));
        Assert.Equal([decided[0], Suspended], story.Claims[Sheet].Outcomes);
        story.Given(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", "2024-03-01"));
        Assert.Equal(decided, story.Claims[Sheet].Outcomes);
    }

    [Fact]
    public void S5_only_the_lines_of_the_days_in_question_are_readjudicated()
    {
        var story = Insured().Given(
            Deposits("2023-12-20", Sheet, Care("2023-11-10"), Care("2023-12-10")), Receives("2023-12-21", Sheet));
        story.Given(HasOtherCoverage("2023-12-01", "2024-02-01"));
        Assert.Equal([Whole, Suspended], story.Claims[Sheet].Outcomes);
        Assert.Equal((ClaimStatus.Payable, 6_400), (story.Claims[Sheet].Status, story.Claims[Sheet].DueCentimes));
    }

    [Fact]
    public void S5_a_claim_wrongly_refused_is_opened_again_and_paid()
    {
        var story = Insured().Given(
            HasOtherCoverage("2023-11-01", "2023-11-15"), Deposits("2023-11-20", Sheet, Care("2023-11-10")),
            Receives("2023-11-25", Sheet));
        Assert.True(story.Claims[Sheet].IsClosed);
        story.When(LosesOtherCoverage("2023-11-09", "2024-01-10"));
        Assert.Contains(new ClaimRevised(Sheet, RevisionCause.LateFact, 6_400, [Suspended], [Whole]), story.Events);
        Assert.Equal(
            [new RevisedClaim(Sheet, Revision.Payable)],
            ClaimsRevised.Of(new CommandId(CommandKind.EndOtherCoverage, 5), story.Events)!.Claims);
        story.When(Orders("2024-01-11", Sheet)).Then(
            new PaymentOrdered(Sheet, 6_400, Day("2024-01-11"), PaymentMethod.BankTransfer, 1));
    }

    [Fact]
    public void S5_what_changes_nothing_leaves_no_trace_on_the_claim() =>
        Assert.DoesNotContain(Paid().When(HasOtherCoverage("2023-11-11", "2024-02-01")).Events, e => e is ClaimEvent);

    [Fact]
    public void S5_a_claim_not_received_yet_is_simply_adjudicated_later()
    {
        var story = Insured().Given(
            Deposits("2023-11-20", Sheet, Care("2023-11-10")), HasOtherCoverage("2023-11-01", "2023-12-01"));
        Assert.DoesNotContain(story.Events, e => e is ClaimEvent);
        story.When(Receives("2023-12-02", Sheet)).ThenOutcome(Outcome.ClaimNothingPayable);
    }

    [Fact]
    public void S5_what_is_learnt_while_the_money_is_on_its_way_is_looked_at_when_it_has_arrived()
    {
        var story = Payable().Given(Orders("2023-12-01", Sheet)).When(HasOtherCoverage("2023-11-01", "2023-12-02"));
        Assert.DoesNotContain(story.Events, e => e is OverpaymentRaised);
        Assert.Equal(ClaimStatus.PaymentOrdered, story.Claims[Sheet].Status);
        story.When(Confirms("2023-12-05", Sheet)).Then(
            new PaymentMade(Sheet, 6_400, Day("2023-12-05"), 1), new OverpaymentRaised(Sheet, 6_400));
    }

    [Fact]
    public void X7_a_later_fact_that_makes_an_overpayment_good_cancels_it()
    {
        var story = Paid()
            .Given(HasOtherCoverage("2023-11-01", "2024-02-01"))
            .When(LosesOtherCoverage("2023-11-08", "2024-03-01"));
        Assert.Contains(new OverpaymentCancelled(Sheet, 6_400), story.Events);
        Assert.Null(ClaimsRevised.Of(new CommandId(CommandKind.EndOtherCoverage, 5), story.Events));
        Assert.Equal((ClaimStatus.Paid, true), (story.Claims[Sheet].Status, story.Claims[Sheet].IsClosed));
    }

    [Fact]
    public void X7_what_was_recovered_and_is_due_again_is_paid_again()
    {
        var story = Paid().Given(HasOtherCoverage("2023-11-01", "2024-02-01"), Recovers("2024-02-10", Sheet, 4_000));
        story.When(LosesOtherCoverage("2023-11-08", "2024-03-01"));
        Assert.Contains(new OverpaymentCancelled(Sheet, 2_400), story.Events);
        story.When(Orders("2024-03-02", Sheet)).Then(
            new PaymentOrdered(Sheet, 4_000, Day("2024-03-02"), PaymentMethod.BankTransfer, 2));
    }

    [Fact]
    public void X7_an_overpayment_is_recovered_in_parts_and_never_more_than_is_owed()
    {
        var story = Paid().When(Recovers("2024-01-31", Sheet, 1)).ThenRefused(Reason.NothingToRecover);
        story.Given(HasOtherCoverage("2023-11-01", "2024-02-01"))
            .When(Recovers("2024-02-02", Sheet, 6_401, 1)).ThenRefused(Reason.RecoveryTooHigh)
            .When(Recovers("2024-02-02", Sheet, 0, 2)).ThenRefused(Reason.Malformed)
            .When(Recovers("2024-02-02", Sheet, 6_000, 3)).Then(new OverpaymentRecovered(Sheet, 6_000, false))
            .When(Recovers("2024-02-03", Sheet, 400, 4)).Then(new OverpaymentRecovered(Sheet, 400, false));
        Assert.True(story.Claims[Sheet].IsClosed);
    }

    [Fact]
    public void X7_what_a_student_owes_back_is_set_off_against_his_next_reimbursement()
    {
        var story = Paid()
            .Given(
                Deposits("2023-12-20", Other, Care("2023-10-20", Act.Specialist, 15_000)),
                Receives("2023-12-21", Other))
            .Given(HasOtherCoverage("2023-11-01", "2024-02-01"))
            .When(Orders("2024-02-02", Other))
            .Then(
                new PaymentSetOff(Other, 6_400, Sheet), new OverpaymentRecovered(Sheet, 6_400, true),
                new PaymentOrdered(Other, 5_600, Day("2024-02-02"), PaymentMethod.BankTransfer, 1))
            .When(Confirms("2024-02-05", Other)).Then(new PaymentMade(Other, 5_600, Day("2024-02-05"), 1));
        Assert.All(story.Claims.Values, claim => Assert.True(claim.IsClosed));
    }

    [Fact]
    public void X7_what_is_owed_may_take_the_whole_of_a_reimbursement_and_then_the_claim_is_paid()
    {
        var story = Paid()
            .Given(Deposits("2023-12-20", Other, Care("2023-10-20", paid: 1_000)), Receives("2023-12-21", Other))
            .Given(HasOtherCoverage("2023-11-01", "2024-02-01"))
            .When(Orders("2024-02-02", Other))
            .Then(new PaymentSetOff(Other, 800, Sheet), new OverpaymentRecovered(Sheet, 800, true));
        Assert.Equal((ClaimStatus.Paid, 5_600), (story.Claims[Other].Status, story.Claims[Sheet].OverpaidCentimes));
        story.When(ComesBack("2024-02-03", Other)).ThenRefused(Reason.NoPaymentToReturn);
    }

    [Fact]
    public void X7_what_a_provider_was_paid_is_not_kept_from_the_student_nor_the_other_way_round()
    {
        var story = Insured()
            .Given(
                ProviderDeposits("2023-11-20", Sheet, Care("2023-11-10", Act.Dialysis, 85_000, 85_000)),
                Receives("2023-11-25", Sheet))
            .Given(Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet))
            .Given(Deposits("2023-12-20", Other, Care("2023-10-20")), Receives("2023-12-21", Other))
            .Given(HasOtherCoverage("2023-11-01", "2024-02-01"))
            .When(Orders("2024-02-02", Other)).Then(
                new PaymentOrdered(Other, 6_400, Day("2024-02-02"), PaymentMethod.BankTransfer, 1));
        Assert.Equal(85_000, story.Claims[Sheet].OverpaidCentimes);
    }

    [Fact]
    public void B9_an_exemption_granted_late_pays_the_patients_share_of_claims_already_paid()
    {
        var story = Paid().When(Exempts("2023-11-01", "2024-10-31") with { Known = Day("2024-01-10") });
        Assert.Contains(
            new ClaimRevised(Sheet, RevisionCause.LateFact, 1_600, [Whole], [new(Reason.None, 8_000)]), story.Events);
        story.When(Orders("2024-01-11", Sheet)).Then(
            new PaymentOrdered(Sheet, 1_600, Day("2024-01-11"), PaymentMethod.BankTransfer, 2));
    }

    [Fact]
    public void B9_B10_a_line_paid_under_an_approval_keeps_its_units_and_no_other_is_looked_for()
    {
        var story = Insured()
            .Given(AsksApproval("2024-01-02", 5, units: 4), ControlGrants("2024-01-03", 5, 4))
            .Given(
                Deposits("2024-02-01", Sheet, Care("2024-01-10", Act.Physiotherapy, 30_000, quantity: 6)),
                Receives("2024-02-02", Sheet));
        Assert.Equal([new(Reason.ApprovalCoversLess, 16_000)], story.Claims[Sheet].Outcomes);
        story.Given(
            AsksApproval("2024-01-04", 6, units: 10) with { Known = Day("2024-02-03") },
            ControlGrants("2024-02-03", 6, 10));
        story.Given(Exempts("2024-01-01", "2024-10-31") with { Known = Day("2024-02-10") });
        Assert.Equal([new(Reason.ApprovalCoversLess, 20_000)], story.Claims[Sheet].Outcomes);
        Assert.DoesNotContain(story.Events, e => e is ApprovalUsed);
    }

    [Fact]
    public void S5_what_was_refused_for_another_reason_stays_refused_for_it()
    {
        var story = Insured().Given(
            Deposits("2023-11-20", Sheet, Care("2023-11-10", Act.Veneer)), Receives("2023-11-25", Sheet));
        story.Given(Exempts("2023-11-01", "2024-10-31") with { Known = Day("2024-01-10") });
        Assert.Equal([new(Reason.ActNotCovered, 0)], story.Claims[Sheet].Outcomes);
    }

    [Fact]
    public void S5_an_operator_has_a_claim_readjudicated_and_what_was_learnt_late_has_done_so_before()
    {
        var story = Insured().Given(
            Deposits("2023-11-20", Sheet, Care("2023-11-10", Act.Physiotherapy, 5_000)), Receives("2023-11-25", Sheet));
        story.Given(AsksApproval("2023-11-01", 5) with { Known = Day("2023-12-01") })
            .When(ControlGrants("2023-11-02", 5, 3, known: "2023-12-01"))
            .Then(
            new ApprovalDecided(5, 3, Day("2023-11-02"), null),
            new ApprovalUsed(5, Sheet, 1),
            new ClaimRevised(
                Sheet, RevisionCause.LateFact, 4_000, [new(Reason.ApprovalMissing, 0)], [new(Reason.None, 4_000)]));
        story.When(Reopens("2023-12-02", Sheet)).ThenOutcome(Outcome.ClaimPayable).Then(new ClaimReopened(Sheet));
        story.When(Reopens("2023-12-03", Sheet, 1)).ThenOutcome(Outcome.ClaimPayable).Then(new ClaimReopened(Sheet));
    }

    [Fact]
    public void S5_only_a_decided_claim_that_waits_for_no_answer_is_reopened()
    {
        var story = Insured().Given(Deposits("2023-11-20", Sheet, Care("2023-11-10", Act.Veneer)));
        story.When(Reopens("2023-11-21", Sheet)).ThenRefused(Reason.NothingToReopen);
        story.Given(Receives("2023-11-25", Sheet), Appeals("2023-11-26", Sheet))
            .When(Reopens("2023-11-27", Sheet, 1)).ThenRefused(Reason.NothingToReopen)
            .Given(DecidesAppeal("2023-11-28", Sheet, false))
            .When(Reopens("2023-11-29", Sheet, 2)).ThenOutcome(Outcome.ClaimNothingPayable);
    }

    [Fact]
    public void X6_X7_a_payment_that_comes_back_makes_an_overpayment_good() => Paid()
        .Given(HasOtherCoverage("2023-11-01", "2024-02-01"))
        .When(ComesBack("2024-02-02", Sheet))
        .Then(new PaymentReturned(Sheet, 6_400, true, 1), new OverpaymentCancelled(Sheet, 6_400))
        .When(Reissues("2024-02-03", Sheet)).ThenRefused(Reason.NothingToPay);

    [Fact]
    public void X6_a_payment_comes_back_and_is_ordered_again() => Payable()
        .When(ComesBack("2023-11-30", Sheet)).ThenRefused(Reason.NoPaymentToReturn)
        .When(Reissues("2023-11-30", Sheet)).ThenRefused(Reason.NoPaymentReturned)
        .Given(Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet))
        .When(ComesBack("2023-12-10", Sheet, 1)).Then(new PaymentReturned(Sheet, 6_400, true, 1))
        .When(ComesBack("2023-12-10", Sheet, 2)).ThenRefused(Reason.NoPaymentToReturn)
        .When(Orders("2023-12-11", Sheet) with { Attempt = 1 }).ThenRefused(Reason.PaymentAlreadyOrdered)
        .When(Reissues("2023-12-11", Sheet, 1))
        .Then(new PaymentReissued(Sheet, 6_400, Day("2023-12-11"), PaymentMethod.BankTransfer, 2))
        .When(ComesBack("2023-12-12", Sheet, 3)).Then(new PaymentReturned(Sheet, 6_400, false, 2))
        .When(Reissues("2023-12-13", Sheet, 2))
        .Then(new PaymentReissued(Sheet, 6_400, Day("2023-12-13"), PaymentMethod.BankTransfer, 3))
        .When(Confirms("2023-12-14", Sheet) with { Attempt = 1 })
        .Then(new PaymentMade(Sheet, 6_400, Day("2023-12-14"), 3));

    [Fact]
    public void S1_a_contribution_never_received_takes_back_what_was_paid_after_its_term()
    {
        var story = new Story().Given(IsAccepted("2023-10-05", Private()));
        story.Given(
            Deposits("2023-11-03", Sheet, Care("2023-11-02")), Receives("2023-11-03", Sheet),
            Orders("2023-11-03", Sheet), Confirms("2023-11-04", Sheet));
        story.When(Deposits("2023-11-10", Other, Care("2023-11-06")))
            .When(Receives("2023-11-10", Other))
            .ThenOutcome(Outcome.ClaimNothingPayable);
        story.When(FundReceives("2023-11-05", known: "2023-12-20"));
        Assert.Contains(
            new RevisedClaim(Other, Revision.Payable),
            ClaimsRevised.Of(new CommandId(CommandKind.ReceiveContribution, 5), story.Events)!.Claims);
        Assert.True(story.Claims[Sheet].IsClosed);
    }
}
