using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Explaining;

/// <summary>What the patient bears of a line and of a claim (K2, B11).</summary>
internal static class PatientShare
{
    /// <summary>Null for a line that was claimed before: it is borne there.</summary>
    public static Explanation? Of(in ClaimLine line, LineOutcome outcome)
    {
        if (outcome.Reason == Reason.DuplicateLine)
            return null;
        var share = outcome.ShareOf(line);
        var formula = new Formula(new Amount(line.PaidCentimes / 100m), Sign.Minus, new Amount(outcome.AmountCentimes / 100m), Sign.Is, new Amount(share / 100m));
        return new Explanation(Keys.LinePatientShare, ("share", new Money(share)), ("formula", formula)).Under("B11");
    }

    /// <summary>Over all lines of a claim.</summary>
    public static Explanation Of(Claim claim, LineOutcome[] outcomes) =>
        new Explanation(Keys.ClaimPatientShare, ("share", new Money(LineOutcome.ShareOf(claim.Lines, outcomes)))).Under("B11");
}
