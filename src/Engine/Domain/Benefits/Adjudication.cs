using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Benefits;

/// <summary>
/// Prices one line: min(paid, base) × rate, in centimes, rounded half up once (B11), under the rules in force on its
/// date of care (B12).
/// </summary>
public static class Adjudication
{
    private const int WholeBasisPoints = 10_000;

    /// <summary>
    /// Decides a line. The first reason found is the one given: the student's standing, then the act, then its
    /// conditions.
    /// </summary>
    /// <param name="isShared">
    /// True where the student bore a share of the line: what an exemption adds is the student's, not the provider's.
    /// </param>
    [Rule("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B11", "B12")]
    public static LineOutcome Price(
        in ClaimLine line, ClaimWay way, DateOnly depositedOn, in LineCoverage coverage, Rulebook rulebook,
        bool isShared = false)
    {
        var rules = rulebook.On(line.CareDate);
        var act = rules.Act(line.Act);
        var terms = act.In(line.Sector);
        var reason = coverage.Reason != Reason.None ? coverage.Reason : Validate(line, way, depositedOn, rules, act);
        if (reason == Reason.None)
            reason = coverage.Repeats;
        if (reason != Reason.None)
            return new LineOutcome(reason, 0);

        var units = Math.Min(coverage.ApprovedUnits, line.Quantity);
        var rate = coverage.ExemptFromShare
            ? Math.Max(terms.RateBasisPoints, rules.ExemptRateBasisPoints)
            : terms.RateBasisPoints;
        var payable = Math.Min(line.PaidCentimes, BaseOf(line, terms));
        var amount = AmountOf(payable, rate, units, line.Quantity);
        var refund = isShared ? amount - AmountOf(payable, terms.RateBasisPoints, units, line.Quantity) : 0;
        return new LineOutcome(units == line.Quantity ? Reason.None : Reason.ApprovalCoversLess, amount, refund);
    }

    /// <summary>
    /// What was paid and the base are both of the whole line: the units approved take their share of the lesser one,
    /// and it is rounded once.
    /// </summary>
    private static uint AmountOf(long payable, int rate, int units, int quantity) => units == quantity
        ? Rounded(payable * rate, WholeBasisPoints)
        : Rounded(payable * rate * units, (long)WholeBasisPoints * quantity);

    /// <summary>
    /// True when the line is paid only under an approval or a clinic's cover (B10, K2). A line that is refused
    /// for every student needs none: it would take units for nothing.
    /// </summary>
    [Rule("B5", "B10", "K2")]
    public static bool NeedsApproval(in ClaimLine line, ClaimWay way, DateOnly depositedOn, Rulebook rulebook)
    {
        var rules = rulebook.On(line.CareDate);
        var act = rules.Act(line.Act);
        var needs = (act.NeedsPriorApproval && IsToBeApproved(line, rules))
            || (way == ClaimWay.ThirdParty
                && line.Sector == CareSector.Private
                && act.Conditions.HasFlag(ActConditions.ContractedClinicIfPrivate));
        return needs && Validate(line, way, depositedOn, rules, act) == Reason.None;
    }

    /// <summary>
    /// False for a bridge or denture whose elements or teeth ask for no approval. Files of old journals do not say
    /// them, and what a file calls a renewal is approved whatever its size.
    /// </summary>
    [Rule("B6")]
    private static bool IsToBeApproved(in ClaimLine line, RulesInForce rules) => line switch
    {
        { Prosthesis.Elements: 0 } => true,
        { Act: Act.LongBridge } => line.Prosthesis.Elements > rules.BridgeApprovalAboveElements,
        { Act: Act.PartialDenture } =>
            line.Prosthesis.Elements < rules.DentureApprovalBelowTeeth
                || line.Prosthesis.Elements > rules.DentureApprovalAboveTeeth,
        _ => true,
    };

    /// <summary>Why a line is refused for itself, apart from its student, or none.</summary>
    public static Reason Validate(in ClaimLine line, ClaimWay way, DateOnly depositedOn, Rulebook rulebook)
    {
        var rules = rulebook.On(line.CareDate);
        return Validate(line, way, depositedOn, rules, rules.Act(line.Act));
    }

    [Rule("K1", "K2", "X2")]
    private static Reason Validate(
        in ClaimLine line, ClaimWay way, DateOnly depositedOn, RulesInForce rules, ActRule act)
    {
        if (rules.LateFilingDays > 0 && depositedOn.DayNumber - line.CareDate.DayNumber > rules.LateFilingDays)
            return Reason.LateFiling;
        if (!act.In(line.Sector).Covered)
            return NotCovered(line.Act, act);
        if (way == ClaimWay.ThirdParty && act.ThirdParty == ThirdParty.Never)
            return Reason.ThirdPartyNotAllowed;
        if (way == ClaimWay.Reimbursement && act.ThirdParty == ThirdParty.Always)
            return Reason.ThirdPartyOnly;
        var reason = Conditions(line, act.Conditions);
        return reason == Reason.None && LacksPrice(line, act.In(line.Sector)) ? Reason.ReferenceMissing : reason;
    }

    /// <summary>
    /// True when the file has to state the line's base and states none. It is then returned (K5); lines of older
    /// journals, or of a rulebook changed since the deposit, are refused.
    /// </summary>
    [Rule("B2", "B11", "K5")]
    public static bool LacksPrice(in ClaimLine line, Rulebook rulebook) =>
        LacksPrice(line, rulebook.On(line.CareDate).Act(line.Act).In(line.Sector));

    private static bool LacksPrice(in ClaimLine line, in SectorTerms terms) =>
        terms.Covered && terms.Base == BaseKind.Stated && line.ReferenceCentimes == 0;

    [Rule("B2", "B6", "B8")]
    private static Reason NotCovered(Act act, ActRule rule)
    {
        if (rule.Private.Covered || rule.Public.Covered || rule.Abroad.Covered)
            return Reason.SectorNotCovered;
        return act is >= Act.OrdinaryMedicine and <= Act.NonReimbursableMedicine
            ? Reason.MedicineNotReimbursable
            : Reason.ActNotCovered;
    }

    [Rule("B7", "B8")]
    private static Reason Conditions(in ClaimLine line, ActConditions conditions)
    {
        if (conditions == ActConditions.None)
            return Reason.None;
        var has = line.Circumstances;
        if (conditions.HasFlag(ActConditions.OphthalmologistConsultation)
            && !has.HasFlag(Circumstances.Ophthalmologist))
            return Reason.NoOphthalmologistConsultation;
        if (conditions.HasFlag(ActConditions.ByOphthalmologist) && !has.HasFlag(Circumstances.Ophthalmologist))
            return Reason.NotByOphthalmologist;
        if (conditions.HasFlag(ActConditions.ContractedClinicIfPrivate)
            && line.Sector == CareSector.Private
            && !has.HasFlag(Circumstances.ContractedClinic))
            return Reason.ClinicNotContracted;
        if (conditions.HasFlag(ActConditions.AbroadReason) && !has.HasFlag(Circumstances.AbroadJustified))
            return Reason.AbroadNotJustified;
        return Reason.None;
    }

    /// <summary>The base of the whole line.</summary>
    private static long BaseOf(in ClaimLine line, in SectorTerms terms) => terms.Base switch
    {
        BaseKind.Tariff or BaseKind.LetterValue => terms.BaseCentimes * line.Quantity,
        BaseKind.Flat => terms.BaseCentimes,
        BaseKind.AllExpenses => line.PaidCentimes,
        _ => line.StatedBaseCentimes,
    };

    /// <summary>A quotient of numbers that are not negative, rounded half up.</summary>
    private static uint Rounded(long dividend, long divisor) => (uint)((dividend + divisor / 2) / divisor);
}
