using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>Who may be covered (E1-E3).</summary>
public sealed class EligibilityTests
{
    [Theory]
    [InlineData(Cycle.HigherEducation, true)]
    [InlineData(Cycle.PreparatoryClasses, true)]
    [InlineData(Cycle.HigherTechnician, true)]
    [InlineData(Cycle.SpecialisedTechnician, true)]
    [InlineData(Cycle.Vocational, true)]
    [InlineData(Cycle.TraditionalFinalStage, true)]
    [InlineData(Cycle.UnlicensedVocational, false)]
    [InlineData(Cycle.TraditionalEarlierStage, false)]
    [InlineData(Cycle.BelowBaccalaureate, false)]
    public void E1_the_course_decides_on_eligibility(Cycle cycle, bool eligible)
    {
        var story = Applies(Public() with { Cycle = cycle }, "2023-09-15").When(AnamFinds("2023-10-01"));
        if (eligible)
            story.ThenOutcome(Outcome.ApplicationAccepted).IsEntitledOn("2023-10-01");
        else
            story.Then(new ApplicationRefused(2023, Reason.CycleNotEligible))
                .ThenOutcome(Outcome.ApplicationRefused, Reason.CycleNotEligible);
    }

    [Fact]
    public void An_application_from_someone_over_thirty_is_refused_with_E2() =>
        Applies(Public("1992-09-15"), "2023-09-15").When(AnamFinds("2023-10-01"))
            .Then(new ApplicationRefused(2023, Reason.OverAge))
            .ThenOutcome(Outcome.ApplicationRefused, Reason.OverAge)
            .IsNotEntitledOn("2023-10-01", Reason.NeverEntitled);

    [Theory]
    [InlineData("1993-09-15", true)] // thirty on the day
    [InlineData("1993-09-14", true)] // thirty since yesterday
    [InlineData("1992-09-16", true)] // thirty-one tomorrow
    [InlineData("1992-09-15", false)] // thirty-one today
    [InlineData("1992-09-14", false)]
    public void E2_thirty_itself_is_allowed_until_the_eve_of_the_thirty_first_birthday(string born, bool allowed) =>
        Applies(Public(born), "2023-09-15").When(AnamFinds("2023-10-01"))
            .ThenOutcome(
                allowed ? Outcome.ApplicationAccepted : Outcome.ApplicationRefused,
                allowed ? Reason.None : Reason.OverAge);

    [Fact]
    public void E2_age_is_counted_on_the_day_of_registration_not_on_that_of_the_answer() =>
        Applies(Public("1992-09-16"), "2023-09-15")
            .When(AnamFinds("2023-12-01"))
            .ThenOutcome(Outcome.ApplicationAccepted);

    [Fact]
    public void E2_age_is_counted_again_at_each_re_enrolment() => new Story()
        .Given(IsAccepted("2023-10-01", Public("1993-01-10")))
        .Given(
            Declares("2024-10-01", Public("1993-01-10"), year: 2024), Forwards("2024-10-01"), Transmits("2024-10-01"))
        .When(AnamFinds("2024-10-20")).Then(new ApplicationRefused(2024, Reason.OverAge))
        .IsEntitledOn("2024-10-20", "2025-01-31");

    [Theory]
    [InlineData("2023-02-27", 30)]
    [InlineData("2023-02-28", 31)] // no 29th: the year is completed on the 28th
    [InlineData("2024-02-28", 31)]
    [InlineData("2024-02-29", 32)]
    public void E2_one_born_on_29_February_completes_a_year_on_the_28th_where_there_is_no_29th(string day, int years) =>
        Assert.Equal(years, Entitlement.AgeOn(Day("1992-02-29"), Day(day)));

    [Fact]
    public void E2_the_final_stage_of_traditional_education_has_no_age_limit() =>
        Applies(
            Public("1960-01-01") with { Category = Category.PublicTraditional, Cycle = Cycle.TraditionalFinalStage },
            "2023-09-15")
            .When(AnamFinds("2023-10-01")).ThenOutcome(Outcome.ApplicationAccepted);

    [Theory]
    [InlineData(CoverageKind.Cnops, Reason.CoveredByCnops)]
    [InlineData(CoverageKind.Cnss, Reason.CoveredByCnss)]
    [InlineData(CoverageKind.Ramed, Reason.CoveredByRamed)]
    [InlineData(CoverageKind.ArmedForces, Reason.CoveredByArmedForces)]
    [InlineData(CoverageKind.Article114, Reason.CoveredByArticle114)]
    [InlineData(CoverageKind.OtherScheme, Reason.CoveredByOtherScheme)]
    public void E3_each_other_coverage_ANAM_finds_refuses_with_its_own_code(CoverageKind found, Reason reason)
    {
        Applies(Public(), "2023-09-15").When(AnamFinds("2023-10-01", found))
            .Then(new ApplicationRefused(2023, reason))
            .ThenOutcome(Outcome.ApplicationRefused, reason);
        Assert.Equal("E3", ReasonRules.RuleOf(reason));
        Assert.Equal(found.ToString(), reason.ToString()["CoveredBy".Length..]);
    }

    [Fact]
    public void E3_every_kind_of_coverage_has_a_code() =>
        Assert.Equal(
            Enum.GetValues<CoverageKind>().Length - 1,
            Enum.GetValues<Reason>().Count(reason => ReasonRules.RuleOf(reason) == "E3"));

    private static Story Applies(EnrolmentRecord enrolment, string day) =>
        new Story().Given(Declares(day, enrolment), Forwards(day), Transmits(day));
}
