using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Amoe.Bench.Ladder;
using Amoe.Bench.Peers;

namespace Amoe.Bench.Http;

/// <summary>A server in a process of its own: a live host, or the textbook way.</summary>
internal sealed class Server : IDisposable
{
    private static readonly TimeSpan _endsWithin = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private Server(Process process, IPEndPoint endPoint, string? key) =>
        (_process, EndPoint, Key) = (process, endPoint, key);

    public IPEndPoint EndPoint { get; }

    /// <summary>The key of every call; null where none is asked for.</summary>
    public string? Key { get; }

    /// <summary>The processor time of its process, in user and kernel mode together.</summary>
    public double CpuSeconds => ProcessStat.Of(_process.Id)?.CpuSeconds ?? 0;

    /// <summary>Starts one, and waits until it says where it serves.</summary>
    /// <param name="assembly">Beside this program's own.</param>
    /// <param name="folder">Its working directory.</param>
    /// <exception cref="PeerException">It ended before that.</exception>
    public static async Task<Server> StartAsync(
        string assembly, IEnumerable<string> arguments, string folder, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder,
        };

        // One caller is not held back here: what the host can do is the question.
        start.Environment["AMOE_Limits__RequestsPerSecond"] = "1000000";
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        try
        {
            if (await process.StandardOutput.ReadLineAsync(stop) is not { } line)
                throw new PeerException($"{assembly} {start.ArgumentList[1]} ended before it served");
            var serving = JsonDocument.Parse(line).RootElement;
            var endPoint = IPEndPoint.Parse(new Uri(serving.GetProperty("endpoint").GetString()!).Authority);
            return new Server(process, endPoint, serving.TryGetProperty("key", out var key) ? key.GetString() : null);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>It ends with its standard input.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(_endsWithin))
            _process.Kill();
        _process.Dispose();
    }
}
