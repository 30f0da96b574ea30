using System.Reflection;
using System.Text;
using Amoe.Engine.Cases;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Cases;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Rules;

/// <summary>One rule of the scheme, with what the program has of it.</summary>
/// <param name="Parameters">The rulebook's ids that begin with the rule's, or the reason why there are none.</param>
/// <param name="Deciders">The code that says it acts on it, or the reason why there is none.</param>
/// <param name="Cases">The files that have cases of it, and how many.</param>
internal sealed record RuleRow(string Rule, string Parameters, string Deciders, string Cases);

/// <summary>
/// The table of rules: from the rulebook's parameters, the code's <see cref="RuleAttribute"/> and the cases of
/// tests/Rules.
/// </summary>
internal static class RuleTable
{
    /// <summary>
    /// For a rule without a parameter of its own: the rule whose parameter decides it, or the reason for none.
    /// </summary>
    private static readonly Dictionary<string, string> InsteadOfParameters = new(StringComparer.Ordinal)
    {
        ["E3"] = "none: any other basic coverage, whichever",
        ["E4"] = "none: the student alone",
        ["D1"] = "none",
        ["D2"] = "reference data: categories.yaml",
        ["D3"] = "none: the path",
        ["D4"] = "T1's academic year",
        ["D5"] = "T1's academic year",
        ["D6"] = "none: nothing certified is asked for",
        ["D7"] = "none: both ways",
        ["D9"] = "none: what can be asked",
        ["C1"] = "C2's categories",
        ["C3"] = "none: only receipt counts",
        ["C4"] = "none",
        ["C5"] = "none",
        ["S1"] = "T3's delay",
        ["S2"] = "none: every covered day",
        ["S4"] = "S3's reasons",
        ["S5"] = "none: every day for which what is known changed",
        ["K1"] = "third_party of the acts",
        ["K2"] = "third_party and conditions of the acts",
        ["K3"] = "none: the day of care",
        ["K4"] = "none: the sheet",
        ["K5"] = "the table of complete files ([interpretation.md](interpretation.md#a-claim-file-k1-k6-x2))",
        ["K6"] = "reference data: desks.yaml, categories.yaml",
        ["K7"] = "none: what can be asked",
        ["K8"] = "none: the account on record",
        ["B11"] = "base and rate of the acts",
        ["B12"] = "from and until of every value",
        ["T2"] = "none: a date has no hour and no zone",
        ["T4"] = "S3's months",
        ["T5"] = "none: the first day of the coverage",
        ["T6"] = "none: the order within a day",
        ["T7"] = "none: the order of learning",
        ["T8"] = "horizon of the scenario national-year.yaml",
        ["X5"] = "none: once",
        ["X6"] = "none: it becomes payable again",
        ["X7"] = "none: the payee owes",
        ["X8"] = "none: always",
    };

    /// <summary>For a rule without a decider: the code that acts on it.</summary>
    private static readonly Dictionary<string, string> InsteadOfDeciders = new(StringComparer.Ordinal)
    {
        ["D6"] = "no command asks for a certified paper",
        ["K7"] = "`AskClaim`, answered by the claim's actor",
    };

    public static List<RuleRow> Rows()
    {
        var deciders = Deciders();
        return [.. SchemeRules.Ids.Select(rule =>
            new RuleRow(rule, ParametersOf(rule), DecidersOf(rule, deciders), CasesOf(rule)))];
    }

    public static string Text(IEnumerable<RuleRow> rows)
    {
        var text = new StringBuilder("""
            # The rules, and where they are

            This table is made from the rulebook, the code and the cases by a test (`RuleTableTests`), which fails when it is
            not up to date. A rule's id links to its text in [scheme.md](scheme.md); how it is decided is in
            [interpretation.md](interpretation.md); its parameters' values and sources are shown by `amoe rules show ID`; a case
            is read in [tests/Rules](../tests/Rules) (the format: [rule-cases.md](rule-cases.md)).


            """);
        text.Append($"""
            The parties are no rules: {string.Join(",\n", SchemeText.Parties.Select(SchemeText.LinkTo).Chunk(4).Select(links => string.Join(", ", links)))}.

            | rule | parameters | deciders | cases |
            |---|---|---|---|

            """);
        foreach (var row in rows)
            text.Append($"| **{SchemeText.LinkTo(row.Rule)}** | {row.Parameters} | {row.Deciders} | {row.Cases} |\n");
        return text.ToString();
    }

    private static string ParametersOf(string rule)
    {
        var ids = Rulebook.Embedded.Parameters.Where(period => period.Rule == rule)
            .Select(period => $"`{period.Id}`")
            .Distinct()
            .ToList();
        return ids.Count > 0 ? string.Join(", ", ids) : InsteadOfParameters.GetValueOrDefault(rule, "");
    }

    private static string DecidersOf(string rule, ILookup<string, string> deciders) =>
        deciders.Contains(rule)
            ? string.Join(", ", deciders[rule].Distinct().Order(StringComparer.Ordinal).Select(name => $"`{name}`"))
            : InsteadOfDeciders.GetValueOrDefault(rule, "");

    private static string CasesOf(string rule) => string.Join(
        ", ",
        CaseFiles.All.Where(one => one.Rules.Contains(rule))
            .GroupBy(one => one.File)
            .Select(file => $"{Path.GetFileNameWithoutExtension(file.Key)} {file.Count()}"));

    private static ILookup<string, string> Deciders() => typeof(RuleAttribute).Assembly.GetTypes()
        .SelectMany(type =>
            type.GetMethods(
                BindingFlags.Public
                    | BindingFlags.NonPublic
                    | BindingFlags.Static
                    | BindingFlags.Instance
                    | BindingFlags.DeclaredOnly).Cast<MemberInfo>().Append(type))
        .SelectMany(member =>
            member.GetCustomAttributes<RuleAttribute>(inherit: false)
                .SelectMany(rule => rule.Ids)
                .Select(id => (Id: id, Name: NameOf(member))))
        .ToLookup(pair => pair.Id, pair => pair.Name);

    private static string NameOf(MemberInfo member) =>
        member.DeclaringType is { } type && member is MethodInfo ? $"{type.Name}.{member.Name}" : member.Name;
}
