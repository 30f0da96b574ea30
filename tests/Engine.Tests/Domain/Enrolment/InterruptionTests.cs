using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>Interrupted studies (S3-S5, T4, T6).</summary>
public sealed class InterruptionTests
{
    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

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
    public void S3_an_interruption_suspends_after_six_months_unless_its_reason_excuses(
        InterruptionReason reason, bool suspends)
    {
        var story = Insured().When(Interrupts("2023-11-15", reason))
            .Then(
                new StudiesInterrupted(
                    Day("2023-11-15"), reason, suspends ? Day("2024-05-15") : null, Pauses: !suspends))
            .Until("2024-05-14").ThenFell()
            .Until("2024-12-31");
        if (suspends)
            story.ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
                .IsEntitledOn("2024-05-14")
                .IsNotEntitledOn("2024-05-15", Reason.SuspendedForInterruption);
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
    public void T4_six_months_are_calendar_months_to_the_same_day_or_the_last_of_its_month(
        string from, string suspends) =>
        Insured().When(Interrupts(from)).Then(
            new StudiesInterrupted(Day(from), InterruptionReason.Work, Day(suspends)));

    [Fact]
    public void T4_in_a_leap_year_six_months_from_the_end_of_August_end_on_29_February() => new Story()
        .Given(CarriesOver("2023-07-01", "2022-11-20", 2022))
        .When(Interrupts("2023-08-31")).Then(
            new StudiesInterrupted(Day("2023-08-31"), InterruptionReason.Work, Day("2024-02-29")));

    [Fact]
    public void S3_two_short_interruptions_suspend_nothing() => Insured()
        .Given(Interrupts("2023-10-10"), Resumes("2024-02-10"), Interrupts("2024-02-11"), Resumes("2024-06-11"))
        .Until("2025-01-31").ThenFell();

    // The day between them is learnt to have been none: the two are one.
    [Fact]
    public void S3_S5_two_short_interruptions_become_a_long_one_when_the_return_between_them_is_taken_back() =>
        Insured()
            .Given(Interrupts("2023-10-10"), Resumes("2024-02-10"), Interrupts("2024-02-11"), Resumes("2024-06-11"))
            .When(TakesBack(CommandKind.ResumeStudies, "2024-02-10", known: "2024-09-01"))
            .Then(
                new FactTakenBack(CommandKind.ResumeStudies, Day("2024-02-10")),
                new RightSuspended(SuspensionCause.Interruption, Day("2024-04-10")),
                new RightResumed(SuspensionCause.Interruption, Day("2024-06-11")))
            .ThenClaimsAreNotified("2024-04-10", "2024-06-10");

    [Fact]
    public void S4_the_right_resumes_on_the_first_day_back() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(Resumes("2024-06-20"))
        .Then(new StudiesResumed(Day("2024-06-20")), new RightResumed(SuspensionCause.Interruption, Day("2024-06-20")))
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
        .Then(
            new StudiesInterrupted(Day("2023-11-15"), InterruptionReason.Work, Day("2024-05-15")),
            new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .ThenClaimsAreNotified("2024-05-15", "2025-01-31")
        .IsEntitledOn("2024-05-14")
        .IsNotEntitledOn("2024-05-15", Reason.SuspendedForInterruption);

    // It used to suspend nothing.
    [Fact]
    public void S3_S5_an_interruption_learnt_after_the_right_lapsed_suspends_the_days_it_had() => Insured()
        .When(Interrupts("2023-11-15", known: "2025-03-01"))
        .Then(
            new StudiesInterrupted(Day("2023-11-15"), InterruptionReason.Work, Day("2024-05-15")),
            new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .ThenFell(new RightLapsed(2023, Day("2025-02-01")))
        .ThenClaimsAreNotified("2024-05-15", "2025-01-31")
        .IsNotEntitledOn("2025-01-31", Reason.SuspendedForInterruption);

    [Fact]
    public void S3_a_clock_that_ends_after_the_right_suspends_nothing() => Insured()
        .Given(Interrupts("2024-09-01"))
        .Until("2025-12-31").ThenFell(new RightLapsed(2023, Day("2025-02-01")));

    [Fact]
    public void S5_a_return_learnt_late_undoes_the_suspension_that_came_after_it() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(Resumes("2024-05-01", known: "2024-06-01"))
        .ThenClaimsAreNotified("2024-05-15", "2025-01-31")
        .IsEntitledOn("2024-05-01", "2024-05-15", "2024-06-01");

    [Fact]
    public void S5_an_interruption_can_be_learnt_after_the_return_from_it() => Insured()
        .When(Resumes("2024-06-20")).Then(new StudiesResumed(Day("2024-06-20")))
        .When(Interrupts("2023-11-15", known: "2024-07-01"))
        .Then(
            new StudiesInterrupted(Day("2023-11-15"), InterruptionReason.Work, Day("2024-05-15")),
            new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")),
            new RightResumed(SuspensionCause.Interruption, Day("2024-06-20")))
        .ThenClaimsAreNotified("2024-05-15", "2024-06-19");

    [Fact]
    public void S3_S5_an_interruption_before_one_that_is_on_record_revises_what_was_suspended() => Insured()
        .Given(Interrupts("2024-02-01"), Resumes("2024-09-01"))
        .Given(Resumes("2024-01-31", known: "2024-10-01"))
        .When(Interrupts("2023-10-06", known: "2024-10-01"))
        .Then(new StudiesInterrupted(Day("2023-10-06"), InterruptionReason.Work, Day("2024-04-06")))
        .When(TakesBack(CommandKind.ResumeStudies, "2024-01-31", known: "2024-10-02"))
        .Then(
            new FactTakenBack(CommandKind.ResumeStudies, Day("2024-01-31")),
            new SuspensionsRevised(SuspensionCause.Interruption, [new(Day("2024-04-06"), Day("2024-08-31"))]))
        .ThenClaimsAreNotified("2024-04-06", "2024-07-31");

    [Fact]
    public void S5_an_interruption_that_began_earlier_suspends_earlier() => Insured()
        .Given(Interrupts("2023-11-15"))
        .Until("2024-05-15").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .When(Interrupts("2023-10-20", InterruptionReason.Travel, known: "2024-06-01"))
        .Then(
            new StudiesInterrupted(Day("2023-10-20"), InterruptionReason.Travel, Day("2024-04-20")),
            new SuspensionsRevised(SuspensionCause.Interruption, [new(Day("2024-04-20"), null)]))
        .ThenClaimsAreNotified("2024-04-20", "2024-05-14");

    [Fact]
    public void S4_a_change_between_reasons_that_do_not_excuse_restarts_no_clock() => Insured()
        .Given(Interrupts("2023-11-15"), ChangesReason("2024-03-01", InterruptionReason.Travel))
        .Until("2024-05-15").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-15")))
        .Until("2025-01-31").ThenFell();

    [Fact]
    public void S4_a_second_report_of_an_interruption_that_runs_is_a_change_of_reason() => Insured()
        .Given(Interrupts("2023-11-15"), Interrupts("2024-03-01", InterruptionReason.Illness))
        .Until("2025-01-31").ThenFell();

    [Theory]
    [InlineData(InterruptionReason.Illness)]
    [InlineData(InterruptionReason.Pregnancy)]
    [InlineData(InterruptionReason.TrafficAccident)]
    [InlineData(InterruptionReason.TemporaryAdministrativeDecision)]
    [InlineData(InterruptionReason.ReferralToCourts)]
    public void S4_a_reason_that_excuses_pauses_the_clock_and_another_lets_it_run_on(InterruptionReason excuse) =>
        Insured()
            .Given(Interrupts("2023-11-15"))
            .When(ChangesReason("2024-03-01", excuse))
            .Then(new InterruptionReasonChanged(Day("2024-03-01"), excuse, null, Pauses: true))
            .Until("2024-05-31").ThenFell()
            // 101 days of excuse: 2024-05-15 + 101 days.
            .When(ChangesReason("2024-06-10", InterruptionReason.Work))
            .Then(new InterruptionReasonChanged(Day("2024-06-10"), InterruptionReason.Work, Day("2024-12-10")))
            .Until("2024-08-24").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-08-24")));

    // Five months were wiped out by it.
    [Fact]
    public void S4_a_days_excuse_after_five_months_moves_the_suspension_by_a_day() => Insured()
        .Given(
            Interrupts("2023-11-15"), ChangesReason("2024-04-15", InterruptionReason.Illness),
            ChangesReason("2024-04-16", InterruptionReason.Work))
        .Until("2024-05-15").ThenFell()
        .Until("2024-05-16").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-16")));

    [Fact]
    public void S4_excused_spells_add_up_and_one_of_two_reasons_is_one_spell() => Insured()
        .Given(
            Interrupts("2023-11-15"), ChangesReason("2023-12-01", InterruptionReason.Illness),
            Interrupts("2023-12-06", InterruptionReason.Pregnancy),
            ChangesReason("2023-12-11", InterruptionReason.Travel),
            ChangesReason("2024-01-01", InterruptionReason.Illness),
            ChangesReason("2024-01-04", InterruptionReason.Work))
        // 10 days and 3 days after 2024-05-15.
        .Until("2024-05-28").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-05-28")));

    [Fact]
    public void S4_after_a_spell_that_begins_when_six_months_have_passed_it_suspends_with_the_first_unexcused_day() =>
        Insured()
            .Given(Interrupts("2023-11-15"), ChangesReason("2024-06-20", InterruptionReason.Illness))
            .When(ChangesReason("2024-07-01", InterruptionReason.Work))
            .Then(
                new InterruptionReasonChanged(Day("2024-07-01"), InterruptionReason.Work, Day("2025-01-01")),
                new RightSuspended(SuspensionCause.Interruption, Day("2024-07-01")))
            .IsNotEntitledOn("2024-06-19", Reason.SuspendedForInterruption)
            .IsEntitledOn("2024-06-20", "2024-06-30")
            .IsNotEntitledOn("2024-07-01", Reason.SuspendedForInterruption);

    [Fact]
    public void S4_the_return_ends_the_clock_that_an_excuse_had_paused() => Insured()
        .Given(
            Interrupts("2023-11-15"), ChangesReason("2024-04-15", InterruptionReason.Illness), Resumes("2024-05-01"),
            Interrupts("2024-05-02"))
        .Until("2024-11-01").ThenFell()
        .Until("2024-11-02").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-11-02")));

    [Fact]
    public void S4_an_excused_spell_of_a_journal_of_the_first_version_resets_the_clock()
    {
        var story = Insured().Given(Interrupts("2023-11-15"));
        story.Student.Apply([new InterruptionReasonChanged(Day("2024-04-15"), InterruptionReason.Illness, null)]);
        story.Given(ChangesReason("2024-04-16", InterruptionReason.Work)).Until("2024-10-15").ThenFell()
            .Until("2024-10-16").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-10-16")));
    }

    [Fact]
    public void S4_an_excused_interruption_that_loses_its_excuse_has_six_months_from_then() => Insured()
        .Given(Interrupts("2023-10-15", InterruptionReason.Pregnancy))
        .When(ChangesReason("2024-04-30", InterruptionReason.Personal))
        .Then(new InterruptionReasonChanged(Day("2024-04-30"), InterruptionReason.Personal, Day("2024-10-30")));

    [Fact]
    public void S4_an_excuse_found_while_suspended_resumes_the_right_from_that_day() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(ChangesReason("2024-06-20", InterruptionReason.TrafficAccident))
        .Then(
            new InterruptionReasonChanged(Day("2024-06-20"), InterruptionReason.TrafficAccident, null, Pauses: true),
            new RightResumed(SuspensionCause.Interruption, Day("2024-06-20")))
        .IsNotEntitledOn("2024-06-19", Reason.SuspendedForInterruption)
        .IsEntitledOn("2024-06-20", "2024-12-31");

    [Fact]
    public void S4_S5_an_excuse_learnt_late_that_covers_all_of_it_undoes_the_suspension() => Insured()
        .Given(Interrupts("2023-11-15"))
        .When(ChangesReason("2023-11-15", InterruptionReason.Illness, known: "2024-08-01"))
        .Then(
            new InterruptionReasonChanged(Day("2023-11-15"), InterruptionReason.Illness, null, Pauses: true),
            new RightResumed(SuspensionCause.Interruption, Day("2024-05-15")))
        .ThenClaimsAreNotified("2024-05-15", "2025-01-31")
        .IsEntitledOn("2024-05-15", "2024-08-01");

    [Fact]
    public void S4_a_change_while_suspended_to_another_reason_that_does_not_excuse_suspends_on() => Insured()
        .Given(Interrupts("2023-11-15"))
        .Given(ChangesReason("2024-06-20", InterruptionReason.Travel))
        .Until("2024-12-31").ThenFell()
        .IsNotEntitledOn("2024-06-20", Reason.SuspendedForInterruption);

    [Fact]
    public void S3_only_a_student_the_fund_does_not_know_is_refused() => new Story()
        .When(Interrupts("2023-09-01")).ThenRefused(Reason.NotDeclared)
        .When(ChangesReason("2023-09-01", InterruptionReason.Illness)).ThenRefused(Reason.NotDeclared)
        .When(Resumes("2023-09-01")).ThenRefused(Reason.NotDeclared);

    [Fact]
    public void S3_a_change_of_reason_or_a_return_where_no_interruption_runs_says_nothing() => Insured()
        .When(ChangesReason("2023-11-01", InterruptionReason.Work))
        .Then(new InterruptionReasonChanged(Day("2023-11-01"), InterruptionReason.Work, Day("2024-05-01")))
        .When(Resumes("2023-11-10")).Then(new StudiesResumed(Day("2023-11-10")))
        .Until("2025-01-31").ThenFell();

    [Fact]
    public void S3_an_interruption_runs_on_into_the_next_right() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .Given(Interrupts("2024-06-01"))
        .Given(IsAccepted("2024-09-15", year: 2024))
        .Until("2024-12-01").ThenFell(new RightSuspended(SuspensionCause.Interruption, Day("2024-12-01")));

    [Fact]
    public void S3_an_interruption_that_runs_since_before_the_first_right_suspends_it_from_its_first_day() =>
        new Story()
            .Given(
                Declares("2023-09-10"), Interrupts("2023-02-01", known: "2023-09-11"), Forwards("2023-09-20"),
                Transmits("2023-09-25"))
            .When(AnamFinds("2023-10-05"))
            .Then(
                new ApplicationAccepted(2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), null),
                new RightSuspended(SuspensionCause.Interruption, Day("2023-08-01")))
            .IsNotEntitledOn("2023-10-05", Reason.SuspendedForInterruption);
}
