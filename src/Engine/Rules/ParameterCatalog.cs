using System.Globalization;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Rules;

/// <summary>
/// A parameter the engine reads: its id, the unit a rulebook must give it, and how a value becomes part of a period's
/// rules.
/// </summary>
/// <param name="Read">Takes the node of a value and the first day it holds.</param>
internal sealed record ParameterDefinition(
    string Id, string Unit, Func<YamlFile, YamlNode, DateOnly, Action<RulesDraft>> Read)
{
    /// <summary>
    /// False for a parameter that rulebooks recorded in journals may lack, because they were written before it: what it
    /// decides stays as it was then.
    /// </summary>
    public bool IsRequired { get; init; } = true;
}

/// <summary>
/// Every parameter the engine reads. One without a reader does not belong here, and a rulebook that has it is refused.
/// </summary>
internal static class ParameterCatalog
{
    private const int DaysMax = 3660;
    private const int MonthsMax = 24;
    private const int YearsMax = 30;
    private const int TeethMax = 32;
    private const int WorkingHoursMax = 24 * 366;

    // One million centimes, 10,000 MAD, is 25 times the contribution of 2016: more is a slip of the pen, such as the
    // zeros of a wrong unit.
    private const long ContributionMax = 1_000_000;

    // A claim has at most 32 lines of at most a million MAD: above this no claim is reviewed for its amount.
    private const long ReviewAboveMax = 32 * 100_000_000L;

    private const string NoHolidays = "none";

    public static IReadOnlyList<ParameterDefinition> All { get; } =
    [
        Define(
            ParameterIds.FundName, "name", (file, node, what) => file.Text(node, what),
            (rules, value) => rules.FundName = value),
        Names<Cycle>(ParameterIds.EligibleCycles, "cycles", (rules, set) => rules.EligibleCycles = set),
        Number(ParameterIds.AgeMaxYears, "completed years", 1, 120, (rules, value) => rules.AgeMaxYears = value),
        Names<Cycle>(ParameterIds.AgeExemptCycles, "cycles", (rules, set) => rules.AgeExemptCycles = set),
        Number(ParameterIds.GraceMonths, "months", 0, MonthsMax, (rules, value) => rules.GraceMonths = value),
        Define(
            ParameterIds.ContributionCentimes,
            "centimes a year",
            (file, node, what) => file.Whole(node, what, 0, ContributionMax),
            (rules, value) => rules.ContributionCentimes = value),
        Names<Category>(ParameterIds.LiableCategories, "categories", (rules, set) => rules.LiableCategories = set),
        Names<Category>(
            ParameterIds.PaidTrackCategories, "categories", (rules, set) => rules.PaidTrackCategories = set),
        Number(
            ParameterIds.InterruptionMonths, "months", 1, MonthsMax,
            (rules, value) => rules.InterruptionMonths = value),
        Names<InterruptionReason>(ParameterIds.ExcusedReasons, "reasons", (rules, set) => rules.ExcusedReasons = set),
        Number(
            ParameterIds.BridgeApprovalAboveElements, "elements", 0, TeethMax,
            (rules, value) => rules.BridgeApprovalAboveElements = value),
        Number(
            ParameterIds.DentureApprovalBelowTeeth, "teeth", 0, TeethMax + 1,
            (rules, value) => rules.DentureApprovalBelowTeeth = value),
        Number(
            ParameterIds.DentureApprovalAboveTeeth, "teeth", 0, TeethMax,
            (rules, value) => rules.DentureApprovalAboveTeeth = value),
        Define(ParameterIds.ExcusedSpell, "effect", Pauses, (rules, value) => rules.ExcusedSpellPauses = value) with
        {
            IsRequired = false
        },
        Number(
            ParameterIds.ProsthesisRenewalYears, "years", 0, YearsMax,
            (rules, value) => rules.ProsthesisRenewalYears = value),
        Number(
            ParameterIds.ExemptRateBasisPoints, "basis points", 1, 10_000,
            (rules, value) => rules.ExemptRateBasisPoints = value),
        Number(
            ParameterIds.ApprovalValidityDays, "days", 0, DaysMax,
            (rules, value) => rules.ApprovalValidityDays = value),
        Define(ParameterIds.AcademicYearStart, "month-day", MonthDays, (rules, value) => rules.YearStart = value),
        Define(ParameterIds.AcademicYearEnd, "month-day", MonthDays, (rules, value) => rules.YearEnd = value),
        Number(
            ParameterIds.ContributionDueDays, "days", 0, DaysMax, (rules, value) => rules.ContributionDueDays = value),
        Define(
            ParameterIds.DuplicatesChecked, "true or false", (file, node, what) => file.Truth(node, what),
            (rules, value) => rules.DuplicatesChecked = value),
        Number(ParameterIds.LateFilingDays, "days", 0, DaysMax, (rules, value) => rules.LateFilingDays = value),
        Number(
            ParameterIds.ApprovalWorkingHours, "working hours", 0, WorkingHoursMax,
            (rules, value) => rules.ApprovalWorkingHours = value),
        Number(ParameterIds.ThirdPartyBillDays, "days", 0, DaysMax, (rules, value) => rules.ThirdPartyBillDays = value),
        Number(
            ParameterIds.ProviderPaymentDays, "days", 0, DaysMax, (rules, value) => rules.ProviderPaymentDays = value),
        Number(
            ParameterIds.ContributionTransferDays, "days", 0, DaysMax,
            (rules, value) => rules.ContributionTransferDays = value),
        Define(
            ParameterIds.FixedHolidays, "month-days", FixedHolidays,
            (rules, value) => rules.FixedHolidays = value) with { IsRequired = false },
        new(ParameterIds.AnnouncedHolidays, "dates", AnnouncedHolidays) { IsRequired = false },
        Number(
            ParameterIds.ReviewShareBasisPoints, "basis points", 0, 10_000,
            (rules, value) => rules.ReviewShareBasisPoints = value),
        Define(
            ParameterIds.ReviewAboveCentimes,
            "centimes",
            (file, node, what) => file.Whole(node, what, 0, ReviewAboveMax),
            (rules, value) => rules.ReviewAboveCentimes = value),
    ];

    private static bool Pauses(YamlFile file, YamlNode node, string what) => file.Text(node, what) switch
    {
        "pauses" => true,
        "resets" => false,
        var other => throw file.Error(node, $"{what} must be 'pauses' or 'resets', not '{other}'"),
    };

    private static ParameterDefinition Define<T>(
        string id, string unit, Func<YamlFile, YamlNode, string, T> parse, Action<RulesDraft, T> apply) =>
        new(id, unit, (file, node, _) =>
        {
            var value = parse(file, node, id);
            return rules => apply(rules, value);
        });

    private static ParameterDefinition Number(
        string id, string unit, int min, int max, Action<RulesDraft, int> apply) =>
        Define(id, unit, (file, node, what) => (int)file.Whole(node, what, min, max), apply);

    private static ParameterDefinition Names<T>(string id, string unit, Action<RulesDraft, uint> apply)
        where T : struct, Enum =>
        Define(id, unit, SetOf<T>, apply);

    /// <summary>A list of names as a set of bits, one per member of the enum.</summary>
    private static uint SetOf<T>(YamlFile file, YamlNode node, string what)
        where T : struct, Enum
    {
        var set = 0u;
        foreach (var item in file.List(node, what))
        {
            var bit = 1u << Convert.ToInt32(file.Name<T>(item, what), CultureInfo.InvariantCulture);
            if ((set & bit) != 0)
                throw file.Error(item, $"{what} names '{item}' twice");
            set |= bit;
        }
        return set;
    }

    /// <summary>A day of the year per category: the default, and the categories that have another.</summary>
    private static MonthDay[] MonthDays(YamlFile file, YamlNode node, string what)
    {
        var map = file.Map(node, what, ["default", .. SnakeCase<Category>.Names]);
        var days = new MonthDay[SnakeCase<Category>.Values.Max(category => (int)category) + 1];
        Array.Fill(days, MonthDayOf(file, map["default"], what));
        foreach (var category in SnakeCase<Category>.Values)
        {
            if (map.Find(SnakeCase<Category>.NameOf(category)) is { } own)
                days[(int)category] = MonthDayOf(file, own, what);
        }
        return days;
    }

    private static (MonthDay Day, string Name)[] FixedHolidays(YamlFile file, YamlNode node, string what) =>
        node is YamlScalarNode { Value: NoHolidays }
            ? []
            : [.. file.Entries(node, what).Select(entry => (MonthDayOf(file, entry.Key, $"a day of {what}"), entry.Value))];

    /// <summary>
    /// A date before the value's first day would never count: it is a slip of the pen, such as the year of the list
    /// above.
    /// </summary>
    private static Action<RulesDraft> AnnouncedHolidays(YamlFile file, YamlNode node, DateOnly from)
    {
        const string what = ParameterIds.AnnouncedHolidays;
        var holidays = new List<Holiday>();
        foreach (var (key, name) in node is YamlScalarNode { Value: NoHolidays } ? [] : file.Entries(node, what))
        {
            var day = file.Date(key, $"a date of {what}");
            if (day < from)
                throw file.Error(
                    key,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{what} names {day:yyyy-MM-dd}, before the first day of the value, {from:yyyy-MM-dd}"));
            holidays.Add(new Holiday(day, name));
        }
        return rules => rules.AnnouncedHolidays = [.. holidays];
    }

    private static MonthDay MonthDayOf(YamlFile file, YamlNode node, string what)
    {
        const string commonYear = "2001-";
        var text = file.Text(node, what);
        return DateOnly.TryParseExact(
            commonYear + text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? new MonthDay(date.Month, date.Day)
            : throw file.Error(node, $"{what} must be a day that every year has, as MM-dd, not '{text}'");
    }
}
