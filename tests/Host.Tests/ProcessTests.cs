using System.CommandLine;

namespace Amoe.Host.Tests;

/// <summary>
/// A process writes and ends as the command does in the process of the tests, where most tests run theirs: for each
/// exit code that follows from arguments alone.
/// </summary>
public sealed class ProcessTests(YearFixture year) : IClassFixture<YearFixture>
{
    [Theory]
    [InlineData(0, "journal show --take 50 -o json --journal JOURNAL")]
    [InlineData(0, "explain --student 16 --lang ar --journal JOURNAL")]
    [InlineData(0, "rules --help")]
    [InlineData(1, "verify")]
    [InlineData(1, "rules diff amoe hypothetical-cnss")]
    [InlineData(2, "simulate nowhere")]
    [InlineData(3, "verify --journal /nowhere.amoe")]
    public async Task A_process_writes_and_ends_as_its_command_does(int exitCode, string command)
    {
        var args = command.Replace("JOURNAL", year.SmallJournal, StringComparison.Ordinal).Split(' ');

        var (ended, here) = (await AmoeProcess.RunAsync(args), await AmoeCommand.RunAsync(args));

        Assert.Equal((exitCode, ended.Output, ended.Error), (ended.ExitCode, Named(here.Output), Named(here.Error)));
        Assert.Equal(ended.ExitCode, here.ExitCode);
    }

    /// <summary>Help and errors name the program after the file of the process.</summary>
    private static string Named(string text) =>
        text.Replace(RootCommand.ExecutableName, "amoe", StringComparison.Ordinal);
}
