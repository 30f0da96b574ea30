using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>Other coverage, and causes that meet (S2, S4, S5, T5, T7).</summary>
public sealed class SuspensionTests
{
    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    [Fact]
    public void S2_T5_other_coverage_suspends_from_the_day_it_began_not_the_day_it_was_learnt() => Insured()
        .When(HasOtherCoverage("2023-11-01", known: "2024-01-15"))
        .Then(
            new OtherCoverageReported(CoverageKind.Cnss, Day("2023-11-01"), true),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-11-01")))
        .ThenClaimsAreNotified("2023-11-01", "2025-01-31")
        .IsEntitledOn("2023-10-31")
        .IsNotEntitledOn("2023-11-01", Reason.SuspendedForOtherCoverage)
        .IsNotEntitledOn("2024-01-15", Reason.SuspendedForOtherCoverage);

    [Theory]
    [InlineData(CoverageKind.Cnops)]
    [InlineData(CoverageKind.Cnss)]
    [InlineData(CoverageKind.Ramed)]
    [InlineData(CoverageKind.ArmedForces)]
    [InlineData(CoverageKind.Article114)]
    [InlineData(CoverageKind.OtherScheme)]
    public void S2_every_kind_of_coverage_suspends_and_the_student_can_report_it_himself(CoverageKind coverage) =>
        Insured()
            .When(HasOtherCoverage("2023-11-01", "2023-11-02", coverage, byAnam: false))
            .Then(
                new OtherCoverageReported(coverage, Day("2023-11-01"), false),
                new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-11-01")))
            .IsNotEntitledOn("2023-11-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S2_reported_ahead_it_suspends_when_the_day_comes() => Insured()
        .When(HasOtherCoverage("2024-03-01", known: "2024-01-15"))
        .Then(new OtherCoverageReported(CoverageKind.Cnss, Day("2024-03-01"), true)).ThenClaimsAreNotifiedNothing()
        .Until("2024-02-29").ThenFell()
        .Until("2024-03-01")
        .ThenFell(new RightSuspended(SuspensionCause.OtherCoverage, Day("2024-03-01")))
        .ThenClaimsAreNotified("2024-03-01", "2025-01-31");

    [Fact]
    public void S2_a_change_of_scheme_is_no_gap() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02", CoverageKind.Ramed))
        .When(HasOtherCoverage("2023-12-10", "2023-12-11", CoverageKind.Cnss))
        .Then(new OtherCoverageReported(CoverageKind.Cnss, Day("2023-12-10"), true))
        .ThenClaimsAreNotifiedNothing()
        .IsNotEntitledOn("2023-12-09", Reason.SuspendedForOtherCoverage)
        .IsNotEntitledOn("2023-12-10", Reason.SuspendedForOtherCoverage);

    // One who was entitled, in grace too, and declared other coverage at re-enrolment stayed entitled.
    [Fact]
    public void D1_S2_one_who_has_a_right_and_declares_other_coverage_reports_it() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .When(Declares("2023-09-20", coverage: CoverageKind.Cnops))
        .Then(
            new DeclarationRecorded(Public(), CoverageKind.Cnops, 2023, Day("2023-09-20")),
            new OtherCoverageReported(CoverageKind.Cnops, Day("2023-09-20"), false),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-09-20")))
        .ThenClaimsAreNotified("2023-09-20", "2024-01-31")
        .IsEntitledOn("2023-09-19")
        .IsNotEntitledOn("2023-09-20", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void D1_S2_of_one_who_never_had_a_right_a_declaration_or_an_answer_is_no_report() => new Story()
        .When(Declares("2023-09-20", coverage: CoverageKind.Cnops))
        .Then(new DeclarationRecorded(Public(), CoverageKind.Cnops, 2023, Day("2023-09-20")))
        .Given(Declares("2023-10-01"), Forwards("2023-10-01"), Transmits("2023-10-01"))
        .When(AnamFinds("2023-10-20", CoverageKind.Cnss)).Then(new ApplicationRefused(2023, Reason.CoveredByCnss));

    [Fact]
    public void E3_S2_what_ANAM_finds_at_renewal_refuses_the_renewal_and_suspends_the_grace() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .Given(Declares("2023-09-20"), Forwards("2023-10-01"), Transmits("2023-10-01"))
        .When(AnamFinds("2023-10-20", CoverageKind.Article114))
        .Then(
            new ApplicationRefused(2023, Reason.CoveredByArticle114),
            new OtherCoverageReported(CoverageKind.Article114, Day("2023-10-20"), true),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-10-20")))
        .IsEntitledOn("2023-10-19")
        .IsNotEntitledOn("2023-10-20", Reason.SuspendedForOtherCoverage);

    // Whatever else refuses it.
    [Fact]
    public void E2_S2_coverage_found_of_one_too_old_suspends_his_grace_too() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022, Public("1990-01-01")))
        .Given(Declares("2023-09-20", Public("1990-01-01")), Forwards("2023-10-01"), Transmits("2023-10-01"))
        .When(AnamFinds("2023-10-20", CoverageKind.Ramed)).ThenOutcome(Outcome.ApplicationRefused, Reason.OverAge)
        .IsNotEntitledOn("2023-10-20", Reason.SuspendedForOtherCoverage);

    // The entitlement period had ended when the report came, and claims for its last days were still paid.
    [Fact]
    public void S2_S5_other_coverage_learnt_after_the_right_lapsed_suspends_the_days_it_had() => Insured()
        .When(HasOtherCoverage("2024-11-01", known: "2025-03-01"))
        .Then(
            new OtherCoverageReported(CoverageKind.Cnss, Day("2024-11-01"), true),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2024-11-01")))
        .ThenClaimsAreNotified("2024-11-01", "2025-01-31")
        .IsEntitledOn("2024-10-31")
        .IsNotEntitledOn("2024-11-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S2_other_coverage_after_the_right_ended_suspends_nothing() => Insured()
        .When(HasOtherCoverage("2025-02-01", known: "2025-03-01"))
        .Then(new OtherCoverageReported(CoverageKind.Cnss, Day("2025-02-01"), true))
        .ThenClaimsAreNotifiedNothing()
        .IsEntitledOn("2025-01-31");

    [Fact]
    public void S2_nothing_is_reported_of_a_student_the_fund_does_not_know() => new Story()
        .When(HasOtherCoverage("2023-11-01", "2023-11-02")).ThenRefused(Reason.NotDeclared)
        .When(LosesOtherCoverage("2023-11-01", "2023-11-02")).ThenRefused(Reason.NotDeclared);

    [Fact]
    public void S4_the_right_resumes_on_the_day_after_the_other_coverage_ended() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .When(LosesOtherCoverage("2024-02-29", known: "2024-03-10"))
        .Then(
            new OtherCoverageEnded(Day("2024-02-29"), CoverageKind.Cnss),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-03-01")))
        .ThenClaimsAreNotified("2024-03-01", "2025-01-31")
        .IsNotEntitledOn("2024-02-29", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2024-03-01");

    [Fact]
    public void S5_the_end_can_be_learnt_before_the_beginning() => Insured()
        .When(LosesOtherCoverage("2023-12-31", known: "2024-01-10"))
        .Then(new OtherCoverageEnded(Day("2023-12-31"), CoverageKind.Cnss))
        .ThenClaimsAreNotifiedNothing()
        .When(HasOtherCoverage("2023-11-01", known: "2024-05-01"))
        .Then(
            new OtherCoverageReported(CoverageKind.Cnss, Day("2023-11-01"), true),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-11-01")),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-01-01")))
        .ThenClaimsAreNotified("2023-11-01", "2023-12-31")
        .IsEntitledOn("2023-10-31", "2024-01-01")
        .IsNotEntitledOn("2023-12-31", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S5_coverage_turns_out_to_have_begun_earlier() => Insured()
        .Given(HasOtherCoverage("2024-01-01", "2024-01-02"))
        .When(HasOtherCoverage("2023-12-01", known: "2024-03-01"))
        .Then(
            new OtherCoverageReported(CoverageKind.Cnss, Day("2023-12-01"), true),
            new SuspensionsRevised(SuspensionCause.OtherCoverage, [new(Day("2023-12-01"), null)]))
        .ThenClaimsAreNotified("2023-12-01", "2023-12-31");

    [Fact]
    public void T7_of_two_facts_of_a_date_the_one_learnt_last_holds() => Insured()
        .Given(HasOtherCoverage("2024-01-01", "2024-01-02"))
        .When(LosesOtherCoverage("2023-12-31", known: "2024-02-01"))
        .Then(
            new OtherCoverageEnded(Day("2023-12-31"), CoverageKind.Cnss),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-01-01")))
        .ThenClaimsAreNotified("2024-01-01", "2025-01-31")
        .IsEntitledOn("2024-01-01", "2024-02-01")
        .Given(HasOtherCoverage("2024-01-01", "2024-02-02"))
        .IsNotEntitledOn("2024-01-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S4_ANAMs_word_at_renewal_ends_the_other_coverage() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .Given(Declares("2024-09-10", year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"))
        .When(AnamFinds("2024-10-10"))
        .Then(
            new ApplicationAccepted(2024, Day("2024-09-01"), Day("2025-07-31"), Day("2026-01-31"), null),
            new OtherCoverageEnded(Day("2024-10-09"), CoverageKind.Cnss, Source: CoverageSource.Inferred),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-10-10")))
        .ThenClaimsAreNotified("2024-10-10", "2026-01-31")
        .IsNotEntitledOn("2024-10-09", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2024-10-10");

    // A resumption was recorded for an entitlement period that had never been suspended.
    [Fact]
    public void S4_coverage_reported_before_the_first_right_has_suspended_nothing_that_could_resume() => new Story()
        .Given(
            Declares("2023-09-10"), HasOtherCoverage("2023-09-15", "2023-09-16"), Forwards("2023-09-20"),
            Transmits("2023-09-25"))
        .When(AnamFinds("2023-10-05"))
        .Then(
            new ApplicationAccepted(2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), null),
            new OtherCoverageEnded(Day("2023-10-04"), CoverageKind.Cnss, Source: CoverageSource.Inferred));

    [Fact]
    public void S2_S3_two_causes_are_kept_apart_and_each_ends_by_itself() => Insured()
        .Given(Interrupts("2023-11-15"), HasOtherCoverage("2024-06-01", "2024-06-02"), Resumes("2024-06-20"))
        .IsNotEntitledOn("2024-05-31", Reason.SuspendedForInterruption)
        .IsNotEntitledOn("2024-06-20", Reason.SuspendedForOtherCoverage)
        .Given(LosesOtherCoverage("2024-06-30", "2024-07-01"))
        .IsEntitledOn("2024-07-01");

    [Fact]
    public void S1_S2_S3_the_reason_given_is_that_of_the_first_rule_whichever_was_learnt_first() => new Story()
        .Given(IsAccepted("2023-10-05", Private()))
        .Given(Interrupts("2023-10-10"), HasOtherCoverage("2024-04-20", "2024-04-25"))
        .IsNotEntitledOn("2024-04-30", Reason.SuspendedForContribution)
        .Given(FundReceives("2024-04-30"))
        .IsNotEntitledOn("2024-04-30", Reason.SuspendedForOtherCoverage)
        .Given(LosesOtherCoverage("2024-05-09", "2024-05-10"))
        .IsNotEntitledOn("2024-05-10", Reason.SuspendedForInterruption);
}
