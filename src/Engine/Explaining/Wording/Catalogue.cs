using System.Text.RegularExpressions;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The texts of one language, by key. That every language has every key, and each text the same names in braces, is
/// checked when the engine is built (Catalogues.targets).
/// </summary>
internal sealed partial class Catalogue
{
    private static readonly Lazy<Catalogue>[] Loaded = [.. Enum.GetValues<Language>()
        .Select(language => new Lazy<Catalogue>(() => Load(language)))];
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    private Catalogue(Language language) => Language = language;

    public Language Language { get; }

    public IReadOnlyCollection<string> Keys => _texts.Keys;

    /// <exception cref="KeyNotFoundException">
    /// No catalogue has the key: the build would have said so of any it knows.
    /// </exception>
    public string this[string key] =>
        _texts.TryGetValue(key, out var text)
            ? text
            : throw new KeyNotFoundException($"the catalogue '{Languages.CodeOf(Language)}' has no text for '{key}'");

    public static Catalogue Of(Language language) => Loaded[(int)language].Value;

    private static Catalogue Load(Language language)
    {
        var name = $"catalogues/{Languages.CodeOf(language)}.yaml";
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        var catalogue = new Catalogue(language);
        var file = new YamlFile(name, message => new InvalidDataException(message));
        catalogue.Add(file, file.Parse(reader.ReadToEnd()), "");
        return catalogue;
    }

    private void Add(YamlFile file, YamlNode node, string prefix)
    {
        if (node is not YamlMappingNode group)
        {
            _texts.Add(prefix, Directed(file.Text(node, $"'{prefix}'")));
            return;
        }

        foreach (var (key, value) in group.Children)
            Add(file, value, (prefix.Length == 0 ? "" : prefix + ".") + file.Text(key, "a key"));
    }

    /// <summary>Puts Latin words in a text from right to left, such as INPE, between isolates.</summary>
    private string Directed(string text) =>
        Languages.IsRightToLeft(Language)
            ? LatinRun().Replace(
                text,
                run => run.Groups[1].Success ? $"{Bidi.LeftToRightIsolate}{run.Value}{Bidi.PopIsolate}" : run.Value)
            : text;

    // A placeholder in braces is no text, and is left alone.
    [GeneratedRegex(@"\{\w+\}|([A-Za-z]+(?:[ /.-]+[A-Za-z0-9]+)*)")]
    private static partial Regex LatinRun();
}
