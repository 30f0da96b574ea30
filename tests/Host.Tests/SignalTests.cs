using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Amoe.Host.Tests;

/// <summary>SIGTERM and Ctrl-C end every verb, whatever it waits for.</summary>
public sealed class SignalTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("verify", false)]
    [InlineData("verify", true)]
    [InlineData("journal show", false)]
    [InlineData("simulate --scale 0.001", false)]
    [InlineData("simulate --scale 0.001", true)]
    public async Task A_verb_that_waits_for_the_store_ends(string verb, bool isInterrupt)
    {
        using var store = new TcpListener(IPAddress.Loopback, 0);
        store.Start();
        using var waits = AmoeProcess.Start(
            [
                .. verb.Split(' '), "--journal",
                $"postgres://amoe@127.0.0.1:{((IPEndPoint)store.LocalEndpoint).Port}/amoe"
            ]);

        // It takes the connection and answers nothing.
        using var connection = await store.AcceptTcpClientAsync();
        if (isInterrupt)
            waits.Interrupt();
        else
            waits.Terminate();

        var ended = await waits.FinishAsync();
        Assert.True(ended.ExitCode == 130, $"it ended with {ended.ExitCode}: {ended.Error}");
    }

    [Fact]
    public async Task A_verb_whose_output_is_not_read_ends()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[]
        {
            $"{AppContext.BaseDirectory}amoe.dll",
            "journal",
            "show",
            "--take",
            "1000000",
            "-o",
            "json",
            "--journal",
            year.SmallJournal
        })
            start.ArgumentList.Add(argument);
        using var shows = Process.Start(start)!;

        // The first byte is there, and the rest is more than a pipe holds.
        Assert.Equal('{', shows.StandardOutput.Read());
        using (var kill = Process.Start("kill", ["-TERM", $"{shows.Id}"]))
            await kill.WaitForExitAsync();

        await shows.WaitForExitAsync();
        Assert.Equal(130, shows.ExitCode);
    }

    [Fact]
    public async Task A_simulation_that_was_started_with_interrupts_ignored_ends_on_SIGTERM()
    {
        // What nohup and a shell's & do.
        var start = new ProcessStartInfo(
            "bash", ["-c", $"trap '' INT; exec dotnet {AppContext.BaseDirectory}amoe.dll simulate --scale 1 -o json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _folder.Path;
        using var run = Process.Start(start)!;
        var (output, error) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        while (Directory.GetFiles(_folder.Path, "*.amoe", SearchOption.AllDirectories).Length == 0)
        {
            Assert.False(run.HasExited, "it ended before");
            await Task.Delay(1);
        }

        foreach (var signal in new[] { "-INT", "-TERM" })
        {
            using var kill = Process.Start("kill", [signal, $"{run.Id}"]);
            await kill.WaitForExitAsync();
        }

        await run.WaitForExitAsync();
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("stopped", await error, StringComparison.Ordinal);
        Assert.True(await output is "" or ['{', ..]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
