using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Explaining;

/// <summary>The patient's share of a line and of a claim (K2, B11).</summary>
internal static class PatientShare
{
    /// <summary>Null for a line that was claimed before: it is borne there.</summary>
    public static Explanation? Of(in ClaimLine line, LineOutcome outcome)
    {
        if (outcome.Reason == Reason.DuplicateLine)
            return null;
        var share = outcome.ShareOf(line);
        var formula = new Formula(
            new Amount(line.PaidCentimes / 100m), Sign.Minus, new Amount(outcome.AmountCentimes / 100m), Sign.Is,
            new Amount(share / 100m));
        return new Explanation(Keys.LinePatientShare, ("share", new Money(share)), ("formula", formula)).Under("B11");
    }

    /// <summary>
    /// Splits a line between the provider and the student, who bore a share before the exemption was known; null for a
    /// line of one payee.
    /// </summary>
    /// <param name="then">What was known when the line was decided.</param>
    public static Explanation? Refunded(StudentReading then, ClaimLine line, LineOutcome outcome)
    {
        if (outcome.RefundCentimes == 0
            || then.Last<ExemptionDecided>(e =>
                e.Granted && e.From <= line.CareDate && line.CareDate <= e.Until) is not var (learnt, _))
            return null;
        var provider = outcome.AmountCentimes - outcome.RefundCentimes;
        var formula = new Formula(
            new Amount(outcome.AmountCentimes / 100m), Sign.Minus, new Amount(provider / 100m), Sign.Is,
            new Amount(outcome.RefundCentimes / 100m));
        return new Explanation(
            Keys.LineRefund, ("provider", new Money(provider)), ("refund", new Money(outcome.RefundCentimes)),
            ("formula", formula), ("known", new On(learnt.Header.Known)))
            .Under("B11");
    }

    /// <summary>Over all lines of a claim.</summary>
    public static Explanation Of(Claim claim, LineOutcome[] outcomes) =>
        new Explanation(Keys.ClaimPatientShare, ("share", new Money(LineOutcome.ShareOf(claim.Lines, outcomes))))
            .Under("B11");
}
