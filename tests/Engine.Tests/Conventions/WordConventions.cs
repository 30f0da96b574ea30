using System.Text.RegularExpressions;

namespace Amoe.Engine.Tests.Conventions;

/// <summary>Names, comments, messages and documents say who does what: a student, a host, a sender.</summary>
public sealed partial class WordConventions
{
    private static readonly string[] _kinds = [".cs", ".md", ".yaml", ".json", ".txt"];

    [Fact]
    public void The_scan_sees_code_cases_and_documents() => Assert.True(Files().Count() > 1000);

    [Fact]
    public void No_text_has_a_word_that_hides_who_is_meant()
    {
        var found = from file in Files()
                    from at in File.ReadLines(file).Index()
                    where Hiding().IsMatch(Names().Replace(at.Item, ""))
                    select $"{Path.GetFileName(file)}:{at.Index + 1}: {at.Item.Trim()}";
        Assert.Empty(found);
    }

    private static IEnumerable<string> Files() =>
        from folder in (string[])["src", "tests", "bench", "docs"]
        from file in Directory.EnumerateFiles(
            Path.Combine(SourceConventions.Root(), folder), "*", SearchOption.AllDirectories)
        where _kinds.Contains(Path.GetExtension(file))
        where !Built().IsMatch(file) && Path.GetFileName(file) != nameof(WordConventions) + ".cs"
        select file;

    [GeneratedRegex(@"\b(nobody|whoever|whom|told|stands|for ever)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Hiding();

    /// <summary>Akka's empty reference, and the account of Unix.</summary>
    [GeneratedRegex(@"ActorRefs\.Nobody|postgres or nobody|""postgres"" or ""nobody""")]
    private static partial Regex Names();

    [GeneratedRegex(@"[\\/](bin|obj|TestResults)[\\/]")]
    private static partial Regex Built();
}
