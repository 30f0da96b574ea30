using System.Text.RegularExpressions;
using Amoe.Engine.Explaining;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>The rules whose ids a report has in brackets, each with its text.</summary>
internal sealed partial class RuleLegend(IReadOnlySet<string> ids)
{
    /// <summary>Before an id, the key of a rule's text.</summary>
    public const string Key = "rule.";

    private const int Width = 100;
    private const int IdWidth = 7;

    /// <summary>The ids in titles and names. A bracket may have several, as in (K8, X6).</summary>
    public static RuleLegend Of(IEnumerable<string> names) => new(
        names.SelectMany(name => Bracket().Matches(name)).SelectMany(bracket => Id().Matches(bracket.Value))
            .Select(id => id.Value)
            .ToHashSet(StringComparer.Ordinal));

    /// <summary>In the order of the scheme: E, D, C, S, K, B, T, X, as the catalogue has them.</summary>
    public IEnumerable<string> Ids => Catalogue.Of(Language.En).Keys
        .Where(key => key.StartsWith(Key, StringComparison.Ordinal))
        .Select(key => key[Key.Length..])
        .Where(ids.Contains);

    public void Write(IAnsiConsole console)
    {
        console.WriteLine();
        console.WriteLine("Rules in this report", new Style(decoration: Decoration.Bold));
        foreach (var id in Ids)
        {
            foreach (var (number, line) in Lines(Catalogue.Of(Language.En)[Key + id]).Index())
                console.WriteLine($"  {(number == 0 ? id : ""),-(IdWidth - 2)}{line}");
        }
    }

    private static IEnumerable<string> Lines(string text)
    {
        while (text.Length > Width - IdWidth)
        {
            var end = text.LastIndexOf(' ', Width - IdWidth);
            yield return text[..end];
            text = text[(end + 1)..];
        }

        yield return text;
    }

    [GeneratedRegex(@"\([A-Z]\d+(?:[-, ]+[A-Z]\d+)*\)")]
    private static partial Regex Bracket();

    [GeneratedRegex(@"[A-Z]\d+")]
    private static partial Regex Id();
}
