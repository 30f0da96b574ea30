using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>
/// Payments have numbers, any of them can come back, and each order goes to the account of its day (K8, X6).
/// </summary>
public sealed class PaymentTests
{
    private const ulong Sheet = 70;
    private const PaymentMethod Transfer = PaymentMethod.BankTransfer;

    [Fact]
    public void X6_the_first_payment_comes_back_while_the_second_is_in_transit()
    {
        var story = SecondInTransit()
            .When(ComesBack("2024-01-10", Sheet, payment: 1)).Then(new PaymentReturned(Sheet, 6_400, true, 1))
            .When(Reissues("2024-01-11", Sheet)).ThenRefused(Reason.PaymentAlreadyOrdered)
            .When(Confirms("2024-01-12", Sheet, 2) with { Attempt = 1 })
            .Then(new PaymentMade(Sheet, 1_600, Day("2024-01-12"), 2));
        Assert.Equal(
            (ClaimStatus.PaymentReturned, 6_400), (story.Claims[Sheet].Status, story.Claims[Sheet].DueCentimes));
        story.When(Reissues("2024-01-15", Sheet, 1)).Then(
            new PaymentReissued(Sheet, 6_400, Day("2024-01-15"), Transfer, 3));
    }

    [Fact]
    public void X6_a_message_that_does_not_name_the_payment_means_the_only_one()
    {
        SecondInTransit()
            .When(ComesBack("2024-01-10", Sheet)).ThenRefused(Reason.PaymentNotNamed)
            .When(ComesBack("2024-01-10", Sheet, 1, payment: 3)).ThenRefused(Reason.PaymentUnknown)
            .When(ComesBack("2024-01-10", Sheet, 2, payment: 2)).Then(new PaymentReturned(Sheet, 1_600, false, 2))
            .When(ComesBack("2024-01-10", Sheet, 3, payment: 2)).ThenRefused(Reason.PaymentUnknown)
            .When(ComesBack("2024-01-10", Sheet, 4)).Then(new PaymentReturned(Sheet, 6_400, true, 1))
            .When(ComesBack("2024-01-10", Sheet, 5, payment: 1)).ThenRefused(Reason.NoPaymentToReturn);
    }

    [Fact]
    public void K8_a_confirmation_of_another_payment_than_the_one_in_transit_is_refused() => SecondInTransit()
        .When(Confirms("2024-01-10", Sheet, 1) with { Attempt = 1 }).ThenRefused(Reason.PaymentUnknown)
        .When(Confirms("2024-01-10", Sheet, 2) with { Attempt = 2 }).ThenOutcome(Outcome.Done);

    [Fact]
    public void K8_X6_a_payment_is_ordered_again_by_postal_order_once_the_account_is_gone()
    {
        var story = Paid()
            .Given(IsAccepted("2024-09-20", Public() with { HasBankAccount = false }, 2024))
            .Given(ComesBack("2024-10-05", Sheet));
        story.When(Reissues("2024-10-15", Sheet)).Then(
            new PaymentReissued(Sheet, 6_400, Day("2024-10-15"), PaymentMethod.PostalOrder, 2));
        Assert.Equal(PaymentMethod.PostalOrder, story.Claims[Sheet].Method);
    }

    [Fact]
    public void The_answer_about_a_claim_has_its_payments_and_what_the_patient_bears()
    {
        var answer = Assert.IsType<ClaimAnswer>(
            Paid().When(new AskClaim(Say.Student, Sheet, Day("2023-12-10"))).Answer);
        Assert.Equal([new Payment(6_400, Day("2023-12-01"), Transfer, PaymentState.Confirmed)], answer.Payments);
        Assert.Equal((1_600, 1_600), (answer.ShareCentimes, answer.Outcomes[0].ShareOf(answer.Lines[0])));
    }

    [Fact]
    public void Payments_without_numbers_are_numbered_as_they_come()
    {
        var claim = new Claim(Sheet);
        ClaimEvent[] events =
        [
            new ClaimAdjudicated(
                Sheet, [new LineOutcome(Reason.None, 6_400)]) { AnnouncedMethod = PaymentMethod.PostalOrder },
            new PaymentOrdered(Sheet, 6_400, Day("2023-12-01")), new PaymentMade(Sheet, 6_400, Day("2023-12-05")),
            new PaymentReturned(Sheet, 6_400, true), new PaymentReissued(Sheet, 6_400, Day("2023-12-10")),
            new PaymentReturned(Sheet, 6_400, false),
        ];
        foreach (var e in events)
            ClaimEvolver.Evolve(claim, e);
        Assert.Equal(
            [
                new Payment(6_400, Day("2023-12-01"), PaymentMethod.PostalOrder, PaymentState.Returned),
                new Payment(6_400, Day("2023-12-10"), PaymentMethod.PostalOrder, PaymentState.Returned),
            ],
            claim.Payments.ToArray());
        Assert.Equal((0, 0), (claim.SettledCentimes, claim.InTransitCentimes));
    }

    private static Story Paid() => new Story().Given(IsAccepted("2023-10-05"))
        .Given(
            Deposits("2023-11-20", Sheet, Care("2023-11-10")), Receives("2023-11-25", Sheet),
            Orders("2023-12-01", Sheet), Confirms("2023-12-05", Sheet));

    /// <summary>80.00 are due since the student is known to be exempt: 16.00 more.</summary>
    private static Story SecondInTransit() => Paid()
        .Given(
            Exempts("2023-11-01", "2024-06-30", known: "2024-01-02"), Orders("2024-01-05", Sheet) with { Attempt = 1 });
}
