using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>An adjudication, line by line, under what was known when it was made (K3, B1-B12).</summary>
internal static class AdjudicationExplainer
{
    public static Explanation Of(StudentReading reading, HistoryEntry entry, ClaimAdjudicated adjudicated)
    {
        var then = reading.Before(entry, adjudicated);
        var claim = then.Claim(adjudicated.Claim);
        var units = ApprovedUnits.Of(then.Now, claim, adjudicated.Outcomes, then.Rules);
        var lines = adjudicated.Outcomes.Select((outcome, i) => LineExplainer.Of(then, claim, i, outcome, units[i]));
        var known = ("known", (Argument)new On(entry.Header.Known));
        var payable = LineOutcome.Sum(adjudicated.Outcomes);
        return (payable == 0
            ? new Explanation(Keys.ClaimNothingPayable, known)
            : new Explanation(Keys.ClaimPayable, known, ("amount", new Money(payable))))
            .Under("B11").For(lines).For(
                payable > 0 && adjudicated.Outcomes.Length > 1 ? Sum(adjudicated.Outcomes) : null,
                adjudicated.Outcomes.Length > 1 ? PatientShare.Of(claim, adjudicated.Outcomes) : null);
    }

    public static Explanation Sum(LineOutcome[] outcomes)
    {
        var terms = outcomes.SelectMany(outcome =>
            new Argument[] { Sign.Plus, new Amount(outcome.AmountCentimes / 100m) }).Skip(1);
        return new Explanation(
            Keys.ClaimSum, ("formula", new Formula([.. terms, Sign.Is, new Amount(LineOutcome.Sum(outcomes) / 100m)])));
    }
}
