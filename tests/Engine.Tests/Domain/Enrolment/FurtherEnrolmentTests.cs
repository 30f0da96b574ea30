using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>
/// A declaration within the year at another institution (D7, C2, C4): the contribution follows the enrolment, and the
/// entitlement period does not break.
/// </summary>
public sealed class FurtherEnrolmentTests
{
    private static EnrolmentRecord PrivateElsewhere => Private() with { Institution = 22 };

    private static EnrolmentRecord PublicElsewhere => Public() with { Institution = 22 };

    // Due thirty days after the declaration of 10 January: on 9 February.
    [Fact]
    public void D7_C2_a_transfer_to_a_private_institution_makes_the_years_contribution_owed() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .When(Declares("2024-01-10", PrivateElsewhere))
        .Then(new FurtherEnrolmentRecorded(PrivateElsewhere, 2023, Day("2024-01-10"), Day("2024-02-09"), 40_000))
        .IsEntitledOn("2024-01-09", "2024-01-10", "2024-02-09")
        .Until("2024-02-10").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2024-02-10")))
        .When(FundReceives("2024-02-20"))
        .Then(
            new ContributionReceived(40_000, Day("2024-02-20"), 2023),
            new RightResumed(SuspensionCause.Contribution, Day("2024-02-20")));

    [Fact]
    public void D7_S5_a_transfer_learnt_after_its_contribution_was_due_suspends_the_days_past() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .When(Declares("2024-01-10", PrivateElsewhere) with { Known = Day("2024-03-01") })
        .Then(
            new FurtherEnrolmentRecorded(PrivateElsewhere, 2023, Day("2024-01-10"), Day("2024-02-09"), 40_000),
            new RightSuspended(SuspensionCause.Contribution, Day("2024-02-10")))
        .ThenClaimsAreNotified("2024-02-10", "2025-01-31");

    [Fact]
    public void D7_C2_what_is_owed_once_stays_after_a_transfer_to_a_public_institution()
    {
        var story = new Story().Given(IsAccepted("2023-10-05", Private()))
            .When(Declares("2023-10-20", PublicElsewhere))
            .Then(new FurtherEnrolmentRecorded(PublicElsewhere, 2023, Day("2023-10-20"), null, 0))
            .When(FundReceives("2023-10-25")).ThenOutcome(Outcome.Done)
            .Then(new ContributionReceived(40_000, Day("2023-10-25"), 2023));
        Assert.Equal((40_000, 0), (story.Insurance.Contribution!.OwedCentimes, story.Insurance.HeldCentimes));
    }

    [Fact]
    public void D7_C4_a_second_private_institution_makes_nothing_owed_again() => new Story()
        .Given(IsAccepted("2023-10-05", Private()))
        .When(Declares("2024-01-10", PrivateElsewhere))
        .Then(new FurtherEnrolmentRecorded(PrivateElsewhere, 2023, Day("2024-01-10"), null, 0));

    [Fact]
    public void D7_a_transfer_while_the_application_is_under_way_moves_it_nowhere_and_the_contribution_with_it() =>
        new Story()
            .Given(Declares("2023-09-10", Private()), Pays("2023-09-11"), Forwards("2023-09-20"))
            .When(Declares("2023-09-25", PublicElsewhere))
            .Then(
                new FurtherEnrolmentRecorded(PublicElsewhere, 2023, Day("2023-09-25"), null, 0),
                new ContributionHeld(40_000, 2023, Reason.ContributionNotDue))
            .Given(Transmits("2023-09-26"))
            .When(AnamFinds("2023-10-05")).Then(
                new ApplicationAccepted(2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), null));

    [Fact]
    public void D1_at_the_same_institution_it_is_declared_already() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .When(Declares("2024-01-10", Public() with { PaidTrack = true })).ThenRefused(Reason.AlreadyDeclared);

    [Fact]
    public void T8_a_year_that_was_carried_over_owes_nothing() => new Story()
        .Given(CarriesOver("2023-08-01", "2022-10-01", 2022))
        .When(Declares("2023-08-02", PrivateElsewhere, year: 2022))
        .Then(new FurtherEnrolmentRecorded(PrivateElsewhere, 2022, Day("2023-08-02"), null, 0))
        .When(FundReceives("2023-08-03", year: 2022)).ThenOutcome(Outcome.Done, Reason.ContributionNotDue);

    // The first acceptance of the year found a public enrolment, the second one a private one.
    [Fact]
    public void C2_the_first_acceptance_of_the_year_that_finds_an_enrolment_that_owes_makes_it_due() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .Given(
            Declares("2023-11-01", coverage: CoverageKind.Cnss), Declares("2023-11-10", PrivateElsewhere),
            Forwards("2023-11-11"), Transmits("2023-11-12"))
        .When(FundReceives("2023-11-15")).ThenOutcome(Outcome.Done)
        .Given(AnamFinds("2023-11-20"))
        .Until("2024-07-31").ThenFell()
        .IsEntitledOn("2023-12-21");

    [Fact]
    public void D7_the_enrolments_of_a_year_are_forgotten_with_the_year()
    {
        var story = new Story()
            .Given(IsAccepted("2023-10-05"))
            .Given(Declares("2024-01-10", Private() with { Category = Category.PrivateVocational, Institution = 22 }));
        Assert.True(story.Student.Enrolments.Has(Category.PublicUniversity));
        Assert.True(story.Student.Enrolments.Has(Category.PrivateVocational));
        story.Given(Declares("2024-09-10", Public() with { Category = Category.Ofppt }, year: 2024));
        Assert.Equal(new YearEnrolments().With(Category.Ofppt), story.Student.Enrolments);
        story.Given(Resends("2025-09-10", 2025));
        Assert.Equal(new YearEnrolments().With(Category.Ofppt), story.Student.Enrolments);
    }
}
