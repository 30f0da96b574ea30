using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Explaining;
using Amoe.Engine.Reference;
using Amoe.Engine.Tests.Domain;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Explaining;

/// <summary>Whole explanations of a handful of stories, in all languages, against approved texts.</summary>
public sealed class StoryTests
{
    private const ulong Earlier = 500;
    private const ulong Claim = 501;
    private const ulong Approval = 70;

    [Fact]
    public void A_claim_with_every_kind_of_arithmetic() => ClaimIs("claim-arithmetic", "2024-03-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits(
            "2023-11-20", Claim,
            Say.Care("2023-11-05", Act.Cardiologist, paid: 30_000),
            Say.Care("2023-11-05", Act.Biology, paid: 9_000, quantity: 80),
            Say.Care("2023-11-06", Act.OrdinaryMedicine, paid: 3_333, reference: 3_333),
            Say.Care("2023-11-07", Act.Glasses, paid: 120_000, circumstances: Circumstances.Ophthalmologist),
            Say.Care("2023-11-08", Act.Veneer, paid: 50_000)),
        Say.Receives("2023-11-25", Claim),
        Say.Orders("2023-12-01", Claim),
        Say.Confirms("2023-12-08", Claim),
    ]);

    [Fact]
    public void A_file_returned_with_every_missing_item_then_completed() => ClaimIs("claim-returned", "2024-03-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")) with
        {
            Items = FileItems.All & ~(FileItems.PractitionerInpe | FileItems.PractitionerStamp)
        },
        Say.Completes("2023-11-28", Claim, FileItems.PractitionerInpe | FileItems.PractitionerStamp),
        Say.Receives("2023-12-01", Claim),
    ]);

    [Fact]
    public void An_approval_that_covers_less_and_an_exemption() => ClaimIs("claim-approval", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.AsksApproval("2023-10-20", Approval),
        Say.ControlGrants("2023-10-23", Approval, 3),
        Say.Exempts("2023-11-01", "2024-10-31"),
        Say.Deposits(
            "2023-12-20", Claim, Say.Care("2023-11-06", Act.Physiotherapy, paid: 60_000, quantity: 10),
            Say.Care("2023-12-01", Act.MedicalDeviceOnApproval, paid: 10_000, reference: 10_000)),
        Say.Receives("2023-12-22", Claim),
    ]);

    [Fact]
    public void Care_refused_because_the_contribution_never_came() => ClaimIs("claim-contribution", "2024-03-01",
    [
        .. Say.IsAccepted("2023-10-02", Say.Private()),
        Say.Deposits("2023-12-20", Claim, Say.Care("2023-12-01")),
        Say.Receives("2023-12-22", Claim),
    ]);

    [Fact]
    public void A_claim_paid_before_other_coverage_was_learnt() => ClaimIs("claim-hindsight", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")),
        Say.Receives("2023-11-25", Claim),
        Say.Orders("2023-12-01", Claim),
        Say.Confirms("2023-12-08", Claim),
        Say.HasOtherCoverage(from: "2023-11-01", known: "2024-03-15"),
    ]);

    [Fact]
    public void What_is_owed_back_is_kept_from_the_next_payment_which_comes_back() =>
        ClaimIs("claim-set-off", "2024-06-01",
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Deposits("2023-11-20", Earlier, Say.Care("2023-11-05", Act.Cardiologist, paid: 25_000)),
            Say.Receives("2023-11-25", Earlier),
            Say.Orders("2023-12-01", Earlier),
            Say.Confirms("2023-12-08", Earlier),
            Say.HasOtherCoverage(from: "2023-11-01", known: "2024-01-15"),
            Say.LosesOtherCoverage(lastDay: "2023-11-30", known: "2024-01-20"),
            Say.Deposits(
                "2024-02-01", Claim,
                Say.Care("2024-01-25", Act.Glasses, paid: 90_000, circumstances: Circumstances.Ophthalmologist)),
            Say.Receives("2024-02-05", Claim),
            Say.Orders("2024-02-10", Claim),
            Say.Confirms("2024-02-15", Claim),
            Say.ComesBack("2024-03-01", Claim),
            Say.Reissues("2024-03-05", Claim),
        ]);

    [Fact]
    public void The_same_care_claimed_twice_and_care_that_looks_like_it() => ClaimIs("claim-duplicate", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits(
            "2023-11-20", Earlier, Say.Care("2023-11-05"),
            Say.Care("2023-11-06", Act.Specialist, paid: 20_000)) with { Provider = 900 },
        Say.Receives("2023-11-25", Earlier),
        Say.Deposits(
            "2023-12-20", Claim, Say.Care("2023-11-05"),
            Say.Care("2023-11-06", Act.Specialist, paid: 15_000)) with { Provider = 900 },
        Say.Receives("2023-12-22", Claim),
        Say.Resolves("2024-01-10", Claim, isDuplicate: true),
    ]);

    [Fact]
    public void A_review_that_refuses_and_an_appeal_that_is_granted() => ClaimIs("claim-appeal", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits("2023-12-20", Claim, Say.Care("2023-12-01", Act.Radiology, paid: 600_000, reference: 550_000)),
        Say.Receives("2023-12-22", Claim),
        Say.Reviews("2024-01-05", Claim, granted: false),
        Say.Appeals("2024-01-20", Claim),
        Say.DecidesAppeal("2024-02-10", Claim, granted: true),
        Say.Orders("2024-02-15", Claim),
    ]);

    [Fact]
    public void A_prosthesis_renewed_too_soon() => ClaimIs("claim-renewal", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.AsksApproval("2023-10-05", Approval, Act.PartialDenture, units: 2),
        Say.ControlGrants("2023-10-09", Approval, units: 2),
        Say.Deposits(
            "2023-11-20", Earlier, Say.Care("2023-11-05", Act.PartialDenture, paid: 150_000, reference: 140_000)),
        Say.Receives("2023-11-25", Earlier),
        Say.Deposits(
            "2023-12-20", Claim, Say.Care("2023-12-05", Act.PartialDenture, paid: 150_000, reference: 140_000)),
        Say.Receives("2023-12-22", Claim),
    ]);

    [Fact]
    public void A_refused_claim_that_a_late_receipt_opens_again() => ClaimIs("claim-reopened", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02", Say.Private()),
        Say.Deposits("2023-12-20", Claim, Say.Care("2023-12-01")),
        Say.Receives("2023-12-22", Claim),
        Say.FundReceives("2023-10-20", known: "2024-02-01"),
    ]);

    [Fact]
    public void An_appeal_that_is_granted_and_changes_nothing() => ClaimIs("claim-unchanged", "2024-06-01",
    [
        .. Say.IsAccepted("2023-10-02"),
        Say.Deposits(
            "2023-11-20", Claim, Say.Care("2023-11-05", paid: 10_000),
            Say.Care("2023-11-08", Act.Veneer, paid: 50_000)),
        Say.Receives("2023-11-25", Claim),
        Say.Appeals("2024-01-20", Claim),
        Say.DecidesAppeal("2024-02-10", Claim, granted: true),
    ]);

    [Fact]
    public void Refused_commands_with_what_they_rest_on() =>
        StudentIs("student-refusals", on: "2023-12-10", until: "2024-03-01",
        [
            Say.Declares("2023-10-02", Say.Private()),
            Say.Forwards("2023-10-02", ApplicationDesk.Ofppt),
            Say.Forwards("2023-10-03"),
            Say.Transmits("2023-10-04"),
            Say.AnamFinds("2023-10-12"),
            Say.Pays("2023-10-13", centimes: 39_900),
            Say.AsksApproval("2023-10-14", Approval, Act.Specialist),
            Say.TakesBack(CommandKind.InterruptStudies, "2023-10-15", "2023-10-16"),
            Say.Interrupts("2015-12-31", known: "2023-10-17"),
            Say.Deposits("2023-11-20", Claim, Say.Care("2023-11-05")) with
            {
                Desk = ReferenceData.Desks.First(desk => desk.Network == DeskNetwork.Ofppt).Id
            },
            Say.Deposits("2023-11-21", 600, Say.Care("2023-11-22")),
            Say.Receives("2023-11-25", Claim),
        ]);

    [Fact]
    public void A_student_over_the_age_limit() =>
        StudentIs(
            "student-over-age", on: "2023-10-10", until: "2024-03-01",
            Say.IsAccepted("2023-10-02", Say.Public(born: "1992-10-02")));

    [Fact]
    public void A_student_found_covered_whose_payment_is_held() =>
        StudentIs("student-held", on: "2023-10-10", until: "2024-03-01",
        [
            Say.Declares("2023-10-02", Say.Private()),
            Say.Forwards("2023-10-02"),
            Say.Pays("2023-10-03"),
            Say.Transmits("2023-10-04"),
            Say.AnamFinds("2023-10-12", CoverageKind.ArmedForces),
        ]);

    [Fact]
    public void An_interruption_that_suspends_and_the_day_after_a_leap_day() =>
        StudentIs("student-interruption", on: "2024-03-05", until: "2024-06-01",
        [
            .. Say.IsAccepted("2023-08-20"),
            Say.Interrupts("2023-08-31", known: "2023-12-01"),
            Say.Resumes("2024-04-02"),
        ]);

    [Fact]
    public void Covered_through_both_parents_and_an_end_that_is_not_confirmed() =>
        StudentIs("student-coverages", on: "2024-03-05", until: "2024-06-01",
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.HasOtherCoverage("2023-11-01", "2023-12-01", holder: CoverageHolder.Father),
            Say.HasOtherCoverage(
                "2024-01-15", "2024-02-01", CoverageKind.Cnops, byAnam: false, holder: CoverageHolder.Mother),
            Say.LosesOtherCoverage("2024-01-31", "2024-02-10", holder: CoverageHolder.Father),
            Say.LosesOtherCoverage(
                "2024-02-29", "2024-03-20", CoverageKind.Cnops, byAnam: false, holder: CoverageHolder.Mother),
            Say.LosesOtherCoverage("2024-03-31", "2024-04-20", CoverageKind.Cnops, holder: CoverageHolder.Mother),
            Say.HasOtherCoverage("2024-04-15", "2024-05-01", CoverageKind.Ramed),
            Say.TakesBack(CommandKind.ReportOtherCoverage, "2024-04-15", "2024-05-10", CoverageKind.Ramed),
        ]);

    [Fact]
    public void An_excused_spell_that_pauses_the_clock() =>
        StudentIs("student-pause", on: "2024-05-20", until: "2024-06-01",
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.Interrupts("2023-11-06"),
            Say.ChangesReason("2024-04-01", InterruptionReason.Illness),
            Say.ChangesReason("2024-04-08", InterruptionReason.Work),
        ]);

    [Fact]
    public void Grace_and_then_none() =>
        StudentIs("student-grace", on: "2024-10-01", until: "2025-03-01", Say.IsAccepted("2023-10-02"));

    [Fact]
    public void An_approval_answered_late_with_holidays_between() =>
        StudentIs("student-late-answer", on: "2024-05-01", until: "2024-06-01",
        [
            .. Say.IsAccepted("2023-10-02"),
            Say.AsksApproval("2024-04-05", Approval),
            Say.ControlGrants("2024-04-15", Approval, 3),
        ]);

    [Fact]
    public void What_was_known_on_a_day_about_a_day()
    {
        using var journal = Recorded.Journal(
            "2024-06-01",
            [
                .. Say.IsAccepted("2023-10-02"),
                Say.HasOtherCoverage(from: "2023-11-01", known: "2024-03-15"),
                Say.LosesOtherCoverage(lastDay: "2024-01-31", known: "2024-05-02"),
            ]);
        var reading = new Explainer(journal).Read(Say.Student);

        Assert.Equal("entitlement.no reason.never_entitled", Answer(reading, "2024-02-10", known: "2023-10-01"));
        Assert.Equal("entitlement.yes", Answer(reading, "2024-02-10", known: "2024-03-14"));
        Assert.Equal(
            "entitlement.no reason.suspended_for_other_coverage", Answer(reading, "2024-02-10", known: "2024-03-15"));
        Assert.Equal("entitlement.yes", Answer(reading, "2024-02-10", known: "2024-05-02"));
        Assert.Equal(
            "entitlement.no reason.suspended_for_other_coverage", Answer(reading, "2024-01-10", known: "2024-05-02"));
    }

    private static string Answer(StudentReading reading, string day, string known)
    {
        var answer = EntitlementExplainer.On(reading.AsKnownOn(Say.Day(known)), Say.Day(day)).Message;
        return string.Join(
            ' ',
            answer.Arguments.Select(argument => argument.Value)
                .OfType<Name>()
                .Select(name => name.Key)
                .Prepend(answer.Key));
    }

    private static void ClaimIs(string story, string until, params Command[] commands)
    {
        using var journal = Recorded.Journal(until, commands);
        Approve(story, Explainer.Claim(new Explainer(journal).Read(Say.Student), Claim));
    }

    private static void StudentIs(string story, string on, string until, params Command[] commands)
    {
        using var journal = Recorded.Journal(until, commands);
        Approve(story, Explainer.Student(new Explainer(journal).Read(Say.Student), Say.Day(on)));
    }

    private static void Approve(string story, Explanation explanation)
    {
        Assert.DoesNotContain(explanation.All(), node => node.Message.Key == Keys.LineDiffers);
        foreach (var language in Languages.All)
            Approved.Text(
                $"explained-{story}.{Languages.CodeOf(language)}.txt", ExplanationText.Lines(explanation, language));
    }
}
