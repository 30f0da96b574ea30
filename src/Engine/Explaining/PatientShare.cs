using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Explaining;

/// <summary>
/// What the patient bears: what was paid or billed less what the fund pays, per line and over the claim (B11). Care
/// that was claimed
/// before is borne there, and not a second time.
/// </summary>
internal static class PatientShare
{
    /// <summary>Null for a line that was claimed before.</summary>
    public static Explanation? Of(in ClaimLine line, LineOutcome outcome) => outcome.Reason == Reason.DuplicateLine
        ? null
        : new Explanation(
            Keys.LinePatientShare, ("share", new Money(line.PaidCentimes - outcome.AmountCentimes)),
            ("formula", new Formula(new Amount(line.PaidCentimes / 100m), Sign.Minus, new Amount(outcome.AmountCentimes / 100m), Sign.Is,
                new Amount((line.PaidCentimes - outcome.AmountCentimes) / 100m)))).Under("B11");

    /// <summary>Over all lines of a claim.</summary>
    public static Explanation Of(Claim claim, LineOutcome[] outcomes) =>
        new Explanation(Keys.ClaimPatientShare, ("share", new Money(Enumerable.Range(0, outcomes.Length).Sum(i => Centimes(claim.Lines[i], outcomes[i]))))).Under("B11");

    private static long Centimes(in ClaimLine line, LineOutcome outcome) =>
        outcome.Reason == Reason.DuplicateLine ? 0 : line.PaidCentimes - outcome.AmountCentimes;
}
