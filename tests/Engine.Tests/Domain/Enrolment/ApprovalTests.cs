using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>
/// A prior approval from request to end, and the student actor's answer to a claim (B9, B10, K2, K3).
/// </summary>
public sealed class ApprovalTests
{
    private const ulong Approval = 500;

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    private static readonly Rulebook NinetyDays = Rulebook.Load(
        Rulebook.EmbeddedText.Replace(
            "value: 0\n        source: \"assumed: the leaflets give no limit\"", "value: 90\n        source: assumed",
            StringComparison.Ordinal), "ninety-days.yaml");

    // Ten sessions from 10 January.
    private static Story WithTenSessions() =>
        Insured().Given(AsksApproval("2024-01-08", Approval), ControlGrants("2024-01-10", Approval, 10));

    // Where approvals have a validity of ninety days: to 8 April.
    private static Story WithTenSessionsOfNinetyDays() => new Story(NinetyDays)
        .Given(IsAccepted("2023-10-05")).Given(
            AsksApproval("2024-01-08", Approval), ControlGrants("2024-01-10", Approval, 10));

    [Fact]
    public void B10_an_approval_is_requested_and_granted_without_end() => Insured()
        .When(AsksApproval("2024-01-08", Approval, units: 12))
        .Then(new ApprovalRequested(Approval, Act.Physiotherapy, 12, Day("2024-01-08")))
        .When(ControlGrants("2024-01-10", Approval, 12))
        .Then(new ApprovalDecided(Approval, 12, Day("2024-01-10"), null))
        .Until("2024-12-31").ThenFell();

    [Fact]
    public void B10_a_validity_of_ninety_days_gives_it_a_last_day()
    {
        var story = WithTenSessionsOfNinetyDays();
        Assert.Equal(
            (ApprovalState.Granted, Day("2024-04-08")),
            (story.Insurance.Approvals[0].State, story.Insurance.Approvals[0].Holding!.Value.Until));
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(15, 12)] // never more than was asked for
    public void B10_it_can_be_granted_in_part(int granted, int held) => Insured()
        .Given(AsksApproval("2024-01-08", Approval, units: 12))
        .When(ControlGrants("2024-01-10", Approval, granted))
        .Then(new ApprovalDecided(Approval, held, Day("2024-01-10"), null))
        .ThenOutcome(Outcome.Done);

    [Fact]
    public void B10_the_medical_control_can_refuse_it() => Insured()
        .Given(AsksApproval("2024-01-08", Approval, units: 12))
        .When(ControlGrants("2024-01-10", Approval, 0))
        .Then(new ApprovalDecided(Approval, 0, Day("2024-01-10"), null))
        .ThenOutcome(Outcome.Done, Reason.MedicalControlRefused)
        .Until("2024-12-31").ThenFell();

    [Fact]
    public void B10_it_is_requested_once_decided_once_and_only_where_it_is_needed() => new Story()
        .When(AsksApproval("2023-09-01", Approval)).ThenRefused(Reason.NotDeclared)
        .Given(IsAccepted("2023-10-05"))
        .When(ControlGrants("2023-10-06", Approval, 5)).ThenRefused(Reason.ApprovalUnknown)
        .When(AsksApproval("2023-10-06", Approval, Act.GeneralPractitioner)).ThenRefused(Reason.ApprovalNotNeeded)
        .Given(AsksApproval("2023-10-06", Approval))
        .When(AsksApproval("2023-10-07", Approval)).ThenRefused(Reason.ApprovalAlreadyRequested)
        .Given(ControlGrants("2023-10-08", Approval, 5))
        .When(ControlGrants("2023-10-09", Approval, 6)).ThenRefused(Reason.ApprovalAlreadyDecided);

    [Fact]
    public void B10_every_act_that_needs_approval_or_cover_can_ask_for_it_and_no_other()
    {
        foreach (var act in Enum.GetValues<Act>().Where(act => act != Act.None))
        {
            var rule = Rulebook.Embedded.On(Day("2024-01-08")).Act(act);
            var story = Insured().When(AsksApproval("2024-01-08", Approval, act));
            _ = rule.NeedsPriorApproval || act == Act.HospitalStay
                ? story.Then(new ApprovalRequested(Approval, act, 10, Day("2024-01-08")))
                : story.ThenRefused(Reason.ApprovalNotNeeded);
        }
    }

    [Fact]
    public void B10_an_approval_that_is_not_used_up_lapses_on_the_day_after_its_last() => WithTenSessionsOfNinetyDays()
        .Until("2024-04-08").ThenFell()
        .Until("2024-04-09").ThenFell(new ApprovalLapsed(Approval, Day("2024-04-09")))
        .Until("2024-12-31").ThenFell();

    [Fact]
    public void D8_an_approval_that_lapses_on_the_last_day_of_grace_takes_the_right_with_it_no_day_early() =>
        new Story(NinetyDays)
            .Given(IsAccepted("2023-10-05"))
            .Given(AsksApproval("2024-11-01", Approval), ControlGrants("2024-11-02", Approval, 10))
            .Until("2025-01-31").ThenFell(new ApprovalLapsed(Approval, Day("2025-01-31")))
            .Until("2025-02-01").ThenFell(new RightLapsed(2023, Day("2025-02-01")));

    [Fact]
    public void B10_an_approval_that_is_used_up_lapses_no_more() => WithTenSessionsOfNinetyDays()
        .Given(Deposits("2024-02-01", 1, Sessions("2024-01-20", 10)))
        .When(Receives("2024-02-02", 1)).ThenUses(new ApprovalUsed(Approval, 1, 10))
        .Until("2024-12-31").ThenFell();

    [Theory]
    [InlineData("2024-01-09", Reason.ApprovalMissing)] // the eve of its first day
    [InlineData("2024-01-10", Reason.None)]
    [InlineData("2024-04-08", Reason.None)]
    [InlineData("2024-04-09", Reason.ApprovalLapsed)]
    public void B10_it_covers_care_from_its_first_day_to_its_last(string care, Reason reason) =>
        WithTenSessionsOfNinetyDays()
            .Given(Deposits("2024-05-01", 1, Sessions(care, 4)), Receives("2024-05-02", 1))
            .LineOf(1, new LineOutcome(reason, reason == Reason.None ? 16_000u : 0));

    [Fact]
    public void B10_care_before_the_lapse_counts_even_where_its_claim_comes_after() => WithTenSessionsOfNinetyDays()
        .Until("2024-04-30")
        .Given(Deposits("2024-05-01", 1, Sessions("2024-04-08", 10)), Receives("2024-05-02", 1))
        .LineOf(1, new LineOutcome(Reason.None, 40_000));

    [Fact]
    public void B10_claims_take_its_units_until_none_is_left() => WithTenSessions()
        .Given(Deposits("2024-02-01", 1, Sessions("2024-01-20", 6)), Receives("2024-02-02", 1))
        .Given(Deposits("2024-02-03", 2, Sessions("2024-01-25", 6)), Receives("2024-02-04", 2))
        .Given(Deposits("2024-02-05", 3, Sessions("2024-01-30", 1)), Receives("2024-02-06", 3))
        .LineOf(1, new LineOutcome(Reason.None, 24_000))
        .LineOf(2, new LineOutcome(Reason.ApprovalCoversLess, 16_000))
        .LineOf(3, new LineOutcome(Reason.ApprovalExhausted, 0));

    [Fact]
    public void B10_the_lines_of_one_claim_share_the_approval()
    {
        var story = WithTenSessions()
            .Given(
                Deposits(
                    "2024-02-01", 1, Sessions("2024-01-20", 6), Sessions("2024-01-28", 6), Sessions("2024-01-30", 1)))
            .When(Receives("2024-02-02", 1)).ThenUses(new ApprovalUsed(Approval, 1, 10));
        Assert.Equal(
            [new(Reason.None, 24_000), new(Reason.ApprovalCoversLess, 16_000), new(Reason.ApprovalExhausted, 0)],
            story.Claims[1].Outcomes);
    }

    [Fact]
    public void B10_an_approval_of_another_act_does_not_serve() => WithTenSessions()
        .Given(
            Deposits("2024-02-01", 1, Care("2024-01-20", Act.Orthodontics, 50_000, 50_000)), Receives("2024-02-02", 1))
        .LineOf(1, new LineOutcome(Reason.ApprovalMissing, 0));

    [Fact]
    public void B10_one_that_is_requested_or_refused_does_not_serve() => Insured()
        .Given(AsksApproval("2024-01-08", 501), AsksApproval("2024-01-08", 502), ControlGrants("2024-01-06", 502, 0))
        .Given(Deposits("2024-02-01", 1, Sessions("2024-01-20", 1)), Receives("2024-02-02", 1))
        .LineOf(1, new LineOutcome(Reason.ApprovalMissing, 0));

    [Fact]
    public void B10_a_second_approval_serves_where_the_first_is_used_up() => WithTenSessions()
        .Given(AsksApproval("2024-01-12", 501), ControlGrants("2024-01-13", 501, 5))
        .Given(Deposits("2024-02-01", 1, Sessions("2024-01-20", 10)), Receives("2024-02-02", 1))
        .Given(Deposits("2024-02-03", 2, Sessions("2024-01-25", 5)), Receives("2024-02-04", 2))
        .LineOf(2, new LineOutcome(Reason.None, 20_000));

    [Fact]
    public void K3_a_line_outside_entitlement_takes_no_units() => WithTenSessions()
        .Given(HasOtherCoverage("2024-01-15", "2024-01-16"))
        .Given(Deposits("2024-02-01", 1, Sessions("2024-01-20", 6)))
        .When(Receives("2024-02-02", 1)).ThenUses()
        .LineOf(1, new LineOutcome(Reason.SuspendedForOtherCoverage, 0));

    [Fact]
    public void B10_a_line_that_is_refused_anyway_takes_no_units() => Insured()
        .Given(AsksApproval("2024-01-08", Approval, Act.HospitalStay, 1), ControlGrants("2024-01-10", Approval, 1))
        .Given(ProviderDeposits("2024-02-01", 1, Care("2024-01-20", Act.HospitalStay, 500_000, 500_000)))
        .When(Receives("2024-02-02", 1)).ThenUses()
        .LineOf(1, new LineOutcome(Reason.ClinicNotContracted, 0));

    // Only the last claim was remembered: with another in between, the first took its units a second time.
    [Fact]
    public void B10_a_claim_that_asks_again_is_answered_the_same_and_takes_its_units_once()
    {
        var story = WithTenSessions();
        var first = Answer(story, claim: 1, units: 6);
        var second = Answer(story, claim: 2, units: 6);
        Assert.Equal((6, 4), (first.Lines[0].ApprovedUnits, second.Lines[0].ApprovedUnits));
        Assert.Equal(first.Lines, Answer(story, claim: 1, units: 6).Lines);
        Assert.Equal(second.Lines, Answer(story, claim: 2, units: 6).Lines);
        Assert.Equal(first.Lines, Answer(story, claim: 1, units: 6).Lines);
        Assert.Equal(10, story.Insurance.Approvals[0].Used);
        Assert.Equal(Reason.ApprovalExhausted, Answer(story, claim: 3, units: 1).Lines[0].Reason);
    }

    [Fact]
    public void K2_a_private_clinic_asks_for_cover_before_admission_and_after_it_in_an_emergency()
    {
        var stay = Care(
            "2024-01-20", Act.HospitalStay, 500_000, 500_000, circumstances: Circumstances.ContractedClinic);
        var emergency = stay with { Circumstances = Circumstances.ContractedClinic | Circumstances.Emergency };
        Insured()
            .Given(AsksApproval("2024-01-22", Approval, Act.HospitalStay, 2), ControlGrants("2024-01-23", Approval, 2))
            .Given(ProviderDeposits("2024-02-01", 1, stay), Receives("2024-02-02", 1))
            .Given(ProviderDeposits("2024-02-01", 2, emergency) with { Provider = 901 }, Receives("2024-02-02", 2))
            .LineOf(1, new LineOutcome(Reason.ApprovalMissing, 0))
            .LineOf(2, new LineOutcome(Reason.None, 450_000));
    }

    // An emergency on the sheet let the medical control approve physiotherapy after it had been given.
    [Fact]
    public void B10_K2_an_emergency_excuses_only_a_clinic_from_asking_first() => WithTenSessions()
        .Given(
            Deposits("2024-02-01", 1, Sessions("2024-01-09", 4) with { Circumstances = Circumstances.Emergency }),
            Receives("2024-02-02", 1))
        .LineOf(1, new LineOutcome(Reason.ApprovalMissing, 0));

    [Fact]
    public void K2_neither_a_public_hospital_nor_a_stay_the_student_paid_for_needs_cover() => Insured()
        .Given(
            ProviderDeposits("2024-02-01", 1, Care("2024-01-20", Act.HospitalStay, 500_000, sector: CareSector.Public)),
            Receives("2024-02-02", 1))
        .Given(
            Deposits(
                "2024-02-01", 2,
                Care("2024-01-20", Act.HospitalStay, 500_000, 400_000, circumstances: Circumstances.ContractedClinic)),
            Receives("2024-02-02", 2))
        .LineOf(1, new LineOutcome(Reason.None, 500_000))
        .LineOf(2, new LineOutcome(Reason.None, 360_000));

    [Fact]
    public void B10_more_approvals_than_anyone_has_are_answered_too()
    {
        var story = Insured();
        for (var i = 0ul; i < 100; i++)
            story.Given(AsksApproval("2024-01-08", i), ControlGrants("2024-01-10", i, 1));
        Assert.Equal(new LineCoverage(Reason.None, false, 1), Answer(story, claim: 1, units: 1).Lines[0]);
    }

    [Fact]
    public void B9_the_medical_control_exempts_from_the_patients_share_between_two_days_both_included() => Insured()
        .When(Exempts("2024-01-01", "2024-12-31"))
        .Then(new ExemptionDecided(true, 5, Day("2024-01-01"), Day("2024-12-31")))
        .ExemptOn("2023-12-31", false)
        .ExemptOn("2024-01-01", true)
        .ExemptOn("2024-12-31", true)
        .ExemptOn("2025-01-01", false);

    [Fact]
    public void B9_it_can_refuse_and_knows_no_stranger() => new Story()
        .When(Exempts("2024-01-01", "2024-12-31")).ThenRefused(Reason.NotDeclared)
        .Given(IsAccepted("2024-01-01"))
        .When(Exempts("2024-01-01", "2024-12-31", granted: false))
        .Then(new ExemptionDecided(false, 5, Day("2024-01-01"), Day("2024-12-31")))
        .ExemptOn("2024-06-01", false);

    // The second exemption took the place of the first, and claims for care of last year that came in afterwards bore a
    // patient's share.
    [Fact]
    public void B9_a_second_exemption_leaves_the_first_its_days() => Insured()
        .Given(Exempts("2023-11-01", "2023-12-31"), Exempts("2024-02-01", "2024-12-31", illness: 6))
        .ExemptOn("2023-12-31", true).ExemptOn("2024-01-15", false).ExemptOn("2024-02-01", true);

    private static ClaimLine Sessions(string day, int count) =>
        Care(day, Act.Physiotherapy, 5_000L * count, quantity: count);

    private static CoverageAnswer Answer(Story story, ulong claim, int units)
    {
        var decision = new Decision();
        var question = new CoverageQuestion(Day("2024-01-20"), Act.Physiotherapy, units, true, false);
        StudentDecider.Decide(
            story.Student, new CheckCoverage(claim, 0, [Sessions("2024-01-20", units)], [question]), story.Siblings,
            decision);
        story.Student.Apply(decision.Events);
        return Assert.IsType<CoverageAnswer>(Assert.Single(decision.Messages));
    }
}

file static class ApprovalStory
{
    public static Story ThenUses(this Story story, params Event[] expected)
    {
        Assert.Equal(expected, story.Events.OfType<ApprovalUsed>());
        return story;
    }

    public static Story LineOf(this Story story, ulong claim, LineOutcome expected)
    {
        Assert.Equal(expected, Assert.Single(story.Claims[claim].Outcomes));
        return story;
    }

    public static Story ExemptOn(this Story story, string day, bool exempt)
    {
        Assert.Equal((day, exempt), (day, story.Student.Insurance?.IsExemptOn(Day(day)) == true));
        return story;
    }
}
