using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>
/// Several coverages, each with its kind, its holder and its dates; ends that are confirmed, only reported, or inferred
/// (S2, S4, T7).
/// </summary>
public sealed class CoverageTests
{
    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    /// <summary>
    /// Covered by his father's CNSS, and accepted for 2024 on 2024-10-10: an end on 2024-10-09 is inferred.
    /// </summary>
    private static Story Inferred() => Insured()
        .Given(HasOtherCoverage("2024-06-01", "2024-06-02", byAnam: false, holder: CoverageHolder.Father))
        .Given(
            Declares("2024-09-10", year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"),
            AnamFinds("2024-10-10"));

    [Fact]
    public void S2_covered_through_both_parents_the_student_is_covered_while_either_lasts() => Insured()
        .Given(
            HasOtherCoverage("2023-11-01", "2023-11-02", holder: CoverageHolder.Father),
            HasOtherCoverage("2023-12-01", "2023-12-02", holder: CoverageHolder.Mother))
        .When(LosesOtherCoverage("2024-01-31", "2024-02-01", holder: CoverageHolder.Father))
        .Then(new OtherCoverageEnded(Day("2024-01-31"), CoverageKind.Cnss, CoverageHolder.Father))
        .ThenClaimsAreNotifiedNothing()
        .IsNotEntitledOn("2024-02-01", Reason.SuspendedForOtherCoverage)
        .When(LosesOtherCoverage("2024-03-31", "2024-04-01", holder: CoverageHolder.Mother))
        .Then(
            new OtherCoverageEnded(Day("2024-03-31"), CoverageKind.Cnss, CoverageHolder.Mother),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-04-01")));

    [Fact]
    public void S2_two_coverages_without_a_gap_are_one_suspension() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"), LosesOtherCoverage("2023-12-31", "2024-01-05"))
        .When(HasOtherCoverage("2024-01-01", "2024-01-10", CoverageKind.Ramed))
        .Then(
            new OtherCoverageReported(CoverageKind.Ramed, Day("2024-01-01"), true),
            new SuspensionsRevised(SuspensionCause.OtherCoverage, [new(Day("2023-11-01"), null)]));

    [Fact]
    public void S4_the_end_of_a_coverage_has_to_say_which() => new Story()
        .When(LosesOtherCoverage("2023-09-30", "2023-10-01", CoverageKind.None)).ThenRefused(Reason.NotDeclared)
        .Given(IsAccepted("2023-10-05")).Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .When(LosesOtherCoverage("2023-12-31", "2024-01-05", CoverageKind.None, holder: CoverageHolder.Father))
        .ThenRefused(Reason.CoverageNotNamed)
        .IsNotEntitledOn("2024-01-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S4_the_end_of_another_coverage_ends_nothing() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02", holder: CoverageHolder.Father))
        .Given(
            LosesOtherCoverage("2023-12-31", "2024-01-05", holder: CoverageHolder.Mother),
            LosesOtherCoverage("2023-12-31", "2024-01-05", CoverageKind.Ramed, holder: CoverageHolder.Father))
        .Given(LosesOtherCoverage("2023-12-31", "2024-01-05"))
        .IsNotEntitledOn("2024-01-01", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S4_an_end_that_ANAM_has_not_confirmed_is_on_record_and_ends_nothing() => Insured()
        .Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
        .When(LosesOtherCoverage("2023-12-31", "2024-01-05", byAnam: false))
        .Then(new OtherCoverageEnded(Day("2023-12-31"), CoverageKind.Cnss, Source: CoverageSource.Student))
        .ThenClaimsAreNotifiedNothing()
        .When(LosesOtherCoverage("2023-12-31", "2024-02-05"))
        .Then(
            new OtherCoverageEnded(Day("2023-12-31"), CoverageKind.Cnss),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-01-01")))
        .When(TakesBack(CommandKind.EndOtherCoverage, "2023-12-31", "2024-03-01")).ThenOutcome(Outcome.Done)
        .IsNotEntitledOn("2024-01-01", Reason.SuspendedForOtherCoverage)
        .When(TakesBack(CommandKind.EndOtherCoverage, "2023-12-31", "2024-03-02")).ThenOutcome(Outcome.Done)
        .When(TakesBack(CommandKind.EndOtherCoverage, "2023-12-31", "2024-03-03")).ThenRefused(Reason.FactUnknown);

    [Fact]
    public void S4_an_acceptance_infers_the_end_of_every_coverage_that_lasts() => Insured()
        .Given(
            HasOtherCoverage("2024-06-01", "2024-06-02", CoverageKind.Ramed),
            HasOtherCoverage("2024-06-01", "2024-06-02", holder: CoverageHolder.Mother))
        .Given(
            HasOtherCoverage("2024-06-01", "2024-06-02", CoverageKind.Cnops),
            LosesOtherCoverage("2024-06-30", "2024-07-02", CoverageKind.Cnops))
        .Given(Declares("2024-09-10", year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"))
        .When(AnamFinds("2024-10-10"))
        .Then(
            new ApplicationAccepted(2024, Day("2024-09-01"), Day("2025-07-31"), Day("2026-01-31"), null),
            new OtherCoverageEnded(
                Day("2024-10-09"), CoverageKind.Cnss, CoverageHolder.Mother, CoverageSource.Inferred),
            new OtherCoverageEnded(Day("2024-10-09"), CoverageKind.Ramed, CoverageHolder.None, CoverageSource.Inferred),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2024-10-10")));

    [Fact]
    public void S2_what_ANAM_states_later_of_a_beginning_holds_over_an_inferred_end() => Inferred()
        .IsEntitledOn("2024-10-10")
        .When(HasOtherCoverage("2024-06-15", "2024-11-20", holder: CoverageHolder.Father))
        .ThenClaimsAreNotified("2024-10-10", "2026-01-31")
        .IsNotEntitledOn("2024-06-01", Reason.SuspendedForOtherCoverage)
        .IsNotEntitledOn("2024-10-10", Reason.SuspendedForOtherCoverage)
        .When(TakesBack(CommandKind.ReportOtherCoverage, "2024-06-15", "2024-11-25"))
        .ThenClaimsAreNotified("2024-10-10", "2026-01-31")
        .IsEntitledOn("2024-10-10");

    [Fact]
    public void S2_what_ANAM_states_later_of_an_end_holds_over_an_inferred_end() => Inferred()
        .When(LosesOtherCoverage("2024-12-31", "2025-01-10", holder: CoverageHolder.Father))
        .ThenClaimsAreNotified("2024-10-10", "2024-12-31")
        .IsNotEntitledOn("2024-12-31", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2025-01-01");

    [Fact]
    public void S2_an_earlier_end_that_ANAM_states_later_is_no_contradiction() => Inferred()
        .When(LosesOtherCoverage("2024-07-31", "2025-01-10", holder: CoverageHolder.Father))
        .ThenClaimsAreNotified("2024-08-01", "2024-10-09")
        .IsNotEntitledOn("2024-07-31", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2024-08-01", "2024-10-10");

    [Fact]
    public void S2_ANAMs_word_of_another_coverage_leaves_an_inferred_end() => Inferred()
        .Given(
            HasOtherCoverage("2024-06-15", "2024-11-20", holder: CoverageHolder.Mother),
            LosesOtherCoverage("2024-06-30", "2024-11-20", holder: CoverageHolder.Mother))
        .IsEntitledOn("2024-10-10");

    [Fact]
    public void S2_the_students_word_does_not_hold_over_an_inferred_end() => Inferred()
        .When(HasOtherCoverage("2024-06-15", "2024-11-20", byAnam: false, holder: CoverageHolder.Father))
        .ThenClaimsAreNotifiedNothing()
        .When(LosesOtherCoverage("2024-12-31", "2025-01-10", byAnam: false, holder: CoverageHolder.Father))
        .ThenClaimsAreNotifiedNothing()
        .IsEntitledOn("2024-10-10");

    // Of one date: the coverage begins again on the day after the inferred end.
    [Fact]
    public void S2_T7_a_beginning_on_the_day_after_the_inferred_end_holds_whose_word_it_may_be() => Inferred()
        .Given(HasOtherCoverage("2024-10-10", "2024-11-20", byAnam: false, holder: CoverageHolder.Father))
        .IsNotEntitledOn("2024-10-10", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void S2_S4_an_inferred_end_is_taken_back_as_the_end_of_the_day_before_the_acceptance() => Inferred()
        .Given(TakesBack(CommandKind.EndOtherCoverage, "2024-10-09", "2024-11-20"))
        .IsNotEntitledOn("2024-10-10", Reason.SuspendedForOtherCoverage);

    [Fact]
    public void D1_S2_declared_coverage_and_coverage_found_have_a_holder() => new Story()
        .Given(CarriesOver("2023-09-01", "2022-11-20", 2022))
        .When(Declares("2023-09-20", coverage: CoverageKind.Cnops) with { Holder = CoverageHolder.Spouse })
        .Then(
            new DeclarationRecorded(Public(), CoverageKind.Cnops, 2023, Day("2023-09-20"), CoverageHolder.Spouse),
            new OtherCoverageReported(CoverageKind.Cnops, Day("2023-09-20"), false, CoverageHolder.Spouse),
            new RightSuspended(SuspensionCause.OtherCoverage, Day("2023-09-20")))
        .Given(LosesOtherCoverage("2023-10-09", "2023-10-10", CoverageKind.Cnops))
        .IsNotEntitledOn("2023-10-10", Reason.SuspendedForOtherCoverage)
        .Given(LosesOtherCoverage("2023-10-09", "2023-10-10", CoverageKind.Cnops, holder: CoverageHolder.Spouse))
        .IsEntitledOn("2023-10-10")
        .Given(
            Declares("2023-10-11"), Forwards("2023-10-12"), Transmits("2023-10-13"),
            AnamFinds("2023-10-20", CoverageKind.Cnss) with { Holder = CoverageHolder.Own })
        .Given(LosesOtherCoverage("2023-11-09", "2023-11-10", holder: CoverageHolder.Own))
        .IsNotEntitledOn("2023-11-09", Reason.SuspendedForOtherCoverage)
        .IsEntitledOn("2023-11-10");
}
