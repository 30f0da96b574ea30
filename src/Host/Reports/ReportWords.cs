using System.Text.RegularExpressions;
using Amoe.Engine.Explaining;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Host.Reports;

/// <summary>
/// The words of the report in each language, by key: those of <c>words.yaml</c>, and behind them the catalogues of
/// explanations, which have every kind of care, reason, category and rule.
/// </summary>
internal static partial class ReportWords
{
    private const string Resource = "report/words.yaml";

    private static readonly Lazy<Dictionary<string, string>[]> _own = new(Load);

    /// <summary>The keys of <c>words.yaml</c>.</summary>
    public static IReadOnlyCollection<string> KeysOf(Language language) => _own.Value[(int)language].Keys;

    /// <exception cref="KeyNotFoundException">There is no word for the key.</exception>
    public static string Of(Language language, string key) =>
        _own.Value[(int)language].TryGetValue(key, out var text) ? text : Catalogue.Of(language)[key];

    /// <summary>A text in pieces: plain ones, and the names of its values.</summary>
    public static IEnumerable<(string Text, bool IsValue)> Pieces(string text) =>
        Piece().Matches(text).Select(piece => piece.Groups["name"] is { Success: true } name
            ? (name.Value, true)
            : (piece.Value, false));

    private static Dictionary<string, string>[] Load()
    {
        using var stream = typeof(ReportWords).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        var file = new YamlFile(Resource, message => new InvalidDataException(message));
        Dictionary<string, string>[] words =
            [.. Languages.All.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal))];
        foreach (var (group, keys) in ((YamlMappingNode)file.Parse(reader.ReadToEnd())).Children)
        {
            foreach (var (key, texts) in ((YamlMappingNode)keys).Children)
            {
                foreach (var (code, text) in ((YamlMappingNode)texts).Children)
                {
                    if (!Languages.TryParse(file.Text(code, "a language"), out var language))
                        throw file.Error(code, "this is no language");
                    words[(int)language].Add($"{file.Text(group, "a key")}.{key}", file.Text(text, $"'{key}'"));
                }
            }
        }

        return words;
    }

    [GeneratedRegex(@"\{(?<name>\w+)\}|[^{]+")]
    private static partial Regex Piece();
}
