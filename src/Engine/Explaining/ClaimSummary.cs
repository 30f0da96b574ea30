using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Explaining;

/// <summary>The short form of a claim: why it has the status and the amount of its head, in a few lines.</summary>
internal static class ClaimSummary
{
    public static IEnumerable<Explanation> Of(Claim claim)
    {
        if (claim.Status == ClaimStatus.Returned)
            yield return new Explanation(Keys.WhyReturned, ("items", ClaimExplainer.Names(claim.Missing))).Under("K5");
        if (!claim.IsJudged)
            yield break;
        var refused = Enumerable.Range(0, claim.Outcomes.Length)
            .Where(i => claim.Outcomes[i].Reason != Reason.None)
            .GroupBy(i => claim.Outcomes[i].Reason)
            .ToList();
        foreach (var lines in refused)
            yield return Of(lines.Key, [.. lines]);
        if (claim.PayableCentimes > 0)
        {
            var paid = new Money(claim.Lines.Sum(line => line.PaidCentimes));
            yield return new Explanation(Keys.WhyPayable, ("amount", new Money(claim.PayableCentimes)), ("paid", paid))
                .Under("B11");
        }

        yield return PatientShare.Of(claim, claim.Outcomes);
    }

    private static Explanation Of(Reason reason, int[] lines)
    {
        var why = ("reason", (Argument)Name.Of("reason", reason));
        var numbers = Array.ConvertAll(lines, i => new Count(i + 1, Unit.None));
        return (lines.Length == 1
            ? new Explanation(Keys.WhyLine, ("line", numbers[0]), why)
            : new Explanation(Keys.WhyLines, ("lines", new Names(numbers)), why)).Under(ReasonRules.RuleOf(reason));
    }
}
