using System.Text;
using System.Text.RegularExpressions;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Writes the source of a rulebook's value in the reader's language. A source begins with what it cites ("001, 004
/// Q30"), and notes follow in
/// the rulebook's English. English readers get all of it with the leaflets by their names; others the citations, and
/// the word
/// "assumed" or "hypothetical" where a note says so. A source that cites nothing known is written as it is.
/// </summary>
internal sealed partial class SourceText(Catalogue catalogue)
{
    public string Of(string source)
    {
        if (catalogue.Language == Language.En)
            return Citation().Replace(source, Named);
        var cited = Leading().Match(source).Value;
        var note = source[cited.Length..];
        string?[] parts =
        [
            .. Citation().Matches(cited).Select(Named),
            note.Contains("assumed", StringComparison.Ordinal) || note.Contains("inferred", StringComparison.Ordinal)
                ? catalogue[Keys.SourceAssumed]
                : null,
            note.Contains("hypothetical", StringComparison.Ordinal) ? catalogue[Keys.SourceHypothetical] : null,
        ];
        string[] written = [.. parts.OfType<string>()];
        return written.Length == 0 ? source : written.Aggregate(Listed);
    }

    private string Named(Match citation)
    {
        if (citation.Groups["law"].Success)
            return catalogue[Keys.SourceLaw].Replace("{law}", citation.Groups["law"].Value, StringComparison.Ordinal);
        var leaflet = catalogue[$"leaflet.{citation.Groups["leaflet"].Value}"];
        string[] questions = [.. Question()
            .Matches(citation.Groups["questions"].Value)
            .Select(question => question.Value)];
        if (questions.Length == 0)
            return leaflet;
        var text = new StringBuilder(catalogue[questions.Length == 1 ? Keys.SourceQuestion : Keys.SourceQuestions]);
        return text.Replace("{leaflet}", leaflet).Replace("{numbers}", string.Join(", ", questions)).ToString();
    }

    private string Listed(string first, string second) =>
        catalogue[Keys.ListForm].Replace("{first}", first, StringComparison.Ordinal)
            .Replace("{second}", second, StringComparison.Ordinal);

    [GeneratedRegex(
        @"\blaw (?<law>\d+-\d+)|\b(?<leaflet>00[0-4])\b(?<questions>(?:,? Q\d+)*)", RegexOptions.ExplicitCapture)]
    private static partial Regex Citation();

    [GeneratedRegex(
        @"^(law \d+-\d+|00[0-4]\b(,? Q\d+)*)?((, | \()(law \d+-\d+|00[0-4]\b(,? Q\d+)*)\)?)*",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Leading();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Question();
}
