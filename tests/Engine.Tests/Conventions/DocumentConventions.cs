using System.Text.RegularExpressions;

namespace Amoe.Engine.Tests.Conventions;

/// <summary>The conventions of the documents.</summary>
public sealed partial class DocumentConventions
{
    private const int ColumnsMax = 120;
    private const int StationsMax = 12;

    private static readonly string _root = SourceConventions.Root();

    [Fact]
    public void The_scan_sees_the_documents() => Assert.True(Documents().Count() > 20);

    /// <summary>Tables and code have lines of their own; a long link cannot be broken.</summary>
    [Fact]
    public void No_line_of_prose_is_past_120_columns() =>
        Assert.Empty(Documents()
            .SelectMany(file => Prose(file)
                .Where(at => at.Line.Length > ColumnsMax && at.Line.Trim().Contains(' ', StringComparison.Ordinal))
            .Select(at => $"{Path.GetFileName(file)}:{at.Number}: {at.Line}")));

    /// <summary>A superseded decision links what was there when it held.</summary>
    [Fact]
    public void Every_link_to_a_file_leads_to_one()
    {
        var broken = from file in Documents()
                     let text = File.ReadAllText(file)
                     where !text.Contains("**Superseded", StringComparison.Ordinal)
                     from Match link in Link().Matches(text)
                     let path = link.Groups["path"].Value
                     where !Path.Exists(Path.Combine(Path.GetDirectoryName(file)!, path))
                     select $"{Path.GetFileName(file)}: {path}";
        Assert.Empty(broken);
    }

    [Fact]
    public void The_walk_of_one_command_has_at_most_twelve_stations_and_no_file_twice()
    {
        var text = File.ReadAllText(Path.Combine(_root, "ARCHITECTURE.md"));
        var walk = text[
            text.IndexOf(
                "## One command", StringComparison.Ordinal)..text.IndexOf("## Six whys", StringComparison.Ordinal)];
        string[] stations = [.. Station().Matches(walk).Select(station => station.Groups["path"].Value)];
        Assert.InRange(stations.Length, 6, StationsMax);
        Assert.Equal(stations.Distinct(), stations);
        Assert.All(stations, station => Assert.True(File.Exists(Path.Combine(_root, station)), station));
    }

    private static IEnumerable<string> Documents() =>
        [
            .. Directory.EnumerateFiles(_root, "*.md"),
            .. Directory.EnumerateFiles(Path.Combine(_root, "docs"), "*.md", SearchOption.AllDirectories)
        ];

    private static IEnumerable<(string Line, int Number)> Prose(string file)
    {
        var isCode = false;
        foreach (var (index, line) in File.ReadLines(file).Index())
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
                isCode = !isCode;
            else if (!isCode && !line.StartsWith('|'))
                yield return (line, index + 1);
        }
    }

    [GeneratedRegex(@"\]\((?!https?:|mailto:|#)(?<path>[^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^\d+\. \[[^\]]+\]\((?<path>[^)]+)\)", RegexOptions.Multiline)]
    private static partial Regex Station();
}
