using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>From the declaration to the fund (D1-D3).</summary>
public sealed class DeclarationTests
{
    [Fact]
    public void D1_a_declaration_of_other_coverage_is_put_on_record_and_asks_for_nothing() => new Story()
        .When(Declares("2023-09-10", coverage: CoverageKind.Cnss))
        .Then(new DeclarationRecorded(Public(), CoverageKind.Cnss, 2023, Day("2023-09-10")))
        .When(Forwards("2023-09-20")).ThenRefused(Reason.NoApplication)
        .When(AnamFinds("2023-09-30")).ThenRefused(Reason.NotWithAnam)
        .IsNotEntitledOn("2023-10-01", Reason.NeverEntitled);

    [Fact]
    public void D1_a_declaration_of_other_coverage_meets_no_refusal_even_after_an_application() => new Story()
        .Given(Declares("2023-09-10"), Forwards("2023-09-20"))
        .When(Declares("2023-09-25", coverage: CoverageKind.Ramed))
        .Then(new DeclarationRecorded(Public(), CoverageKind.Ramed, 2023, Day("2023-09-25")))
        .When(Transmits("2023-09-30")).ThenRefused(Reason.NotForwarded);

    [Fact]
    public void D1_a_declaration_without_coverage_is_an_application_and_there_is_one_at_a_time() => new Story()
        .When(Declares("2023-09-10"))
        .Then(new DeclarationRecorded(Public(), CoverageKind.None, 2023, Day("2023-09-10")))
        .When(Declares("2023-09-11")).ThenRefused(Reason.AlreadyDeclared)
        .Given(Forwards("2023-09-20"))
        .When(Declares("2023-09-21")).ThenRefused(Reason.AlreadyDeclared)
        .Given(Transmits("2023-09-22"))
        .When(Declares("2023-09-23")).ThenRefused(Reason.AlreadyDeclared)
        .Given(AnamFinds("2023-10-01"))
        .When(Declares("2023-10-02")).ThenRefused(Reason.AlreadyDeclared);

    [Fact]
    public void D1_one_who_was_refused_or_had_declared_coverage_can_apply_again_in_the_same_year() => new Story()
        .Given(Declares("2023-09-10", coverage: CoverageKind.Cnss))
        .Given(Declares("2023-10-10"), Forwards("2023-10-10"), Transmits("2023-10-10"))
        .When(AnamFinds("2023-11-01", CoverageKind.Cnss)).ThenOutcome(Outcome.ApplicationRefused, Reason.CoveredByCnss)
        .When(Declares("2023-12-01")).Then(
            new DeclarationRecorded(Public(), CoverageKind.None, 2023, Day("2023-12-01")));

    [Fact]
    public void D3_an_application_goes_by_its_institution_its_desk_and_the_fund_to_ANAM() => new Story()
        .Given(Declares("2023-09-10"))
        .When(Forwards("2023-09-20")).Then(new ApplicationForwarded(ApplicationDesk.Onousc))
        .When(Transmits("2023-09-25")).Then(new ApplicationSentToAnam())
        .When(AnamFinds("2023-10-05")).ThenOutcome(Outcome.ApplicationAccepted);

    [Fact]
    public void D3_no_step_can_be_skipped_or_taken_twice() => new Story()
        .When(Forwards("2023-09-01")).ThenRefused(Reason.NotDeclared)
        .Given(Declares("2023-09-10"))
        .When(Transmits("2023-09-11")).ThenRefused(Reason.NotForwarded)
        .When(AnamFinds("2023-09-11")).ThenRefused(Reason.NotWithAnam)
        .Given(Forwards("2023-09-20"))
        .When(Forwards("2023-09-21")).ThenRefused(Reason.AlreadyForwarded)
        .When(AnamFinds("2023-09-21")).ThenRefused(Reason.NotWithAnam)
        .Given(Transmits("2023-09-25"))
        .When(Transmits("2023-09-26")).ThenRefused(Reason.NotForwarded)
        .When(Forwards("2023-09-26")).ThenRefused(Reason.AlreadyForwarded)
        .Given(AnamFinds("2023-10-05"))
        .When(AnamFinds("2023-10-06")).ThenRefused(Reason.NotWithAnam);

    [Theory]
    [InlineData(Category.PublicUniversity, ApplicationDesk.Onousc)]
    [InlineData(Category.PublicHigherEducation, ApplicationDesk.Onousc)]
    [InlineData(Category.PublicPreparatory, ApplicationDesk.Onousc)]
    [InlineData(Category.PublicTraditional, ApplicationDesk.Onousc)]
    [InlineData(Category.PrivateHigherEducation, ApplicationDesk.Onousc)]
    [InlineData(Category.PrivatePreparatory, ApplicationDesk.Onousc)]
    [InlineData(Category.PrivateTraditional, ApplicationDesk.Onousc)]
    [InlineData(Category.Ofppt, ApplicationDesk.Ofppt)]
    [InlineData(Category.PrivateVocational, ApplicationDesk.AnamPortal)]
    [InlineData(Category.MinistryVocational, ApplicationDesk.AnamPortal)]
    public void D2_the_application_of_each_category_goes_through_its_own_desk(Category category, ApplicationDesk desk)
    {
        foreach (var other in Enum.GetValues<ApplicationDesk>())
        {
            var story = new Story()
                .Given(Declares("2023-09-10", Public() with { Category = category }))
                .When(Forwards("2023-09-20", other));
            _ = other == desk
                ? story.Then(new ApplicationForwarded(desk))
                : story.ThenRefused(Reason.WrongApplicationDesk);
        }
    }

    [Fact]
    public void D7_no_application_sets_a_student_back_to_a_year_that_is_over() => new Story()
        .Given(IsAccepted("2023-09-10"))
        .When(Declares("2023-10-01", year: 2022)).ThenRefused(Reason.YearIsOver)
        .When(Resends("2023-10-01", 2022)).ThenRefused(Reason.YearIsOver)
        .IsEntitledOn("2023-10-01");

    [Fact]
    public void D1_coverage_declared_for_a_year_that_is_over_is_put_on_record_and_changes_nothing_of_this_one()
    {
        var story = new Story().Given(IsAccepted("2023-09-10", Private())).Given(Pays("2023-09-20"))
            .When(Declares("2023-10-01", Public(), CoverageKind.Cnss, 2022))
            .Then(new DeclarationRecorded(Public(), CoverageKind.Cnss, 2022, Day("2023-10-01")))
            .IsEntitledOn("2023-10-01");
        Assert.Equal((2023, ApplicationState.Accepted), (story.Student.Year, story.Student.Application));
        Assert.Equal(Private(), story.Student.Enrolment);
        Assert.Equal(40_000, story.Insurance.Contribution!.PaidCentimes);
    }

    [Fact]
    public void D3_an_application_of_a_year_gone_by_gives_way_to_the_next_years() => new Story()
        .Given(Declares("2023-09-10"), Forwards("2023-09-20"), Transmits("2023-09-25"))
        .When(Declares("2024-09-10", year: 2024))
        .Then(new DeclarationRecorded(Public(), CoverageKind.None, 2024, Day("2024-09-10")))
        .When(AnamFinds("2024-09-11")).ThenRefused(Reason.NotWithAnam);
}
