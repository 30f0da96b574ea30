using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// What the refusal of a payment or receipt of a contribution rests on (C1-C4): the amount expected, who owes it, what
/// is on record.
/// </summary>
internal static class ContributionRefusals
{
    public static IEnumerable<Explanation> Of(Refusal refusal)
    {
        var student = refusal.Student;
        if (!student.IsKnown)
            return [];
        var day = refusal.Header.Effective;
        return refusal.Reason switch
        {
            Reason.ContributionWrongAmount => [Expected(refusal.Rules, day)],
            Reason.ContributionNotDue when !refusal.Rules.On(day).PaysContribution(student.Enrolment.Category, student.Enrolment.PaidTrack) =>
                [ContributionExplainer.Liability(refusal.Rules, student.Enrolment, day)],
            Reason.ContributionNotDue => [Years(student)],
            Reason.ContributionAlreadyPaid when refusal.Header.Kind == CommandKind.PresentReceipt => Waived(refusal),
            Reason.NoPaymentElsewhere => Elsewhere(student),
            _ => OnRecord(student),
        };
    }

    private static Explanation Expected(Rulebook rules, DateOnly day) => new Explanation(Keys.RefusalAmountExpected, ("amount", new Money(rules.On(day).ContributionCentimes))).Under("C2")
        .By(rules.Read(ParameterIds.ContributionCentimes, day));

    /// <summary>The category owes it, so the year that was named is neither on record nor one with a right.</summary>
    private static Explanation Years(Student student)
    {
        var years = (student.Insurance?.Rights ?? []).Select(right => (int)right.Year).Append(student.Year).Distinct().Order();
        return new Explanation(Keys.RefusalContributionYears, ("years", new Names([.. years.Select(EntitlementExplainer.YearOf)]))).Under("C2");
    }

    private static IEnumerable<Explanation> OnRecord(Student student)
    {
        for (var contribution = student.Insurance?.Contribution; contribution is not null; contribution = contribution.Before)
        {
            if (contribution.LargestCentimes > 0)
                yield return ContributionExplainer.OnRecord(contribution);
        }
    }

    private static IEnumerable<Explanation> Elsewhere(Student student) => student.Insurance?.ContributionOf(student.Year) is { PaidCentimes: > 0 } contribution
        ? [ContributionExplainer.OnRecord(contribution)]
        : [new Explanation(Keys.RefusalNothingPaid, ("year", EntitlementExplainer.YearOf(student.Year))).Under("C4")];

    private static IEnumerable<Explanation> Waived(Refusal refusal) =>
        refusal.Before.Last<ContributionWaived>(_ => true) is var (entry, waived) ? [FactExplainer.Of(entry, waived)!] : [];
}
