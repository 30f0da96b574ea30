using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>An operator takes back a fact that was wrong, often months later: it never held (S5, T7).</summary>
public sealed class CorrectionTests
{
    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    [Fact]
    public void S5_coverage_that_never_was_never_suspended() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .When(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", known: "2024-04-01"))
        .Then(
            new FactTakenBack(CommandKind.ReportOtherCoverage, Day("2023-11-01"), CoverageKind.Cnss),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2023-11-01")))
        .ThenClaimsAreNotified("2023-11-01", "2025-01-31")
        .IsEntitledOn("2023-11-01", "2024-04-01")
        .When(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", known: "2024-04-02"))
        .ThenRefused(Reason.FactUnknown);

    // What is right instead comes as a fact of its own.
    [Fact]
    public void S5_coverage_that_began_later_than_reported_suspends_from_then() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .Given(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", known: "2024-04-01"))
        .Given(HasOtherCoverage("2023-12-01", "2024-04-01"))
        .IsEntitledOn("2023-11-30")
        .IsNotEntitledOn("2023-12-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S5_an_end_of_coverage_that_never_was_lets_it_run_on() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"), LosesOtherCoverage("2023-12-31", "2024-01-05"))
        .When(TakesBack(CommandKind.EndOtherCoverage, "2023-12-31", known: "2024-04-01"))
        .Then(
            new FactTakenBack(CommandKind.EndOtherCoverage, Day("2023-12-31"), CoverageKind.Cnss),
            new SuspensionsRevised(SuspensionCause.OtherCoverage, [new(Day("2023-11-01"), null)]))
        .ThenClaimsAreNotified("2024-01-01", "2025-01-31");

    [Fact]
    public void S5_coverage_reported_from_before_the_scheme_can_be_taken_back() => Insured()
        .Given(HasOtherCoverage("1985-03-01", "2023-11-02"))
        .When(TakesBack(CommandKind.ReportOtherCoverage, "1985-03-01", known: "2023-11-03")).ThenOutcome(Outcome.Done)
        .IsEntitledOn("2023-10-05");

    [Fact]
    public void S5_an_interruption_that_never_was_never_suspended() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(TakesBack(CommandKind.InterruptStudies, "2023-11-15", known: "2024-08-01"))
        .Then(
            new FactTakenBack(CommandKind.InterruptStudies, Day("2023-11-15")),
            new RightResumed(SuspensionCause.Interruption, Day("2024-05-15")))
        .ThenClaimsAreNotified("2024-05-15", "2025-01-31");

    [Fact]
    public void S4_S5_an_excuse_that_never_was_lets_the_clock_run_from_the_beginning() => Insured()
        .Given(Interrupts("2023-11-15"), ChangesReason("2024-03-01", InterruptionReason.Illness))
        .When(TakesBack(CommandKind.ChangeInterruptionReason, "2024-03-01", known: "2024-08-01"))
        .Then(
            new FactTakenBack(CommandKind.ChangeInterruptionReason, Day("2024-03-01")),
            new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .ThenClaimsAreNotified("2024-05-15", "2025-01-31");

    [Fact]
    public void S5_a_return_that_never_was_suspends_on() => Insured()
        .Given(Interrupts("2023-11-15"), Resumes("2024-05-20"))
        .When(TakesBack(CommandKind.ResumeStudies, "2024-05-20", known: "2024-08-01"))
        .Then(
            new FactTakenBack(CommandKind.ResumeStudies, Day("2024-05-20")),
            new SuspensionsRevised(SuspensionCause.Interruption, [new(Day("2024-05-15"), null)]))
        .ThenClaimsAreNotified("2024-05-20", "2025-01-31");

    [Fact]
    public void B9_S5_a_grant_of_exemption_that_never_was_exempts_no_day_of_it()
    {
        var story = Insured()
            .When(Exempts("2023-11-01", "2024-10-31", known: "2023-11-20"))
            .Then(new ExemptionDecided(true, 5, Day("2023-11-01"), Day("2024-10-31")))
            .ThenClaimsAreNotified("2023-11-01", "2024-10-31")
            .When(TakesBack(CommandKind.DecideExemption, "2023-11-01", known: "2024-02-01"))
            .Then(new FactTakenBack(CommandKind.DecideExemption, Day("2023-11-01")))
            .ThenClaimsAreNotified("2023-11-01", "2024-10-31");
        Assert.False(story.Insurance.IsExemptOn(Day("2023-12-01")));
    }

    [Fact]
    public void B9_T7_a_refusal_undoes_a_grant_of_the_same_illness_and_day_and_taken_back_lets_it_hold_again()
    {
        var story = Insured()
            .Given(Exempts("2023-11-01", "2024-10-31", illness: 5), Exempts("2023-12-01", "2023-12-31", illness: 6))
            .When(Exempts("2023-11-01", "2024-10-31", granted: false, illness: 5, known: "2024-01-10"))
            .ThenClaimsAreNotified("2023-11-01", "2024-10-31");
        Assert.False(story.Insurance.IsExemptOn(Day("2023-11-15")));
        Assert.True(story.Insurance.IsExemptOn(Day("2023-12-15")));
        story.When(TakesBack(CommandKind.DecideExemption, "2023-11-01", known: "2024-02-01"))
            .Then(new FactTakenBack(CommandKind.DecideExemption, Day("2023-11-01")));
        Assert.True(story.Insurance.IsExemptOn(Day("2023-11-15")));
        story.Given(TakesBack(CommandKind.DecideExemption, "2023-11-01", known: "2024-02-02"));
        Assert.False(story.Insurance.IsExemptOn(Day("2023-11-15")));
        story.When(TakesBack(CommandKind.DecideExemption, "2023-11-01", known: "2024-02-03"))
            .ThenRefused(Reason.FactUnknown);
    }

    [Fact]
    public void B9_T7_a_second_grant_of_the_same_illness_and_day_replaces_the_first()
    {
        var story = Insured()
            .Given(Exempts("2023-11-01", "2024-10-31"))
            .When(Exempts("2023-11-01", "2023-12-31", known: "2024-01-10"))
            .ThenClaimsAreNotified("2024-01-01", "2024-10-31");
        Assert.True(story.Insurance.IsExemptOn(Day("2023-12-31")));
        Assert.False(story.Insurance.IsExemptOn(Day("2024-01-01")));
    }

    [Fact]
    public void T7_the_fact_that_another_of_its_date_replaced_holds_again() => Insured()
        .Given(HasOtherCoverage("2024-01-01", "2024-01-02"), LosesOtherCoverage("2023-12-31", "2024-01-10"))
        .IsEntitledOn("2024-01-01")
        .Given(TakesBack(CommandKind.EndOtherCoverage, "2023-12-31", known: "2024-02-01"))
        .IsNotEntitledOn("2024-01-01", Reason.SuspendedForOtherCoverage);

    // What holds does not change, but what would hold without the later one does.
    [Fact]
    public void T7_the_earlier_of_two_facts_can_be_taken_back_while_the_later_one_holds() => Insured()
        .Given(HasOtherCoverage("2024-01-01", "2024-01-02"), LosesOtherCoverage("2023-12-31", "2024-01-10"))
        .When(TakesBack(CommandKind.ReportOtherCoverage, "2024-01-01", known: "2024-02-01"))
        .Then(new FactTakenBack(CommandKind.ReportOtherCoverage, Day("2024-01-01"), CoverageKind.Cnss))
        .ThenClaimsAreNotifiedNothing()
        .Given(TakesBack(CommandKind.EndOtherCoverage, "2023-12-31", known: "2024-02-02"))
        .IsEntitledOn("2024-01-01");

    [Fact]
    public void S2_T7_a_correction_names_its_coverage_or_takes_the_one_learnt_last() => Insured()
        .Given(
            HasOtherCoverage("2024-01-01", "2024-01-02", holder: CoverageHolder.Father),
            HasOtherCoverage("2024-01-01", "2024-01-03", holder: CoverageHolder.Mother),
            LosesOtherCoverage("2024-01-31", "2024-02-05", holder: CoverageHolder.Father))
        .When(TakesBack(CommandKind.ReportOtherCoverage, "2024-01-01", "2024-03-01", CoverageKind.Cnss))
        .ThenRefused(Reason.FactUnknown)
        .When(
            TakesBack(
                CommandKind.ReportOtherCoverage, "2024-01-01", "2024-03-01", CoverageKind.Ramed, CoverageHolder.Mother))
                    .ThenRefused(Reason.FactUnknown)
        .When(TakesBack(CommandKind.ReportOtherCoverage, "2024-01-01", "2024-03-01"))
        .Then(
            new FactTakenBack(
                CommandKind.ReportOtherCoverage, Day("2024-01-01"), CoverageKind.Cnss, CoverageHolder.Mother),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-02-01")))
        .When(
            TakesBack(
                CommandKind.ReportOtherCoverage, "2024-01-01", "2024-03-02", CoverageKind.Cnss, CoverageHolder.Father))
        .Then(
            new FactTakenBack(
                CommandKind.ReportOtherCoverage, Day("2024-01-01"), CoverageKind.Cnss, CoverageHolder.Father),
            new SuspensionsRevised(SuspensionCause.OtherCoverage, []))
        .IsEntitledOn("2024-01-01", "2024-03-01");

    [Fact]
    public void T7_of_two_reasons_of_a_date_the_earlier_holds_again_when_the_later_is_taken_back() => Insured()
        .Given(Interrupts("2023-11-15"), ChangesReason("2023-11-15", InterruptionReason.Illness))
        .IsEntitledOn("2024-05-15")
        .When(TakesBack(CommandKind.ChangeInterruptionReason, "2023-11-15", known: "2024-08-01"))
        .Then(
            new FactTakenBack(CommandKind.ChangeInterruptionReason, Day("2023-11-15")),
            new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")));

    [Theory]
    [InlineData(CommandKind.ReportOtherCoverage)]
    [InlineData(CommandKind.EndOtherCoverage)]
    [InlineData(CommandKind.InterruptStudies)]
    [InlineData(CommandKind.ChangeInterruptionReason)]
    [InlineData(CommandKind.ResumeStudies)]
    [InlineData(CommandKind.ReceiveContribution)]
    [InlineData(CommandKind.DecideExemption)]
    public void S5_what_is_not_on_record_cannot_be_taken_back(CommandKind fact) => new Story()
        .When(TakesBack(fact, "2023-11-01", "2023-11-02")).ThenRefused(Reason.NotDeclared)
        .Given(Declares("2023-11-02"))
        .When(TakesBack(fact, "2023-11-01", "2023-11-02")).ThenRefused(Reason.FactUnknown)
        .Given(IsAccepted("2024-09-10", year: 2024))
        .Given(
            HasOtherCoverage("2023-11-02", "2024-10-01"), LosesOtherCoverage("2023-11-03", "2024-10-01"),
            Interrupts("2023-11-04", known: "2024-10-01"), Resumes("2023-11-05", "2024-10-01"))
        .When(TakesBack(fact, "2023-11-01", "2024-10-02")).ThenRefused(Reason.FactUnknown);

    [Fact]
    public void S5_a_fact_is_taken_back_as_what_it_is() => Insured()
        .Given(Interrupts("2023-11-15"), HasOtherCoverage("2023-11-15", "2023-11-16"))
        .When(TakesBack(CommandKind.ResumeStudies, "2023-11-15", known: "2024-02-01")).ThenRefused(Reason.FactUnknown)
        .When(TakesBack(CommandKind.ChangeInterruptionReason, "2023-11-15", known: "2024-02-01"))
        .ThenRefused(Reason.FactUnknown)
        .When(TakesBack(CommandKind.EndOtherCoverage, "2023-11-14", known: "2024-02-01"))
        .ThenRefused(Reason.FactUnknown);

    [Theory]
    [InlineData(CommandKind.Declare)]
    [InlineData(CommandKind.AnswerFromAnam)]
    [InlineData(CommandKind.PayContribution)]
    [InlineData(CommandKind.DepositClaim)]
    [InlineData(CommandKind.CorrectFact)]
    public void S5_what_is_followed_by_another_fact_is_not_taken_back(CommandKind fact) => Insured()
        .When(TakesBack(fact, "2023-10-05", "2023-11-02")).ThenRefused(Reason.FactNotCorrectable);
}
