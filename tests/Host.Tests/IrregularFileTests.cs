using System.Diagnostics;

namespace Amoe.Host.Tests;

/// <summary>
/// A pipe without a writer, wherever the command line names a file: refused at once, in one line. RegularFileTests has
/// the other kinds.
/// </summary>
public sealed class IrregularFileTests : IDisposable
{
    private const string NotRegular = "it is empty, or not a regular file";

    private readonly TestFolder _folder = new();

    public IrregularFileTests()
    {
        using var mkfifo = Process.Start("mkfifo", [Pipe]);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
    }

    private string Pipe => _folder.File("pipe.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task As_a_scenario_rulebook_or_cases_it_is_refused_with_exit_code_2()
    {
        (await AmoeCommand.RunAsync("simulate", Pipe))
            .IsRefusal(2, $"{Pipe}: the scenario cannot be read ({NotRegular})");
        (await AmoeCommand.RunAsync("simulate", "--rules", Pipe))
            .IsRefusal(2, $"{Pipe}: the rulebook cannot be read ({NotRegular})");
        (await AmoeCommand.RunAsync("rules", "diff", "amoe", Pipe))
            .IsRefusal(2, $"{Pipe}: the rulebook cannot be read ({NotRegular})");
        (await AmoeCommand.RunAsync("rules", "test", Pipe)).IsRefusal(2, $"{Pipe}: it cannot be read ({NotRegular})");
    }

    [Fact]
    public async Task As_a_journal_it_is_refused_with_exit_code_3()
    {
        (await AmoeCommand.RunAsync("simulate", "--journal", Pipe))
            .IsRefusal(3, $"{Pipe}: it exists, and nothing was touched");
        (await AmoeCommand.RunAsync("simulate", "--journal", Pipe, "--resume")).IsRefusal(3, $"{Pipe}: {NotRegular}");
        (await AmoeCommand.RunAsync("verify", "--journal", Pipe)).IsRefusal(3, $"{Pipe}: {NotRegular}");
        (await AmoeCommand.RunAsync("explain", "--journal", Pipe, "--student", "1"))
            .IsRefusal(3, $"{Pipe}: {NotRegular}");
        (await AmoeCommand.RunAsync("journal", "info", "--journal", Pipe)).IsRefusal(3, $"{Pipe}: {NotRegular}");
        (await AmoeCommand.RunAsync("rules", "adopt", "--journal", Pipe, "--rules", "hypothetical-cnss"))
            .IsRefusal(3, $"{Pipe}: {NotRegular}");
    }

    [Fact]
    public async Task A_folder_is_called_one()
    {
        (await AmoeCommand.RunAsync("simulate", _folder.Path))
            .IsRefusal(2, $"{_folder.Path}: the scenario cannot be read (it is a folder)");
        (await AmoeCommand.RunAsync("simulate", "--rules", _folder.Path))
            .IsRefusal(2, $"{_folder.Path}: the rulebook cannot be read (it is a folder)");
        (await AmoeCommand.RunAsync("verify", "--journal", _folder.Path))
            .IsRefusal(3, $"{_folder.Path}: it is a folder");
    }
}
