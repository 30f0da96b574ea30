using System.Text.RegularExpressions;

namespace Amoe.Engine.Tests.Conventions;

/// <summary>
/// The conventions that the compiler cannot check. BannedSymbols.txt bans clocks, unseeded random and sleeping.
/// </summary>
public sealed partial class SourceConventions
{
    private const int LinesMax = 400;
    private const int ColumnsMax = 120;

    /// <summary>
    /// Chances and deviations are worked out of counts, and OpenTelemetry has seconds as binary fractions: there is no
    /// money.
    /// </summary>
    private static readonly string[] _withoutMoney =
        [Path.Combine("src", "Simulator", "Assertions"), Path.Combine("src", "Engine", "Actors", "Metering")];

    [Fact]
    public void No_binary_floating_point_in_src_where_every_number_may_come_to_be_money()
    {
        var found = SourceFiles().Where(file => !IsWithoutMoney(file)).SelectMany(file => File.ReadLines(file)
            .Select((line, index) => (line: Comment().Replace(line, ""), index))
            .Where(at => FloatingPoint().IsMatch(at.line))
            .Select(at => $"{Path.GetFileName(file)}:{at.index + 1}: {at.line.Trim()}"));
        Assert.Empty(found);
    }

    [Fact]
    public void Where_floating_point_is_there_is_no_money()
    {
        string[] files = [.. SourceFiles().Where(IsWithoutMoney)];
        Assert.All(
            _withoutMoney, folder => Assert.Contains(files, file => file.Contains(folder, StringComparison.Ordinal)));
        Assert.Empty(files.Where(file => Money().IsMatch(File.ReadAllText(file))).Select(Path.GetFileName));
    }

    [Fact]
    public void No_file_of_src_is_past_four_hundred_lines() =>
        Assert.Empty(SourceFiles().Where(file => File.ReadLines(file).Count() > LinesMax).Select(Path.GetFileName));

    /// <summary>
    /// A text is not broken where it ends by itself, so that it can be looked for as it is read; nor is a test's name.
    /// </summary>
    [Fact]
    public void No_line_is_past_a_hundred_and_twenty_columns_but_for_a_text_or_a_long_name_in_it()
    {
        var found = new List<string>();
        foreach (var file in (string[])[.. FilesOf("src"), .. FilesOf("tests"), .. FilesOf("bench")])
        {
            var isRawText = false;
            foreach (var (line, index) in File.ReadLines(file).Select((line, index) => (line, index)))
            {
                var isText = isRawText || line.Contains('"', StringComparison.Ordinal);
                if (line.Length > ColumnsMax && !isText && !LongName().IsMatch(line))
                    found.Add($"{Path.GetFileName(file)}:{index + 1}: {line.Trim()}");
                isRawText ^= RawText().Count(line) % 2 == 1;
            }
        }

        Assert.Empty(found);
    }

    [Fact]
    public void The_scan_sees_the_sources() => Assert.True(SourceFiles().Count() > 60);

    /// <summary>CI plays them again in full breadth, apart from tests that promise something in seconds.</summary>
    [Fact]
    public void What_tries_more_in_CI_says_so()
    {
        string[] broad = [.. FilesOf("tests").Where(file => BroadTest().IsMatch(File.ReadAllText(file)))];
        Assert.True(broad.Length > 8);
        var unsaid = broad.Where(file =>
            !File.ReadAllText(file).Contains("[Trait(\"Breadth\", \"full\")]", StringComparison.Ordinal));
        Assert.Empty(unsaid.Select(Path.GetFileName));
    }

    private static bool IsWithoutMoney(string file) =>
        _withoutMoney.Any(folder => file.Contains(folder, StringComparison.Ordinal));

    private static IEnumerable<string> SourceFiles() => FilesOf("src");

    private static IEnumerable<string> FilesOf(string folder)
    {
        var separator = Path.DirectorySeparatorChar;
        return Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories)
            .Where(file =>
                !file.Contains($"{separator}obj{separator}") && !file.Contains($"{separator}bin{separator}"));
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AmoeActors.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("the tests do not run from within the repository");
    }

    [GeneratedRegex(@"\b(float|double|Single|Double|Half)\b")]
    private static partial Regex FloatingPoint();

    [GeneratedRegex("Centimes|Dirhams|Amount", RegexOptions.IgnoreCase)]
    private static partial Regex Money();

    [GeneratedRegex(@"\bBreadth\.Of[(<]")]
    private static partial Regex BroadTest();

    [GeneratedRegex("\"{3,}")]
    private static partial Regex RawText();

    [GeneratedRegex(@"[\w.]{60}")]
    private static partial Regex LongName();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
