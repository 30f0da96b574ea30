using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>Which values of the rulebook the refusal of a line rests on, all read at its date of care (X8).</summary>
internal static class LineParameters
{
    /// <summary>
    /// The values by which a line was refused or paid in part. A rulebook that was adopted later changes none of them:
    /// it changes nothing up to the day from which it decides, and care comes before its decision.
    /// </summary>
    /// <returns>Empty where the reason rests on the record, on other lines, or on the medical control.</returns>
    public static IReadOnlyList<ParameterUse> Of(Rulebook rules, in ClaimLine line, Reason reason) => reason switch
    {
        Reason.None or (>= Reason.NeverEntitled and <= Reason.SuspendedForInterruption) or Reason.DuplicateLine
            or Reason.MedicalControlRefused or Reason.ReferenceMissing => [],
        Reason.LateFiling => [rules.Read(ParameterIds.LateFilingDays, line.CareDate)],
        Reason.ProsthesisTooRecent => [rules.Read(ParameterIds.ProsthesisRenewalYears, line.CareDate)],
        _ => [TermsOf(rules, line)],
    };

    /// <summary>The terms of its act in its sector.</summary>
    public static ParameterUse TermsOf(Rulebook rules, in ClaimLine line) =>
        rules.Read(line.Act, line.Sector, line.CareDate);
}
