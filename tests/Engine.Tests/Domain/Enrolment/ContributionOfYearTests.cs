using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Enrolment;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>The amount owed follows from its year, and not from the student's present category (C2).</summary>
public sealed class ContributionOfYearTests
{
    // Private in 2023 and never received; public in 2024.
    [Fact]
    public void C2_S5_last_years_receipt_of_one_who_is_public_now_ends_last_years_suspension() => new Story()
        .Given(IsAccepted("2023-10-05", Private())).Given(IsAccepted("2024-09-20", Public(), 2024))
        .When(FundReceives("2024-02-15", known: "2024-10-20", year: 2023)).ThenOutcome(Outcome.Done)
        .Then(
            new ContributionReceived(40_000, Day("2024-02-15"), 2023),
            new SuspensionsRevised(SuspensionCause.Contribution, [new(Day("2023-11-05"), Day("2024-02-14"))]))
        .ThenClaimsAreNotified("2024-02-15", "2024-08-31");

    [Fact]
    public void C2_C5_money_for_last_year_of_one_who_was_public_then_is_held() => new Story()
        .Given(IsAccepted("2023-10-05", Public())).Given(IsAccepted("2024-09-20", Private(), 2024))
        .When(FundReceives("2024-10-20", year: 2023)).ThenOutcome(Outcome.Done, Reason.ContributionNotDue)
        .Then(
            new ContributionReceived(40_000, Day("2024-10-20"), 2023),
            new ContributionHeld(40_000, 2023, Reason.ContributionNotDue));

    [Fact]
    public void C5_money_that_comes_too_early_is_held_until_its_year_is_declared() => new Story()
        .Given(IsAccepted("2023-10-05", Private()))
        .When(Pays("2024-08-20", year: 2024)).ThenOutcome(Outcome.Done, Reason.ContributionTooEarly)
        .Then(
            new ContributionPaid(40_000, 11, 2024, Day("2024-08-20")),
            new ContributionHeld(40_000, 2024, Reason.ContributionTooEarly))
        .When(Declares("2024-09-10", Private(), year: 2024))
        .Then(
            new DeclarationRecorded(Private(), CoverageKind.None, 2024, Day("2024-09-10")),
            new ContributionReleased(40_000, 2024));

    [Fact]
    public void C5_money_that_comes_too_early_stays_held_where_the_year_owes_nothing() => new Story()
        .Given(IsAccepted("2023-10-05", Private()))
        .Given(Pays("2024-08-20", year: 2024))
        .When(Declares("2024-09-10", Public(), year: 2024))
        .Then(new DeclarationRecorded(Public(), CoverageKind.None, 2024, Day("2024-09-10")));

    [Fact]
    public void S5_T7_of_two_receipts_of_a_day_the_one_learnt_last_is_taken_back()
    {
        var story = PrivateTwoYears()
            .Given(FundReceives("2024-10-20", year: 2024), FundReceives("2024-10-20", known: "2024-10-21", year: 2023))
            .When(TakesBack(CommandKind.ReceiveContribution, "2024-10-20", known: "2024-10-22")).Then(
                new ReceiptCorrected(2023, Day("2024-10-20"), 40_000));
        Assert.Equal(
            (0, 40_000),
            (story.Insurance.ContributionOf(2023)!.ReceivedCentimes,
                story.Insurance.ContributionOf(2024)!.ReceivedCentimes));
        story.When(TakesBack(CommandKind.ReceiveContribution, "2024-10-20", known: "2024-10-23"))
            .Then(new ReceiptCorrected(2024, Day("2024-10-20"), 40_000))
            .When(TakesBack(CommandKind.ReceiveContribution, "2024-10-20", known: "2024-10-24"))
            .ThenRefused(Reason.FactUnknown);
    }

    [Fact]
    public void S5_C5_a_second_receipt_taken_back_leaves_the_first() => new Story()
        .Given(IsAccepted("2023-10-05", Private())).Given(FundReceives("2023-10-20"), FundReceives("2023-10-20"))
        .When(TakesBack(CommandKind.ReceiveContribution, "2023-10-20", known: "2023-10-25"))
        .Then(new ReceiptCorrected(2023, Day("2023-10-20"), 40_000), new ContributionReleased(40_000, 2023))
        .Until("2024-07-31").ThenFell();

    // Journals of before did not say what was owed: whatever was received settled it.
    [Theory]
    [InlineData(40_000)]
    [InlineData(45_000)]
    public void S1_of_an_acceptance_that_does_not_say_what_is_owed_any_receipt_settles_it(long centimes)
    {
        var student = new StudentAggregate(Say.Student);
        student.Apply(
        [
            new DeclarationRecorded(Private(), CoverageKind.None, 2023, Day("2023-09-10")),
            new ApplicationAccepted(2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), Day("2023-11-04")),
            new ContributionReceived(centimes, Day("2023-12-20"), 2023),
        ]);
        Assert.Equal(
            [new Suspension(SuspensionCause.Contribution, Day("2023-11-05"), Day("2023-12-19"))],
            SuspensionRules.Of(SuspensionCause.Contribution, student.Insurance!));
    }

    private static Story PrivateTwoYears() =>
        new Story().Given(IsAccepted("2023-10-05", Private())).Given(IsAccepted("2024-09-25", Private(), 2024));
}
