using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using FsCheck.Fluent;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Benefits;

/// <summary>
/// Properties that the cases cannot show: periods, late filing, the order of reasons, and invariants of every line.
/// </summary>
public sealed class AdjudicationTests
{
    private static readonly LineCoverage Covered = new(Reason.None, false, int.MaxValue);

    [Fact]
    public void B12_a_line_is_priced_by_the_tariff_of_its_day_of_care_not_of_its_deposit()
    {
        var rules = Rulebook.Load(WithSpecialistFrom("2027-01-01", 20_000), "mine.yaml");
        var before = Adjudication.Price(
            Care("2026-12-31", Act.Specialist, 30_000), ClaimWay.Reimbursement, Day("2027-02-01"), Covered, rules);
        var after = Adjudication.Price(
            Care("2027-01-01", Act.Specialist, 30_000), ClaimWay.Reimbursement, Day("2027-02-01"), Covered, rules);
        Assert.Equal((12_000u, 16_000u), (before.AmountCentimes, after.AmountCentimes));
    }

    [Fact]
    public void B12_two_lines_of_one_claim_can_be_priced_under_two_tariffs()
    {
        var story = new Story(Rulebook.Load(WithSpecialistFrom("2024-01-01", 20_000), "mine.yaml"))
            .Given(IsAccepted("2023-10-05"))
            .Given(
                Deposits(
                    "2024-02-01", 1, Care("2023-12-31", Act.Specialist, 30_000),
                    Care("2024-01-01", Act.Specialist, 30_000)), Receives("2024-02-02", 1));
        Assert.Equal([new(Reason.None, 12_000), new(Reason.None, 16_000)], story.Claims[1].Outcomes);
        Assert.Equal(28_000, story.Claims[1].PayableCentimes);
    }

    [Theory]
    [InlineData("2024-01-09", Reason.None)] // sixty days before the deposit
    [InlineData("2024-01-08", Reason.LateFiling)]
    public void X2_where_it_is_switched_on_care_of_more_than_sixty_days_ago_is_filed_late(string care, Reason reason)
    {
        var story = new Story(WithLateFiling()).Given(IsAccepted("2023-10-05"))
            .Given(Deposits("2024-03-09", 1, Care(care)), Receives("2024-03-10", 1));
        Assert.Equal(reason, Assert.Single(story.Claims[1].Outcomes).Reason);
    }

    [Fact]
    public void X2_switched_off_no_claim_is_late()
    {
        var story = new Story().Given(IsAccepted("2023-10-05"))
            .Given(Deposits("2029-10-05", 1, Care("2023-10-05")), Receives("2029-10-06", 1));
        Assert.Equal([new(Reason.None, 6_400)], story.Claims[1].Outcomes);
    }

    [Fact]
    public void X2_a_line_filed_late_takes_no_approval()
    {
        var story = new Story(WithLateFiling())
            .Given([.. IsAccepted("2023-10-05"), AsksApproval("2023-10-06", 5), ControlGrants("2023-10-07", 5, 10)])
            .Given(Deposits("2024-03-09", 1, Care("2023-11-01", Act.Physiotherapy)), Receives("2024-03-10", 1));
        Assert.Equal((Reason.LateFiling, 0), (story.Claims[1].Outcomes[0].Reason, story.Insurance.Approvals[0].Used));
    }

    [Fact]
    public void The_students_standing_is_the_first_reason_then_the_act_then_its_conditions()
    {
        var veneer = Care("2023-11-10", Act.Veneer);
        var glasses = Care("2023-11-10", Act.Glasses);
        var suspended = Covered with { Reason = Reason.SuspendedForContribution };
        Assert.Equal(Reason.SuspendedForContribution, Reasoned(veneer, ClaimWay.Reimbursement, suspended));
        Assert.Equal(Reason.ActNotCovered, Reasoned(veneer, ClaimWay.ThirdParty, Covered));
        Assert.Equal(Reason.ThirdPartyNotAllowed, Reasoned(glasses, ClaimWay.ThirdParty, Covered));
        Assert.Equal(Reason.NoOphthalmologistConsultation, Reasoned(glasses, ClaimWay.Reimbursement, Covered));
    }

    [Fact]
    public void B11_every_line_pays_the_rate_of_the_lesser_of_paid_and_base_rounded_once()
    {
        var lines =
            from act in Gen.Elements(Enum.GetValues<Act>().Where(act => act != Act.None))
            from sector in Gen.Elements(Enum.GetValues<CareSector>())
            from quantity in Gen.Choose(1, 200)
            from paid in Gen.Choose(0, 2_000_000)
            from reference in Gen.Choose(0, 2_000_000)
            from circumstances in Gen.Choose(0, 15)
            from approved in Gen.Choose(1, 250)
            from exempt in Gen.Elements(true, false)
            from way in Gen.Elements(Enum.GetValues<ClaimWay>())
            select (Line: new ClaimLine(
                act, sector, Day("2023-11-10"), (ushort)quantity, (uint)paid, (uint)reference,
                (Circumstances)circumstances), way, approved, exempt);
        Properties.Check(lines, one =>
        {
            var outcome = Adjudication.Price(
                one.Line, one.way, one.Line.CareDate, new LineCoverage(Reason.None, one.exempt, one.approved),
                Rulebook.Embedded);
            return outcome.IsRefused
                ? outcome.AmountCentimes == 0
                : outcome.AmountCentimes == Expected(one.Line, one.approved, one.exempt);
        }, count: 20_000);
    }

    // The same rule said in decimals of a dirham: the benefit of the whole line, the share of the units approved,
    // rounded at the end.
    private static uint Expected(ClaimLine line, int approved, bool exempt)
    {
        var terms = Rulebook.Embedded.On(line.CareDate).Act(line.Act).In(line.Sector);
        decimal paid = line.PaidCentimes;
        decimal whole = terms.Base switch
        {
            BaseKind.AllExpenses => paid,
            BaseKind.Flat => terms.BaseCentimes,
            BaseKind.Stated => line.ReferenceCentimes,
            _ => terms.BaseCentimes * line.Quantity,
        };
        var rate = exempt ? 1m : terms.RateBasisPoints / 10_000m;
        var share = Math.Min(approved, line.Quantity);
        return (uint)Math.Round(Math.Min(paid, whole) * rate * share / line.Quantity, MidpointRounding.AwayFromZero);
    }

    private static Reason Reasoned(ClaimLine line, ClaimWay way, LineCoverage coverage) =>
        Adjudication.Price(line, way, line.CareDate, coverage, Rulebook.Embedded).Reason;

    private static Rulebook WithLateFiling() => Rulebook.Load(
        Rulebook.EmbeddedText.Replace(
            "        value: 0\n        source: \"assumed off", "        value: 60\n        source: \"assumed off",
            StringComparison.Ordinal), "mine.yaml");

    private static string WithSpecialistFrom(string from, long centimes)
    {
        const string next = "  - id: B1.cardiologist\n";
        var period =
            $"      - from: {from}\n        morocco: {{ base: tariff, base_centimes: {centimes}, rate_basis_points: 8000 }}\n        abroad: not_covered\n        source: a tariff to come\n";
        return Rulebook.EmbeddedText.Replace(next, period + next, StringComparison.Ordinal);
    }
}
