using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Replay;

namespace Amoe.Engine.Explaining;

/// <summary>An adjudication, line by line, under what was known when it was made (K3, B1-B12).</summary>
internal static class AdjudicationExplainer
{
    public static Explanation Of(StudentReading reading, HistoryEntry entry, ClaimAdjudicated adjudicated)
    {
        var then = reading.Before(entry);
        var claim = then.Now.Claims[adjudicated.Claim];
        var coverage = CoverageThen(then, claim, entry);
        var lines = adjudicated.Outcomes.Select((outcome, i) => LineExplainer.Of(then, claim, i, outcome, coverage[i]));
        var known = ("known", (Argument)new On(entry.Header.Known));
        var payable = adjudicated.PayableCentimes;
        return (payable == 0
            ? new Explanation(Keys.ClaimNothingPayable, known)
            : new Explanation(Keys.ClaimPayable, known, ("amount", new Money(payable)), ("method", Name.Of("method", adjudicated.Method))))
            .Under("B11").For(lines).For(payable > 0 && adjudicated.Outcomes.Length > 1 ? Sum(adjudicated) : null);
    }

    /// <summary>The student's answer as it was, asked again of what was known then.</summary>
    private static LineCoverage[] CoverageThen(StudentReading then, Claim claim, HistoryEntry entry)
    {
        var decision = new Decision();
        ClaimDecider.Decide(claim, new ReceiveClaim(then.Student, claim.Number, entry.Header.Effective, entry.Header.Known), then.Rules, decision);
        var question = decision.Messages.OfType<CheckCoverage>().Single();
        decision.Clear();
        StudentDecider.Decide(then.Now.Student, question, decision);
        return decision.Messages.OfType<CoverageAnswer>().Single().Lines;
    }

    private static Explanation Sum(ClaimAdjudicated adjudicated)
    {
        var terms = adjudicated.Outcomes.SelectMany(outcome => new Argument[] { Sign.Plus, new Amount(outcome.AmountCentimes / 100m) }).Skip(1);
        return new Explanation(Keys.ClaimSum, ("formula", new Formula([.. terms, Sign.Is, new Amount(adjudicated.PayableCentimes / 100m)])));
    }
}
