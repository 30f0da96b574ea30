using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Explaining;

/// <summary>
/// What a student and the fund owe each other over all claims and contributions (X7, K8, C5). What a provider owes or
/// is owed is not the student's, and is explained with its claim.
/// </summary>
internal static class StudentBalance
{
    public static Explanation Of(StudentReading reading)
    {
        var parts = Parts(reading).ToList();
        return new Explanation(Keys.StudentBalance).For(
            parts.Count == 0 ? [new Explanation(Keys.BalanceNothing)] : parts);
    }

    public static IEnumerable<Explanation> Parts(StudentReading reading)
    {
        List<Claim> claims = [.. reading.Claims];
        Explanation?[] sums =
        [
            Sum(Keys.StudentOwes, "X7", claims, claim => claim.AccountOf(Payee.Student).OverpaidCentimes),
            Sum(
                Keys.StudentIsDue, "K8", claims,
                claim => claim.IsHeld ? 0 : claim.AccountOf(Payee.Student).DueCentimes),
            Sum(
                Keys.StudentIsDueOnceDecided, "X4", claims,
                claim => claim.IsHeld ? claim.AccountOf(Payee.Student).DueCentimes : 0),
            Sum(Keys.StudentInTransit, "K8", claims, claim => claim.AccountOf(Payee.Student).InTransitCentimes),
            reading.Now.Insurance is { HeldCentimes: > 0 and var held }
                ? new Explanation(Keys.StudentHeld, ("amount", new Money(held))).Under("C5")
                : null,
        ];
        return sums.Concat(Contributions(reading)).OfType<Explanation>();
    }

    /// <summary>C2, C3: contributions that are due and that the fund has not received, wherever the money is.</summary>
    private static IEnumerable<Explanation> Contributions(StudentReading reading)
    {
        var student = reading.Now;
        for (var contribution = student.Insurance?.Contribution; contribution is not null; contribution =
            contribution.Before)
        {
            if (contribution is not { SettledOn: null, Due: { } due })
                continue;
            var year = ("year", (Argument)EntitlementExplainer.YearOf(contribution.Year));
            var (missing, onItsWay) = (contribution.OwedCentimes - contribution.LargestCentimes,
                contribution.PaidCentimes - contribution.ReceivedCentimes);
            if (onItsWay > 0)
                yield return new Explanation(Keys.StudentContributionOnItsWay, year, ("amount", new Money(onItsWay)))
                    .Under("C3");
            if (missing > 0)
                yield return new Explanation(
                    Keys.StudentOwesContribution, year, ("due", new On(due)), ("amount", new Money(missing)))
                        .Under("C2");
        }
    }

    private static Explanation? Sum(string key, string rule, List<Claim> claims, Func<Claim, long> amountOf)
    {
        var counted = claims.Where(claim => amountOf(claim) > 0).ToList();
        if (counted.Count == 0)
            return null;
        var numbers = new Names(
            [.. counted.Select(claim => new Phrase(new Message(Keys.ClaimNumber, ("claim", Code.Of(claim.Number)))))]);
        return new Explanation(key, ("amount", new Money(counted.Sum(amountOf))), ("claims", numbers)).Under(rule);
    }
}
