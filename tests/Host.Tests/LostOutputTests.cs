using System.Diagnostics;

namespace Amoe.Host.Tests;

/// <summary>
/// A result that does not reach its reader ends with exit code 74 and one line, whatever the verb, as text and as JSON.
/// </summary>
public sealed class LostOutputTests(YearFixture year) : IClassFixture<YearFixture>
{
    private const string Closed = "amoe: the result cannot be written: standard output is closed\n";
    private const string ReaderGone = "amoe: the result cannot be written: Broken pipe\n";
    private const string DiskFull = "amoe: the result cannot be written: No space left on device\n";

    [Theory]
    [InlineData("rules show", ReaderGone, "| true")]
    [InlineData("rules show -o json", ReaderGone, "| true")]
    [InlineData("rules show", DiskFull, "> /dev/full")]
    [InlineData("rules show -o json", DiskFull, "> /dev/full")]
    [InlineData("rules show", Closed, ">&-")]
    [InlineData("rules show -o json", Closed, ">&-")]
    [InlineData("rules show", Closed, "<&- >&-")]
    [InlineData("rules show -o json", Closed, "<&- >&-")]
    [InlineData("simulate --help", ReaderGone, "| true")]
    [InlineData("--version", DiskFull, "> /dev/full")]
    public async Task It_is_an_error_however_it_is_lost(string arguments, string says, string redirection) =>
        Assert.Equal((74, says), await RunAsync(arguments, redirection));

    [Theory]
    [InlineData("verify")]
    [InlineData("explain --student 3")]
    [InlineData("journal info")]
    [InlineData("journal show --take 1000000")]
    public async Task It_is_an_error_in_every_verb_that_reads_a_journal(string verb)
    {
        var (exitCode, error) = await RunAsync($"{verb} --journal {year.SmallJournal}", "| true");

        Assert.Equal(74, exitCode);
        Assert.EndsWith(ReaderGone, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_takes_the_first_line_of_many_is_gone_too() =>
        Assert.Equal(
            (74, ReaderGone),
            await RunAsync($"journal show --take 1000000 --journal {year.SmallJournal}", "| head -1"));

    [Fact]
    public async Task A_simulation_whose_report_is_lost_has_its_journal()
    {
        using var folder = new TestFolder();
        var journal = folder.File("year.amoe");

        var (exitCode, error) = await RunAsync(
            $"simulate {YearFixture.Scenario} --scale 0.001 --journal {journal}", "| true");

        Assert.Equal(74, exitCode);
        Assert.EndsWith(ReaderGone, error, StringComparison.Ordinal);
        Assert.True(
            (await AmoeCommand.RunAsync("journal", "info", "--journal", journal, "-o", "json")).Json
                .GetProperty("complete")
                .GetBoolean());
    }

    [Fact]
    public async Task Output_goes_after_what_others_have_written_to_the_same_file()
    {
        using var folder = new TestFolder();
        var file = folder.File("out");
        var amoe = $"dotnet {AppContext.BaseDirectory}amoe.dll";

        await ShellAsync(
            $"(echo before; {amoe} simulate persons --index 3; {amoe} simulate persons --index 4; echo after) > {file}");

        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(("before", "after"), (lines[0], lines[^1]));
        Assert.Equal(2, lines.Count(line => line.StartsWith("massar", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("2> /dev/full")]
    [InlineData("2>&-")]
    [InlineData("<&- >&- 2>&-")]
    public async Task Without_standard_error_the_exit_code_is_the_same(string redirection) =>
        Assert.Equal(2, (await RunAsync("simulate nowhere", redirection)).ExitCode);

    /// <summary>The exit code of the program, not of what reads its output.</summary>
    private static async Task<(int ExitCode, string Error)> RunAsync(string arguments, string redirection)
    {
        var said = await ShellAsync(
            $"set -o pipefail; dotnet {AppContext.BaseDirectory}amoe.dll {arguments} {redirection}");
        return (said.ExitCode, said.Error);
    }

    private static async Task<Finished> ShellAsync(string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo(
                "bash", ["-c", command])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (shell.StandardOutput.ReadToEndAsync(), shell.StandardError.ReadToEndAsync());
        await shell.WaitForExitAsync();
        return new Finished(shell.ExitCode, await output, await error);
    }
}
