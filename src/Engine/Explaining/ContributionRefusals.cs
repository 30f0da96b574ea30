using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Explains why the receipt of a contribution was refused (C4). Money itself is never refused: for refusals in older
/// journals, what is on record is explained.
/// </summary>
internal static class ContributionRefusals
{
    public static IEnumerable<Explanation> Of(Refusal refusal)
    {
        var student = refusal.Student;
        if (!student.IsKnown)
            return [];
        return refusal.Reason switch
        {
            Reason.ContributionAlreadyPaid when refusal.Header.Kind == CommandKind.PresentReceipt => Waived(refusal),
            Reason.NoPaymentElsewhere => Elsewhere(student),
            _ => OnRecord(student),
        };
    }

    private static IEnumerable<Explanation> OnRecord(Student student)
    {
        for (var contribution = student.Insurance?.Contribution; contribution is not null; contribution =
            contribution.Before)
        {
            if (contribution.LargestCentimes > 0)
                yield return ContributionExplainer.OnRecord(contribution);
        }
    }

    private static IEnumerable<Explanation> Elsewhere(Student student) =>
        student.Insurance?.ContributionOf(student.Year) is { PaidCentimes: > 0 } contribution
            ? [ContributionExplainer.OnRecord(contribution)]
            : [new Explanation(Keys.RefusalNothingPaid, ("year", EntitlementExplainer.YearOf(student.Year))).Under("C4")];

    private static IEnumerable<Explanation> Waived(Refusal refusal) =>
        refusal.Before.Last<ContributionWaived>(_ => true) is var (entry, waived)
            ? [FactExplainer.Of(entry, waived)!]
            : [];
}
