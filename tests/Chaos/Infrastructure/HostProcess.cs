using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Amoe.Chaos.Infrastructure;

/// <summary>A host: the built program as a process of its own. It ends with this one, by its standard input.</summary>
internal sealed class HostProcess : IDisposable
{
    private const int LinesMax = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="network">Where it runs, as words to put before a program; empty for here.</param>
    /// <param name="listen">Where hosts and clients reach it.</param>
    /// <param name="pages">Where its pages are.</param>
    /// <param name="environment">Such as passwords.</param>
    public HostProcess(
        IReadOnlyList<string> network, IPEndPoint listen, IPEndPoint pages, IEnumerable<string> serve,
        IReadOnlyDictionary<string, string> environment)
    {
        (Listen, Endpoint) = (listen, $"http://{pages}");
        string[] words =
        [
            .. network, "dotnet", Built.Program, "serve", "--listen", $"{listen}", "--http", $"{pages}",
            "--until-stdin-closes", "-o", "json", .. serve,
        ];
        var start = new ProcessStartInfo(
            words[0],
            words[1..])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data, isOutput: true);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, isOutput: false);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public IPEndPoint Listen { get; }

    /// <summary>The address of its pages, by which the store's rows name it: it keeps it when it joins again.</summary>
    public string Endpoint { get; }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Its lines, each with the time of day.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits until it has joined; false when it ended before.</summary>
    public async Task<bool> BecomesReady() =>
        await Task.WhenAny(_ready.Task, _process.WaitForExitAsync()).WaitAsync(Patience) == _ready.Task;

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGSTOP: it runs no more, and its connections stay.</summary>
    public void Freeze() => Signal("STOP");

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("CONT");

    /// <summary>SIGTERM: it is to hand over what it has and end.</summary>
    public void AskToStop() => Signal("TERM");

    public Task Ended() => _process.WaitForExitAsync().WaitAsync(Patience);

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{Pid}"]);
        kill.WaitForExit();
    }

    private void Note(string? line, bool isOutput)
    {
        if (line is null)
            return;
        _lines.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {line}");
        if (_lines.Count > LinesMax)
            _lines.TryDequeue(out _);
        if (isOutput && line.Contains("http://", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
