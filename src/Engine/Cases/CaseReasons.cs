using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>The reasons by name that an expectation can have: with any other it would say nothing.</summary>
internal static class CaseReasons
{
    /// <summary>Why a student is not entitled on a day.</summary>
    public static IReadOnlyList<string> OfEntitlement { get; } =
        Names(reason => new LineOutcome(reason, 0).IsWithoutEntitlement);

    /// <summary>Why a line is refused or paid in part.</summary>
    public static IReadOnlyList<string> OfLines { get; } = Names(reason =>
        reason is Reason.LateFiling or Reason.MedicalControlRefused or Reason.ReferenceMissing
            or Reason.ProsthesisTooRecent or >= Reason.NeverEntitled and <= Reason.DuplicateLine);

    private static string[] Names(Func<Reason, bool> which) =>
        [.. SnakeCase<Reason>.Values.Where(which).Select(SnakeCase<Reason>.NameOf)];
}
