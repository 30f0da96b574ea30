using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>From deposit to payment (K3, K7, K8), and what each wrong moment is answered.</summary>
public sealed class ClaimLifeTests
{
    private const ulong Sheet = 70;

    private static Story Insured(bool hasBankAccount = true) =>
        new Story().Given(IsAccepted("2023-10-05", Public() with { HasBankAccount = hasBankAccount }));

    private static Story Deposited() => Insured().Given(Deposits("2023-11-20", Sheet, Care("2023-11-10")));

    [Fact]
    public void K3_a_received_claim_asks_its_student_was_he_covered_on_the_day_of_each_line()
    {
        var claim = Deposited().Claims[Sheet];
        var decision = new Decision();
        ClaimDecider.Decide(claim, Receives("2023-11-25", Sheet), Deposited().Siblings, Rulebook.Embedded, decision);
        Assert.Equal([new ClaimReceived(Sheet, Day("2023-11-25"))], decision.Events);
        var question = Assert.IsType<CheckCoverage>(Assert.Single(decision.Messages));
        Assert.Equal(
            [new CoverageQuestion(Day("2023-11-10"), Act.GeneralPractitioner, 1, false, false) { Compared = true }],
            question.Questions);
    }

    [Fact]
    public void K3_the_student_answers_for_each_line_and_the_claim_is_priced()
    {
        var story = Insured().Given(
            Deposits("2024-02-20", Sheet, Care("2023-10-04"), Care("2023-10-05"), Care("2024-02-01", Act.Veneer)));
        story.When(Receives("2024-02-25", Sheet)).Then(
            new ClaimReceived(Sheet, Day("2024-02-25")),
            new ClaimAdjudicated(
                Sheet, [new(Reason.CareBeforeRight, 0), new(Reason.None, 6_400), new(Reason.ActNotCovered, 0)]));
        story.ThenOutcome(Outcome.ClaimPayable);
        Assert.Equal((ClaimStatus.Payable, 6_400), (story.Claims[Sheet].Status, story.Claims[Sheet].PayableCentimes));
    }

    [Fact]
    public void K3_care_is_adjudicated_by_the_entitlement_of_its_own_day_not_that_of_the_deposit()
    {
        var story = Insured()
            .Given(HasOtherCoverage("2023-12-01", "2023-12-02"))
            .Given(
                Deposits("2023-12-20", Sheet, Care("2023-11-30"), Care("2023-12-01")), Receives("2023-12-21", Sheet));
        Assert.Equal([new(Reason.None, 6_400), new(Reason.SuspendedForOtherCoverage, 0)], story.Claims[Sheet].Outcomes);
    }

    [Fact]
    public void An_answer_that_comes_twice_decides_once()
    {
        var claim = Deposited().Given(Receives("2023-11-25", Sheet)).Claims[Sheet];
        var decision = new Decision();
        var question = new CheckCoverage(
            Sheet, 0, claim.Lines, [new CoverageQuestion(Day("2023-11-10"), Act.GeneralPractitioner, 1, false, false)]);
        ClaimDecider.Decide(
            claim, new CoverageAnswer(question, Say.Student, [new LineCoverage(Reason.None, false, 1)]),
            Rulebook.Embedded, decision);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void K8_a_claim_is_ordered_and_paid_by_transfer_to_the_declared_account() => Deposited()
        .Given(Receives("2023-11-25", Sheet)).PaidBy(PaymentMethod.None)
        .When(Orders("2023-12-01", Sheet))
        .Then(new PaymentOrdered(Sheet, 6_400, Day("2023-12-01"), PaymentMethod.BankTransfer, 1))
        .PaidBy(PaymentMethod.BankTransfer)
        .When(Confirms("2023-12-05", Sheet)).Then(new PaymentMade(Sheet, 6_400, Day("2023-12-05"), 1))
        .Closed(ClaimStatus.Paid);

    [Fact]
    public void K8_without_an_account_it_is_paid_by_postal_order() => Insured(hasBankAccount: false)
        .Given(
            Deposits("2023-11-20", Sheet, Care("2023-11-10")), Receives("2023-11-25", Sheet),
            Orders("2023-12-01", Sheet)).PaidBy(PaymentMethod.PostalOrder);

    [Fact]
    public void K2_K8_a_provider_is_paid_by_transfer_whatever_account_the_student_has() =>
        Insured(hasBankAccount: false)
            .Given(
                ProviderDeposits("2023-11-20", Sheet, Care("2023-11-10", Act.Dialysis, 85_000, 85_000)),
                Receives("2023-11-25", Sheet), Orders("2023-12-01", Sheet))
            .PaidBy(PaymentMethod.BankTransfer);

    [Fact]
    public void K8_where_nothing_is_payable_there_is_no_way_of_payment_and_the_claim_is_closed() => Insured()
        .Given(Deposits("2023-11-20", Sheet, Care("2023-11-10", Act.Veneer)), Receives("2023-11-25", Sheet))
        .ThenOutcome(Outcome.ClaimNothingPayable)
        .PaidBy(PaymentMethod.None)
        .Closed(ClaimStatus.NothingPayable)
        .When(Orders("2023-12-01", Sheet)).ThenRefused(Reason.NothingToPay)
        .When(Confirms("2023-12-01", Sheet)).ThenRefused(Reason.ClaimClosed)
        .When(Completes("2023-12-01", Sheet, FileItems.All)).ThenRefused(Reason.ClaimClosed)
        .When(Receives("2023-12-01", Sheet)).ThenRefused(Reason.ClaimAlreadyReceived);

    [Fact]
    public void A_deposited_claim_can_only_be_received() => Deposited()
        .When(Orders("2023-12-01", Sheet)).ThenRefused(Reason.ClaimNotComplete)
        .When(Confirms("2023-12-01", Sheet)).ThenRefused(Reason.PaymentNotOrdered)
        .When(Completes("2023-12-01", Sheet, FileItems.All)).ThenRefused(Reason.ClaimNotReturned);

    [Fact]
    public void A_returned_claim_can_only_be_completed() => Insured()
        .Given(Deposits("2023-11-20", Sheet, Care("2023-11-10")) with { Items = FileItems.None })
        .When(Receives("2023-12-01", Sheet)).ThenRefused(Reason.ClaimNotComplete)
        .When(Orders("2023-12-01", Sheet)).ThenRefused(Reason.ClaimNotComplete)
        .When(Confirms("2023-12-01", Sheet)).ThenRefused(Reason.PaymentNotOrdered);

    [Fact]
    public void A_payable_claim_can_only_be_ordered() => Deposited().Given(Receives("2023-11-25", Sheet))
        .When(Receives("2023-12-01", Sheet)).ThenRefused(Reason.ClaimAlreadyReceived)
        .When(Completes("2023-12-01", Sheet, FileItems.All)).ThenRefused(Reason.ClaimNotReturned)
        .When(Confirms("2023-12-01", Sheet)).ThenRefused(Reason.PaymentNotOrdered);

    [Fact]
    public void A_claim_in_payment_can_only_be_confirmed() =>
        Deposited().Given(Receives("2023-11-25", Sheet), Orders("2023-12-01", Sheet))
            .When(Orders("2023-12-02", Sheet)).ThenRefused(Reason.PaymentAlreadyOrdered)
            .When(Receives("2023-12-02", Sheet)).ThenRefused(Reason.ClaimAlreadyReceived)
            .When(Completes("2023-12-02", Sheet, FileItems.All)).ThenRefused(Reason.ClaimNotReturned);

    [Fact]
    public void A_paid_claim_is_closed_to_everything() => Deposited()
        .Given(Receives("2023-11-25", Sheet), Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet))
        .When(Confirms("2023-12-06", Sheet)).ThenRefused(Reason.ClaimClosed)
        .When(Orders("2023-12-06", Sheet)).ThenRefused(Reason.PaymentAlreadyOrdered)
        .When(Completes("2023-12-06", Sheet, FileItems.All)).ThenRefused(Reason.ClaimClosed)
        .When(Receives("2023-12-06", Sheet)).ThenRefused(Reason.ClaimAlreadyReceived)
        .When(Deposits("2023-12-06", Sheet, Care("2023-11-10"))).ThenRefused(Reason.ClaimAlreadyDeposited);
}

file static class ClaimStory
{
    public static Story PaidBy(this Story story, PaymentMethod method)
    {
        Assert.Equal(method, story.Claims[70].Method);
        return story;
    }

    public static Story Closed(this Story story, ClaimStatus status)
    {
        Assert.Equal((status, true), (story.Claims[70].Status, story.Claims[70].IsClosed));
        return story;
    }
}
