using System.Text.RegularExpressions;

namespace Amoe.Host.Tests;

/// <summary>Does what docs/rule-cases.md says, from an empty folder to a student's history as a case.</summary>
public sealed partial class RuleCasePageTests : IDisposable
{
    private const string Case = "my-cases.yaml";

    private readonly string _page =
        File.ReadAllText(Path.Combine(ReadmeTests.Root(), "docs", "rule-cases.md"));

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_command_of_the_page_ends_well()
    {
        _folder.Write(Case, Blocks("yaml")[0]);
        string[] lines = [.. Blocks("sh").SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries))];
        Assert.True(lines.Length >= 9, $"{lines.Length} commands");
        foreach (var line in lines)
        {
            string[] words = [.. Word().Matches(line.Split('#')[0]).Select(word => word.Value.Trim('"'))];
            var (args, into) = words is [.. var before, ">", var file] ? (before, file) : (words, null);
            Assert.Equal("amoe", args[0]);

            var run = await AmoeProcess.RunInAsync(_folder.Path, args[1..]);

            Assert.True(run.ExitCode == 0, $"«{line}» ended with {run.ExitCode}: {run.Output}{run.Error}");
            if (args is ["amoe", "rules", "test", ..] && !args.Contains("json"))
                Assert.EndsWith("1 case of 1 file: all as expected\n", run.Output, StringComparison.Ordinal);
            if (into is not null)
                _folder.Write(into, run.Output);
        }
    }

    [Fact]
    public async Task The_case_of_the_page_fails_as_it_says()
    {
        const string right = "entitled: [2023-10-20, 2023-12-01]", wrong = "entitled: [2023-10-20, 2023-11-30]";
        Assert.Contains($"`{wrong}`", _page, StringComparison.Ordinal);
        _folder.Write(Case, Blocks("yaml")[0].Replace(right, wrong, StringComparison.Ordinal));

        var run = await AmoeProcess.RunInAsync(_folder.Path, "rules", "test", Case);

        Assert.Equal((4, ""), (run.ExitCode, run.Error));
        Assert.StartsWith(Assert.Single(Blocks("text")), run.Output, StringComparison.Ordinal);
    }

    private string[] Blocks(string language) =>
        [.. _page.Split($"```{language}\n")[1..].Select(block => block.Split("```")[0])];

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex Word();
}
