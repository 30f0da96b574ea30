using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>Other coverage and interrupted studies (S2-S5, T4-T6).</summary>
public sealed class SuspensionTests
{
    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    [Fact]
    public void S2_T5_other_coverage_suspends_from_the_day_it_began_not_the_day_it_was_learnt() => Insured()
        .When(HasOtherCoverage("2023-11-01", known: "2024-01-15"))
        .Then(new OtherCoverageReported(CoverageKind.Cnss, Day("2023-11-01"), true), new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-11-01")))
        .IsEntitledOn("2023-10-31")
        .IsNotEntitledOn("2023-11-01", Reason.SuspendedForOtherCoverage)
        .IsNotEntitledOn("2024-01-15", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S2_the_student_can_report_it_himself() => Insured()
        .When(HasOtherCoverage("2023-11-01", "2023-11-02", CoverageKind.Ramed, byAnam: false))
        .Then(new OtherCoverageReported(CoverageKind.Ramed, Day("2023-11-01"), false), new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-11-01")));

    // One who was entitled, in grace too, and declared other coverage at re-enrolment stayed entitled.
    [Fact]
    public void D1_S2_one_who_is_entitled_and_declares_other_coverage_reports_it() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .When(Declares("2023-09-20", coverage: CoverageKind.Cnops))
        .Then(
            new DeclarationRecorded(Public(), CoverageKind.Cnops, 2023, Day("2023-09-20")),
            new OtherCoverageReported(CoverageKind.Cnops, Day("2023-09-20"), false),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-09-20")))
        .IsEntitledOn("2023-09-19")
        .IsNotEntitledOn("2023-09-20", Reason.SuspendedForOtherCoverage);

    // The right had lapsed when the report came, and claims for its last days were still paid.
    [Fact]
    public void S2_S5_other_coverage_learnt_after_the_right_lapsed_suspends_the_days_it_had() => Insured()
        .When(HasOtherCoverage("2024-11-01", known: "2025-03-01"))
        .Then(new OtherCoverageReported(CoverageKind.Cnss, Day("2024-11-01"), true), new RightSuspended(SuspensionCause.OtherCoverage, Day("2024-11-01")))
        .IsEntitledOn("2024-10-31")
        .IsNotEntitledOn("2024-11-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S2_other_coverage_after_the_right_ended_suspends_nothing() => Insured()
        .When(HasOtherCoverage("2025-02-01", known: "2025-03-01")).Then(new OtherCoverageReported(CoverageKind.Cnss, Day("2025-02-01"), true))
        .IsEntitledOn("2025-01-31");

    [Fact]
    public void S2_it_is_reported_once_and_of_a_student_the_fund_knows() => new Story()
        .When(HasOtherCoverage("2023-11-01", "2023-11-02")).ThenRefused(Reason.NotDeclared)
        .Given(IsAccepted("2023-11-05"))
        .Given(HasOtherCoverage("2023-12-01", "2023-12-02"))
        .When(HasOtherCoverage("2023-12-10", "2023-12-11")).ThenRefused(Reason.OtherCoverageAlreadyReported);

    [Fact]
    public void S4_the_right_resumes_on_the_day_after_the_other_coverage_ended() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .When(LosesOtherCoverage("2024-02-29", known: "2024-03-10"))
        .Then(new OtherCoverageEnded(Day("2024-02-29")), new RightResumed(SuspensionCause.OtherCoverage, Day("2024-03-01")))
        .IsNotEntitledOn("2024-02-29", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2024-03-01")
        .When(LosesOtherCoverage("2024-03-11", "2024-03-11")).ThenRefused(Reason.NoOtherCoverageReported);

    [Fact]
    public void S4_other_coverage_cannot_end_before_it_began() => Insured()
        .When(LosesOtherCoverage("2023-10-31", "2023-11-01")).ThenRefused(Reason.NoOtherCoverageReported)
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .When(LosesOtherCoverage("2023-10-31", "2023-11-03")).ThenRefused(Reason.DateBeforeFact)
        .When(LosesOtherCoverage("2023-11-01", "2023-11-03")).ThenOutcome(Outcome.Done)
        .IsNotEntitledOn("2023-11-01", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2023-11-02");

    [Fact]
    public void S4_ANAMs_word_at_renewal_ends_the_other_coverage() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .Given(Declares("2024-09-10", year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"))
        .When(AnamFinds("2024-10-10"))
        .Then(
            new ApplicationAccepted(2024, Day("2024-09-01"), Day("2025-07-31"), Day("2026-01-31"), null),
            new OtherCoverageEnded(Day("2024-10-09")),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-10-10")))
        .IsNotEntitledOn("2024-10-09", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2024-10-10");

    // A resumption was put on record of a right that had never been suspended.
    [Fact]
    public void S4_coverage_reported_before_the_first_right_has_suspended_nothing_that_could_resume() => new Story()
        .Given(Declares("2023-09-10"), HasOtherCoverage("2023-09-15", "2023-09-16"), Forwards("2023-09-20"), Transmits("2023-09-25"))
        .When(AnamFinds("2023-10-05"))
        .Then(new ApplicationAccepted(2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), null), new OtherCoverageEnded(Day("2023-10-04")));

    [Theory]
    [InlineData(InterruptionReason.Illness, false)]
    [InlineData(InterruptionReason.Pregnancy, false)]
    [InlineData(InterruptionReason.TrafficAccident, false)]
    [InlineData(InterruptionReason.TemporaryAdministrativeDecision, false)]
    [InlineData(InterruptionReason.ReferralToCourts, false)]
    [InlineData(InterruptionReason.None, true)]
    [InlineData(InterruptionReason.Work, true)]
    [InlineData(InterruptionReason.Travel, true)]
    [InlineData(InterruptionReason.Personal, true)]
    public void S3_an_interruption_suspends_after_six_months_unless_its_reason_excuses(InterruptionReason reason, bool suspends)
    {
        var story = Insured().When(Interrupts("2023-11-15", reason))
            .Then(new StudiesInterrupted(Day("2023-11-15"), reason, suspends ? Day("2024-05-15") : null))
            .Until("2024-05-14").ThenFell()
            .Until("2024-12-31");
        if (suspends)
            story.ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15"))).IsEntitledOn("2024-05-14").IsNotEntitledOn("2024-05-15", Reason.SuspendedForInterruption);
        else
            story.ThenFell().IsEntitledOn("2024-05-15", "2024-12-31");
    }

    [Theory]
    [InlineData("2023-10-31", "2024-04-30")]
    [InlineData("2023-12-31", "2024-06-30")]
    [InlineData("2024-08-28", "2025-02-28")]
    [InlineData("2024-08-29", "2025-02-28")]
    [InlineData("2024-08-31", "2025-02-28")]
    [InlineData("2024-02-29", "2024-08-29")]
    public void T4_six_months_are_calendar_months_to_the_same_day_or_the_last_of_its_month(string from, string suspends) =>
        Insured().When(Interrupts(from)).Then(new StudiesInterrupted(Day(from), InterruptionReason.Work, Day(suspends)));

    [Fact]
    public void T4_in_a_leap_year_six_months_from_the_end_of_August_end_on_29_February() => new Story()
        .Given(CarriesOver("2023-07-01", "2022-11-20", 2022))
        .When(Interrupts("2023-08-31")).Then(new StudiesInterrupted(Day("2023-08-31"), InterruptionReason.Work, Day("2024-02-29")));

    [Fact]
    public void S3_two_short_interruptions_suspend_nothing() => Insured()
        .Given(Interrupts("2023-10-10"), Resumes("2024-02-10"), Interrupts("2024-02-11"), Resumes("2024-06-11"))
        .Until("2025-01-31").ThenFell();

    [Fact]
    public void S4_the_right_resumes_on_the_first_day_back() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(Resumes("2024-06-20")).Then(new StudiesResumed(Day("2024-06-20")), new RightResumed(SuspensionCause.Interruption, Day("2024-06-20")))
        .IsNotEntitledOn("2024-06-19", Reason.SuspendedForInterruption)
        .IsEntitledOn("2024-06-20");

    [Fact]
    public void T6_the_deadline_of_a_day_comes_before_the_return_of_that_day_and_leaves_it_no_gap() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(Resumes("2024-05-15"))
        .Then(new StudiesResumed(Day("2024-05-15")), new RightResumed(SuspensionCause.Interruption, Day("2024-05-15")))
        .ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .IsEntitledOn("2024-05-14", "2024-05-15");

    [Fact]
    public void S3_resumed_on_the_eve_nothing_is_suspended() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(Resumes("2024-05-14")).Then(new StudiesResumed(Day("2024-05-14")))
        .Until("2024-12-31").ThenFell();

    [Fact]
    public void S5_an_interruption_learnt_late_suspends_from_the_day_six_months_had_passed() => Insured()
        .When(Interrupts("2023-11-15", known: "2024-07-01"))
        .ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .IsEntitledOn("2024-05-14")
        .IsNotEntitledOn("2024-05-15", Reason.SuspendedForInterruption);

    [Fact]
    public void S5_a_return_learnt_late_undoes_the_suspension_that_came_after_it() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(Resumes("2024-05-01", known: "2024-06-01"))
        .IsEntitledOn("2024-05-01", "2024-05-15", "2024-06-01");

    [Fact]
    public void S4_a_change_between_reasons_that_do_not_excuse_restarts_no_clock() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(ChangesReason("2024-03-01", InterruptionReason.Travel))
        .Then(new InterruptionReasonChanged(Day("2024-03-01"), InterruptionReason.Travel, Day("2024-05-15")));

    [Fact]
    public void S4_a_reason_that_excuses_stops_the_clock_and_another_starts_it_afresh() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(ChangesReason("2024-03-01", InterruptionReason.Illness)).Then(new InterruptionReasonChanged(Day("2024-03-01"), InterruptionReason.Illness, null))
        .Until("2024-05-31").ThenFell()
        .When(ChangesReason("2024-06-10", InterruptionReason.Work)).Then(new InterruptionReasonChanged(Day("2024-06-10"), InterruptionReason.Work, Day("2024-12-10")))
        .Until("2024-12-10").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-12-10")));

    [Fact]
    public void S4_an_excused_interruption_that_loses_its_excuse_has_six_months_from_then() => Insured()
        .Given(Interrupts("2023-10-15", InterruptionReason.Pregnancy))
        .When(ChangesReason("2024-04-30", InterruptionReason.Personal))
        .Then(new InterruptionReasonChanged(Day("2024-04-30"), InterruptionReason.Personal, Day("2024-10-30")));

    [Fact]
    public void S4_an_excuse_found_while_suspended_resumes_the_right_from_that_day() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(ChangesReason("2024-06-20", InterruptionReason.TrafficAccident))
        .Then(new InterruptionReasonChanged(Day("2024-06-20"), InterruptionReason.TrafficAccident, null), new RightResumed(SuspensionCause.Interruption, Day("2024-06-20")))
        .IsNotEntitledOn("2024-06-19", Reason.SuspendedForInterruption)
        .IsEntitledOn("2024-06-20", "2024-12-31");

    [Fact]
    public void S4_a_change_while_suspended_to_another_reason_that_does_not_excuse_suspends_on() => Insured()
        .Given(Interrupts("2023-11-15"))
        .Given(ChangesReason("2024-06-20", InterruptionReason.Travel))
        .Until("2024-12-31").ThenFell()
        .IsNotEntitledOn("2024-06-20", Reason.SuspendedForInterruption);

    [Fact]
    public void S3_nothing_can_be_said_of_an_interruption_that_is_not_and_none_of_one_twice() => new Story()
        .When(Interrupts("2023-09-01")).ThenRefused(Reason.NotDeclared)
        .When(ChangesReason("2023-09-01", InterruptionReason.Illness)).ThenRefused(Reason.NotInterrupted)
        .When(Resumes("2023-09-01")).ThenRefused(Reason.NotInterrupted)
        .Given(IsAccepted("2023-10-05"))
        .Given(Interrupts("2023-11-15"))
        .When(Interrupts("2023-11-16")).ThenRefused(Reason.AlreadyInterrupted)
        .When(ChangesReason("2023-11-14", InterruptionReason.Illness, known: "2023-11-20")).ThenRefused(Reason.DateBeforeFact)
        .When(Resumes("2023-11-14", known: "2023-11-20")).ThenRefused(Reason.DateBeforeFact);

    [Fact]
    public void S3_an_interruption_runs_on_into_the_next_right() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .Given(Interrupts("2024-06-01"))
        .Given(IsAccepted("2024-09-15", year: 2024))
        .Until("2024-12-01").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-12-01")));

    [Fact]
    public void S2_S3_two_causes_are_told_apart_and_each_ends_by_itself() => Insured()
        .Given(Interrupts("2023-11-15"), HasOtherCoverage("2024-06-01", "2024-06-02"), Resumes("2024-06-20"))
        .IsNotEntitledOn("2024-05-31", Reason.SuspendedForInterruption)
        .IsNotEntitledOn("2024-06-20", Reason.SuspendedForOtherCoverage)
        .Given(LosesOtherCoverage("2024-06-30", "2024-07-01"))
        .IsEntitledOn("2024-07-01");

    [Fact]
    public void S5_a_correction_by_an_operator_is_answered_not_yet() => Insured()
        .When(new CorrectFact(Say.Student, 1, Day("2023-11-01"), Day("2023-11-01"), CommandKind.ReportOtherCoverage))
        .ThenNothing().ThenOutcome(Outcome.NotYet);
}
