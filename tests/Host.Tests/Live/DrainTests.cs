using System.Text;
using System.Text.Json;
using Amoe.Host.Tests.Api;

namespace Amoe.Host.Tests.Live;

/// <summary>The end of a live host that has a call which does not end.</summary>
public sealed class DrainTests : IDisposable
{
    /// <summary>Their answers are more than sockets hold.</summary>
    private const int Lines = 100_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_signal_ends_a_host_at_once_that_waits_for_a_stream(bool isInterrupt)
    {
        var journal = _folder.File("live.amoe");
        using var host = AmoeProcess.Start(
            ["serve", "--journal", journal, "--http", "127.0.0.1:0", "-o", "json"], _folder.Path);
        var serving = JsonDocument.Parse(await host.LineAsync()).RootElement;

        // It has sent all of its stream, and does not read: the host holds the rest of the answers for it.
        using var sender = await RawSender.ConnectAsync(
            new Uri(serving.GetProperty("endpoint").GetString()!).Port, serving.GetProperty("key").GetString()!,
            "enrolment");
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("x\n", Lines)));
        await sender.BeginAsync(lines.Length);
        await sender.SendAsync(lines);
        await sender.ReadUntilAsync("\"line\":1,");

        Signal();
        await host.SaysAsync("stopping: finishing what is in flight; a second signal ends at once");
        Assert.False(host.HasExited, "it did not wait for the stream");
        Signal();
        var ended = await host.FinishAsync();

        Assert.Equal(130, ended.ExitCode);
        Assert.DoesNotContain("fault of the program", ended.Error, StringComparison.Ordinal);
        (await AmoeCommand.RunAsync("verify", "--journal", journal)).IsDone();

        void Signal()
        {
            if (isInterrupt)
                host.Interrupt();
            else
                host.Terminate();
        }
    }
}
