using Amoe.Engine.Cases;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Cases;

/// <summary>The case files of tests/Rules, under the rulebook that comes with the program.</summary>
internal static class CaseFiles
{
    private const string Folder = "rules/";

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        .. typeof(CaseFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => Read(name[Folder.Length..], Text(name))),
    ];

    /// <summary>The cases of a text in which nothing is wrong.</summary>
    public static IReadOnlyList<RuleCase> Read(string name, string yaml)
    {
        var file = CaseReader.Read(name, yaml, Rulebook.Embedded);
        Assert.Empty(file.Errors);
        return file.Cases;
    }

    /// <summary>Each file's name and text.</summary>
    public static IEnumerable<(string Name, string Text)> Texts() =>
        typeof(CaseFiles).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => (name[Folder.Length..], Text(name)));

    /// <summary>The page that describes the format.</summary>
    public static string Page() => Text("docs/rule-cases.md");

    private static string Text(string name)
    {
        using var stream = typeof(CaseFiles).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
