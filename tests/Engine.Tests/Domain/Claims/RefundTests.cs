using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>
/// A third-party claim has two payees (B11, K2): the provider, and the student who bore his share and is exempted late.
/// The bill is a laser session of 1000.00, of which the fund pays 80 %: the provider 800.00, and the student's share is
/// 200.00.
/// </summary>
public sealed class RefundTests
{
    private const ulong Sheet = 70;
    private const ulong Other = 71;
    private static readonly LineOutcome _shared = new(Reason.None, 80_000);
    private static readonly LineOutcome _refunded = new(Reason.None, 100_000, 20_000);

    [Fact]
    public void B11_an_exemption_granted_late_repays_the_student_after_the_provider()
    {
        var story = PaidProvider().When(IsExemptedLate());
        Assert.Contains(new ClaimRevised(Sheet, RevisionCause.LateFact, 20_000, [_shared], [_refunded]), story.Events);
        Assert.Equal([new RevisedClaim(Sheet, Revision.Payable)], Assert.IsType<ClaimsRevised>(story.Answer).Claims);
        story.When(Orders("2024-01-20", Sheet)).Then(Ordered("2024-01-20", 20_000, 2, Payee.Student))
            .When(Confirms("2024-01-25", Sheet)).Then(new PaymentMade(Sheet, 20_000, Day("2024-01-25"), 2));
        Assert.Equal(new PayeeAccount(80_000, 80_000, 0), AccountOf(story, Payee.Provider));
        Assert.Equal(new PayeeAccount(20_000, 20_000, 0), AccountOf(story, Payee.Student));
        Assert.Equal((ClaimStatus.Paid, true), (story.Claims[Sheet].Status, story.Claims[Sheet].CanPassivate));
    }

    [Fact]
    public void B11_both_are_due_and_the_provider_is_paid_first()
    {
        var story = Billed().Given(IsExemptedLate())
            .When(Orders("2024-01-20", Sheet)).Then(Ordered("2024-01-20", 80_000, 1))
            .When(Orders("2024-01-21", Sheet)).ThenRefused(Reason.PaymentAlreadyOrdered)
            .When(Confirms("2024-01-22", Sheet)).Then(new PaymentMade(Sheet, 80_000, Day("2024-01-22"), 1));
        Assert.Equal((ClaimStatus.Payable, 20_000), (story.Claims[Sheet].Status, story.Claims[Sheet].DueCentimes));
        story.When(Orders("2024-01-26", Sheet)).Then(Ordered("2024-01-26", 20_000, 2, Payee.Student));
    }

    [Fact]
    public void B11_the_refund_waits_for_the_providers_payment_in_transit()
    {
        var story = Billed().Given(Orders("2023-12-01", Sheet)).Given(IsExemptedLate())
            .When(Orders("2024-01-20", Sheet)).ThenRefused(Reason.PaymentAlreadyOrdered)
            .Given(Confirms("2024-01-21", Sheet))
            .When(Orders("2024-01-22", Sheet)).Then(Ordered("2024-01-22", 20_000, 2, Payee.Student));
        Assert.Equal(new PayeeAccount(20_000, 0, 20_000), AccountOf(story, Payee.Student));
    }

    [Fact]
    public void B11_of_a_line_first_decided_under_the_exemption_all_is_the_providers()
    {
        var story = Insured().Given(Exempts("2023-11-01", "2024-10-31")).Given(Bill());
        Assert.Contains(new ClaimAdjudicated(Sheet, [new(Reason.None, 100_000)], SharedLines: 0), story.Events);
        story.Given(Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet))
            .When(TakesBack(CommandKind.DecideExemption, "2023-11-01", "2024-01-10"));
        Assert.Contains(new OverpaymentRaised(Sheet, 20_000), story.Events);
        Assert.Equal(20_000, AccountOf(story, Payee.Provider).OverpaidCentimes);

        // Exempt again, all is the provider's again.
        story.When(IsExemptedLate());
        Assert.Contains(new OverpaymentCancelled(Sheet, 20_000), story.Events);
        Assert.Equal(0, story.Claims[Sheet].RefundCentimes);
    }

    [Fact]
    public void B11_a_line_that_was_refused_first_says_too_who_bears_a_share()
    {
        var story = Insured().Given(HasOtherCoverage("2023-11-01", "2023-11-02")).Given(Bill())
            .Given(IsExemptedLate())
            .When(LosesOtherCoverage("2023-11-05", "2024-02-01"));
        Assert.Contains(
            new ClaimRevised(
                Sheet, RevisionCause.LateFact, 100_000, [new(Reason.SuspendedForOtherCoverage, 0)], [_refunded]),
            story.Events);
    }

    [Fact]
    public void X7_an_exemption_taken_back_is_owed_by_the_student_and_set_off_against_his_next_reimbursement()
    {
        var story = PaidBoth().When(TakesBack(CommandKind.DecideExemption, "2023-11-01", "2024-02-10"));
        Assert.Contains(new OverpaymentRaised(Sheet, 20_000, Payee.Student), story.Events);
        Assert.Equal(
            [new RevisedClaim(Sheet, Revision.Overpaid, Payee.Student)],
            Assert.IsType<ClaimsRevised>(story.Answer).Claims);
        story.Given(Deposits("2024-03-01", Other, Care("2024-02-20")), Receives("2024-03-02", Other))
            .When(Orders("2024-03-05", Other))
            .Then(
                new PaymentSetOff(Other, 6_400, Sheet),
                new OverpaymentRecovered(Sheet, 6_400, BySetOff: true, Payee.Student));
        Assert.Equal(13_600, AccountOf(story, Payee.Student).OverpaidCentimes);
    }

    [Fact]
    public void X7_a_refund_is_set_off_against_what_the_student_owes_elsewhere()
    {
        var story = PaidProvider()
            .Given(
                Deposits("2023-12-01", Other, Care("2023-12-01", paid: 8_000)), Receives("2023-12-02", Other),
                Orders("2023-12-03", Other), Confirms("2023-12-04", Other))
            .Given(HasOtherCoverage("2023-12-01", "2024-01-05")).Given(IsExemptedLate())
            .When(Orders("2024-01-20", Sheet)).Then(
                new PaymentSetOff(Sheet, 6_400, Other), new OverpaymentRecovered(Other, 6_400, BySetOff: true),
                Ordered("2024-01-20", 13_600, 2, Payee.Student));
        Assert.Equal(new PayeeAccount(20_000, 6_400, 13_600), AccountOf(story, Payee.Student));
    }

    [Fact]
    public void X7_a_suspension_learnt_after_both_were_paid_is_owed_by_both_each_for_himself()
    {
        var story = PaidBoth().When(HasOtherCoverage("2023-11-01", "2024-02-10"));
        Assert.Contains(new OverpaymentRaised(Sheet, 80_000), story.Events);
        Assert.Contains(new OverpaymentRaised(Sheet, 20_000, Payee.Student), story.Events);
        story.When(Recovers("2024-02-11", Sheet, 80_001)).ThenRefused(Reason.RecoveryTooHigh)
            .When(Recovers("2024-02-12", Sheet, 20_001, attempt: 1, payee: Payee.Student))
            .ThenRefused(Reason.RecoveryTooHigh)
            .When(Recovers("2024-02-13", Sheet, 20_000, attempt: 2, payee: Payee.Student))
            .Then(new OverpaymentRecovered(Sheet, 20_000, false, Payee.Student))
            .When(Recovers("2024-02-14", Sheet, 1, LedgerDecider.FirstAttempt, Payee.Student))
            .Then(new OverpaymentRecovered(Sheet, 1, false))
            .When(Recovers("2024-02-15", Sheet, 79_999, attempt: 3, payee: Payee.Provider))
            .Then(new OverpaymentRecovered(Sheet, 79_999, false));
        Assert.True(story.Claims[Sheet].CanPassivate);
    }

    [Fact]
    public void X7_a_recovery_without_a_payee_is_from_the_provider_while_it_owes_else_from_the_student()
    {
        var story = PaidBoth().Given(HasOtherCoverage("2023-11-01", "2024-02-10"))
            .When(Recovers("2024-02-11", Sheet, 80_000)).Then(new OverpaymentRecovered(Sheet, 80_000, false))
            .When(Recovers("2024-02-12", Sheet, 20_000, attempt: 1))
            .Then(new OverpaymentRecovered(Sheet, 20_000, false, Payee.Student))
            .When(Recovers("2024-02-13", Sheet, 1, attempt: 2)).ThenRefused(Reason.NothingToRecover);
        Assert.Equal(ClaimStatus.NothingPayable, story.Claims[Sheet].Status);
    }

    [Fact]
    public void X7_a_claim_without_such_a_payee_has_nothing_to_recover_from_it() => Insured()
        .Given(
            Deposits("2023-11-20", Sheet, Care("2023-11-10")), Receives("2023-11-25", Sheet),
            Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet))
        .Given(HasOtherCoverage("2023-11-01", "2024-02-10"))
        .When(Recovers("2024-02-11", Sheet, 6_400, payee: Payee.Provider)).ThenRefused(Reason.NothingToRecover)
        .When(Recovers("2024-02-12", Sheet, 6_400, attempt: 1, payee: Payee.Student))
        .Then(new OverpaymentRecovered(Sheet, 6_400, false));

    [Fact]
    public void B11_what_one_payee_is_due_never_makes_good_what_the_other_owes()
    {
        // The provider's payment comes back: 800.00 are due to it, and the student still owes his refund.
        var story = PaidBoth().Given(TakesBack(CommandKind.DecideExemption, "2023-11-01", "2024-02-10"))
            .When(ComesBack("2024-02-11", Sheet, payment: 1)).Then(new PaymentReturned(Sheet, 80_000, true, 1));
        Assert.Equal((80_000, 20_000), (story.Claims[Sheet].DueCentimes, story.Claims[Sheet].OverpaidCentimes));
        story.When(Reissues("2024-02-12", Sheet)).Then(
            new PaymentReissued(Sheet, 80_000, Day("2024-02-12"), PaymentMethod.BankTransfer, 3));
    }

    [Fact]
    public void X6_a_refund_that_came_back_is_due_again_to_the_student()
    {
        var story = PaidBoth()
            .When(ComesBack("2024-02-01", Sheet, payment: 2)).Then(new PaymentReturned(Sheet, 20_000, true, 2))
            .When(Reissues("2024-02-05", Sheet)).Then(
                new PaymentReissued(Sheet, 20_000, Day("2024-02-05"), PaymentMethod.BankTransfer, 3, Payee.Student));
        Assert.Equal(new PayeeAccount(80_000, 80_000, 0), AccountOf(story, Payee.Provider));
    }

    [Fact]
    public void K8_the_refund_goes_by_postal_order_where_no_account_is_on_record() =>
        PaidProvider(Public() with { HasBankAccount = false })
            .Given(IsExemptedLate())
            .When(Orders("2024-01-20", Sheet)).Then(
                new PaymentOrdered(Sheet, 20_000, Day("2024-01-20"), PaymentMethod.PostalOrder, 2, Payee.Student));

    [Fact]
    public void B11_the_refund_is_the_difference_of_two_amounts_each_rounded_once()
    {
        // 80 % of 1.03 are 0.824, 100 % are 1.03: the provider has 0.82, the student 0.21.
        var story = Insured().Given(Bill(paid: 103)).When(IsExemptedLate());
        Assert.Contains(
            new ClaimRevised(Sheet, RevisionCause.LateFact, 103, [new(Reason.None, 82)], [new(Reason.None, 103, 21)]),
            story.Events);
    }

    [Fact]
    public void B11_a_reimbursement_has_one_payee()
    {
        var story = Insured()
            .Given(Deposits("2023-11-20", Sheet, Care("2023-11-10")), Receives("2023-11-25", Sheet))
            .When(IsExemptedLate());
        Assert.Equal((0U, 0), (story.Claims[Sheet].SharedLines, story.Claims[Sheet].RefundCentimes));
        Assert.Equal(new PayeeAccount(8_000, 0, 0), AccountOf(story, Payee.Student));
        Assert.Equal(default, AccountOf(story, Payee.Provider));
    }

    [Fact]
    public void X3_a_refund_is_no_payment_of_a_provider()
    {
        // No bill is paid to the provider before it is confirmed in April, late; the refund a month later is not
        // measured.
        var story = Billed()
            .Given(IsExemptedLate())
            .Given(Orders("2024-04-01", Sheet))
            .When(Confirms("2024-04-02", Sheet));
        Assert.Single(story.Events.OfType<ClockMissed>());
        story.Given(Orders("2024-05-01", Sheet))
            .When(Confirms("2024-05-02", Sheet))
            .Then(new PaymentMade(Sheet, 20_000, Day("2024-05-02"), 2));
    }

    [Fact]
    public void B11_a_passivated_claim_comes_back_with_both_accounts()
    {
        var story = PaidBoth();
        var claim = story.Claims[Sheet];
        var recalled = new Claim(Sheet);
        ClaimEvolver.Evolve(recalled, new ClaimRecalled(
            Sheet, claim.Way, claim.Items, claim.Provider, claim.DepositedOn, claim.ReceivedOn, claim.Marks, 0, 0,
            claim.SettledCentimes, claim.Payments.ToArray(),
            claim.Lines, claim.Outcomes, claim.SharedLines, claim.RefundSettledCentimes));
        Assert.Equal(claim.AccountOf(Payee.Provider), recalled.AccountOf(Payee.Provider));
        Assert.Equal(claim.AccountOf(Payee.Student), recalled.AccountOf(Payee.Student));
        Assert.Equal((claim.Status, claim.SharedLines), (recalled.Status, recalled.SharedLines));
    }

    private static PaymentOrdered Ordered(string day, long centimes, int number, Payee payee = Payee.None) =>
        new(Sheet, centimes, Day(day), PaymentMethod.BankTransfer, number, payee);

    private static PayeeAccount AccountOf(Story story, Payee payee) => story.Claims[Sheet].AccountOf(payee);

    private static DecideExemption IsExemptedLate() => Exempts("2023-11-01", "2024-10-31", known: "2024-01-10");

    private static Command[] Bill(long paid = 100_000) =>
    [
        ProviderDeposits(
            "2023-11-20", Sheet,
            Care(
                "2023-11-10", Act.LaserOrRetinalAngiography, paid, 100_000,
                circumstances: Circumstances.Ophthalmologist)),
        Receives("2023-11-25", Sheet),
    ];

    private static Story Insured(EnrolmentRecord? enrolment = null) =>
        new Story().Given(IsAccepted("2023-09-20", enrolment));

    private static Story Billed(EnrolmentRecord? enrolment = null) => Insured(enrolment).Given(Bill());

    private static Story PaidProvider(EnrolmentRecord? enrolment = null) =>
        Billed(enrolment).Given(Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet));

    private static Story PaidBoth() =>
        PaidProvider().Given(IsExemptedLate()).Given(Orders("2024-01-20", Sheet), Confirms("2024-01-25", Sheet));
}
