using System.Text;

namespace Amoe.Engine.Rules;

/// <summary>The rulebooks that come with the program, by name.</summary>
public static class ShippedRulebooks
{
    /// <summary>The rulebook of the leaflets: the default, and what an amendment amends.</summary>
    public const string Amended = "amoe";

    /// <summary>
    /// An amendment that is no law: it shows that another fund and another tariff need no code.
    /// </summary>
    private const string Hypothetical = "hypothetical-cnss";

    private static readonly Lazy<IReadOnlyList<RulebookFile>> LazyFiles = new(() =>
        [Read("amoe-parameters.yaml"), Read("amoe-acts.yaml"), Read("amoe-holidays.yaml")]);

    public static IReadOnlyList<string> Names { get; } = [Amended, Hypothetical];

    /// <summary>The files of the rulebook of the leaflets, in their order.</summary>
    internal static IReadOnlyList<RulebookFile> AmendedFiles => LazyFiles.Value;

    /// <summary>The rulebook of this name; null where none comes with the program.</summary>
    public static Rulebook? Find(string name) => name switch
    {
        Amended => Rulebook.Embedded,
        Hypothetical => Rulebook.Load(Read(Hypothetical + ".yaml")),
        _ => null,
    };

    /// <summary>The name of the rulebook with this full text; null where none comes with the program.</summary>
    public static string? NameOf(string text) => Names.FirstOrDefault(name => Find(name)!.Text == text);

    /// <summary>The files' texts as the documents of one, which is what a journal records.</summary>
    internal static string Join(IReadOnlyList<RulebookFile> files)
    {
        const string newDocument = "---";
        var text = new StringBuilder();
        foreach (var file in files)
        {
            if (text.Length > 0 && text[^1] != '\n')
                text.Append('\n');
            if (text.Length > 0 && !SaysItBegins(file.Text))
                text.Append(newDocument).Append('\n');
            text.Append(file.Text);
        }
        return text.ToString();

        static bool SaysItBegins(string yaml) =>
            yaml.Split('\n')
                .Select(line => line.Trim())
                .FirstOrDefault(line =>
                    line.Length > 0 && line[0] != '#')?.StartsWith(newDocument, StringComparison.Ordinal) == true;
    }

    private static RulebookFile Read(string name)
    {
        using var stream = typeof(Rulebook).Assembly.GetManifestResourceStream("rules/" + name)!;
        using var reader = new StreamReader(stream);
        return new RulebookFile(name, reader.ReadToEnd());
    }
}
