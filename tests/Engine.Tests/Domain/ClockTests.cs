using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain;

/// <summary>Clocks are measured and reported, and refuse nothing (X3).</summary>
public sealed class ClockTests
{
    private const ulong Approval = 500;
    private const ulong Sheet = 70;

    // 5 January 2024 is a Friday, 11 January a holiday (Manifesto of Independence).
    [Theory]
    [InlineData("2024-01-09", 0)]
    [InlineData("2024-01-10", 3)]
    [InlineData("2024-01-11", 3)]
    [InlineData("2024-02-05", 20)]
    public void X3_an_approval_is_answered_within_two_working_days(string answered, int missedAfter) =>
        Missed(
            Insured()
                .Given(AsksApproval("2024-01-05", Approval))
                .When(ControlGrants(answered, Approval, 5))
                .ThenOutcome(Outcome.Done), Clock.ApprovalAnswer, missedAfter, 2);

    [Fact]
    public void X3_a_refusal_of_approval_is_an_answer_too() =>
        Missed(
            Insured().Given(AsksApproval("2024-01-05", Approval)).When(ControlGrants("2024-01-12", Approval, 0)),
            Clock.ApprovalAnswer, 4, 2);

    // Throne Day, 30 July 2024, is a Tuesday: one working day lies between Monday and Wednesday.
    [Fact]
    public void X3_a_holiday_gives_the_medical_control_another_day() =>
        Missed(
            Insured().Given(AsksApproval("2024-07-26", Approval)).When(ControlGrants("2024-07-31", Approval, 5)),
            Clock.ApprovalAnswer, 0, 2);

    [Theory]
    [InlineData("2024-02-08", 0)] // ninety days after the last care
    [InlineData("2024-02-09", 91)]
    public void X3_a_providers_bill_comes_within_ninety_days_of_the_last_care(string deposited, int missedAfter) =>
        Missed(
            Insured()
                .When(
                    ProviderDeposits(
                        deposited, Sheet, Care("2023-11-10", Act.Dialysis, reference: 8_000),
                        Care("2023-10-10", Act.Dialysis, reference: 8_000)))
                .ThenOutcome(Outcome.Done),
            Clock.ThirdPartyBill, missedAfter, 90);

    [Fact]
    public void X3_a_file_sent_back_was_deposited_all_the_same() => Missed(
        Insured()
            .When(
                ProviderDeposits("2024-02-10", Sheet, Care("2023-11-10", Act.Dialysis, reference: 8_000)) with
                {
                    Items = FileItems.None
                })
            .ThenOutcome(Outcome.ClaimReturned, Reason.MissingItems),
        Clock.ThirdPartyBill, 92, 90);

    [Fact]
    public void X3_a_bill_that_is_refused_is_not_timed() => Insured()
        .When(
            ProviderDeposits("2024-02-10", Sheet, Care("2023-11-10", Act.Dialysis, reference: 8_000)) with
            {
                PatientIsStudent = false
            }).ThenRefused(Reason.PatientNotStudent);

    [Fact]
    public void X3_a_students_own_claim_is_not_timed() => Insured()
        .Given(
            Deposits("2024-06-10", Sheet, Care("2023-11-10")), Receives("2024-06-11", Sheet),
            Orders("2024-12-12", Sheet))
        .When(Confirms("2024-12-19", Sheet)).ThenOutcome(Outcome.Done)
        .Then(new PaymentMade(Sheet, 6_400, Day("2024-12-19"), 1));

    [Theory]
    [InlineData("2024-01-20", 0)] // sixty days
    [InlineData("2024-01-21", 61)]
    public void X3_a_provider_is_paid_within_sixty_days_of_receipt(string paid, int missedAfter) => Missed(
        Insured()
            .Given(
                ProviderDeposits("2023-11-15", Sheet, Care("2023-11-10", Act.Dialysis, reference: 8_000)),
                Receives("2023-11-21", Sheet), Orders("2023-11-23", Sheet))
            .When(Confirms(paid, Sheet)).ThenOutcome(Outcome.Done),
        Clock.ProviderPayment, missedAfter, 60);

    [Fact]
    public void X3_a_confirmation_that_is_refused_is_not_timed() => Insured()
        .Given(
            ProviderDeposits("2023-11-15", Sheet, Care("2023-11-10", Act.Dialysis, reference: 8_000)),
            Receives("2023-11-21", Sheet))
        .When(Confirms("2024-06-01", Sheet)).ThenRefused(Reason.PaymentNotOrdered);

    [Theory]
    [InlineData("2023-11-09", 0)] // thirty days after he paid
    [InlineData("2023-11-10", 31)]
    public void X3_an_institution_passes_a_contribution_on_within_thirty_days(string received, int missedAfter) =>
        Missed(
            new Story()
                .Given(IsAccepted("2023-10-05", Private()))
                .Given(Pays("2023-10-10"))
                .When(FundReceives(received))
                .ThenOutcome(Outcome.Done),
            Clock.ContributionTransfer, missedAfter, 30);

    [Fact]
    public void X3_a_contribution_not_reported_as_paid_is_not_timed() =>
        new Story()
            .Given(IsAccepted("2023-10-05", Private()))
            .When(FundReceives("2023-11-03"))
            .Then(new ContributionReceived(40_000, Day("2023-11-03"), 2023));

    [Fact]
    public void X3_S5_a_receipt_that_was_taken_back_never_was_and_the_next_is_timed() => Missed(
        new Story()
            .Given(IsAccepted("2023-10-05", Private()))
            .Given(
                Pays("2023-10-10"), FundReceives("2023-10-20"),
                TakesBack(CommandKind.ReceiveContribution, "2023-10-20", known: "2023-11-30"))
            .When(FundReceives("2023-12-15")).ThenOutcome(Outcome.Done),
        Clock.ContributionTransfer, 66, 30);

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    private static void Missed(Story story, Clock clock, int days, int allowed) =>
        Assert.Equal(days == 0 ? [] : [new ClockMissed(clock, days, allowed)], story.Events.OfType<ClockMissed>());
}
