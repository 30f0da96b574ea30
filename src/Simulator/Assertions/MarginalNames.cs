using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;

namespace Amoe.Simulator.Assertions;

/// <summary>
/// The figures that a scenario can expect, by name. The whole of each, and its expected value, are in
/// docs/marginals.md.
/// </summary>
internal static class MarginalNames
{
    public const string Declarations = "declarations";
    public const string Applications = "applications";
    public const string Active = "active";
    public const string Claims = "claims";
    public const string Incomplete = "claims/incomplete";
    public const string Late = "claims/late";
    public const string Outside = "claims/outside_entitlement";
    public const string ThirdParty = "claims/third_party";
    public const string SentAgain = "claims/sent_again";
    public const string Appealed = "claims/appealed";
    public const string ReviewsGranted = "reviews/granted";
    public const string Returned = "payments/returned";
    public const string LateFacts = "facts/late";
    public const string WrongFacts = "facts/taken_back";

    // Rare situations (SituationChances).
    public const string Changed = "enrolments/changed";
    public const string MadeGood = "contributions/made_good";
    public const string PaidTwice = "contributions/twice";
    public const string PaidEarly = "contributions/early";
    public const string PaidNotOwed = "contributions/not_owed";
    public const string SecondCoverages = "coverages/second";
    public const string ExemptionsUndone = "exemptions/undone";
    public const string ExemptionsForBills = "exemptions/for_bill";
    public const string ApprovalsLate = "approvals/late";
    public const string ApprovalsCorrected = "approvals/corrected";
    public const string PresentedAgain = "claims/presented_again";
    public const string SecondProstheses = "prostheses/again";
    public const string FirstReturned = "payments/first_returned";

    private const string ByCategory = "declarations/category/";
    private const string ByCoverage = "declarations/coverage/";
    private const string ByAge = "declarations/age/";
    private const string ByFirstAct = "claims/first_act/";

    /// <summary>Completed years on the opening day.</summary>
    public static IReadOnlyList<string> AgeBands { get; } = ["under_20", "20_to_24", "25_to_30", "over_30"];

    public static IReadOnlySet<string> All { get; } = new HashSet<string>([
        Declarations, Applications, Active, Claims, Incomplete, Late, Outside, ThirdParty, SentAgain, Appealed,
        ReviewsGranted, Returned, LateFacts, WrongFacts,
        Changed, MadeGood, PaidTwice, PaidEarly, PaidNotOwed, SecondCoverages, ExemptionsUndone, ExemptionsForBills,
        ApprovalsLate, ApprovalsCorrected, PresentedAgain, SecondProstheses, FirstReturned,
        .. SnakeCase<Category>.Names.Select(name => ByCategory + name),
        .. SnakeCase<CoverageKind>.Names.Select(name => ByCoverage + name), ByCoverage + "none",
        .. AgeBands.Select(name => ByAge + name), .. SnakeCase<Act>.Names.Select(name => ByFirstAct + name)],
        StringComparer.Ordinal);

    /// <summary>True for what grows with the scale; the others are shares.</summary>
    public static bool IsCount(string name) => name is Declarations or Applications or Active or Claims;

    public static bool IsOfCategory(string name, out Category category) => IsOf(name, ByCategory, out category);

    public static bool IsOfFirstAct(string name, out Act act) => IsOf(name, ByFirstAct, out act);

    public static bool IsOfCoverage(string name, out CoverageKind coverage)
    {
        coverage = CoverageKind.None;
        return name == ByCoverage + "none" || IsOf(name, ByCoverage, out coverage);
    }

    /// <param name="band">The number of the band in <see cref="AgeBands"/>.</param>
    public static bool IsOfAge(string name, out int band)
    {
        band = name.StartsWith(ByAge, StringComparison.Ordinal) ? AgeBands.ToList().IndexOf(name[ByAge.Length..]) : -1;
        return band >= 0;
    }

    public static int BandOf(int age) => age switch { < 20 => 0, < 25 => 1, <= 30 => 2, _ => 3 };

    private static bool IsOf<T>(string name, string prefix, out T value)
        where T : struct, Enum
    {
        value = default;
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && SnakeCase<T>.TryParse(name[prefix.Length..], out value);
    }
}
