using System.Diagnostics;
using System.Text.Json;
using Amoe.Engine.Journal;
using Amoe.Host.Verbs;

namespace Amoe.Host.Running;

/// <summary>
/// A host in a process of its own, the same program as this one. Its standard input keeps it running: it hands over and
/// ends when that closes, and it closes however this process ends.
/// </summary>
internal sealed class LocalHost : IAsyncDisposable
{
    private const string Prefix = "amoe: ";

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<string> _endpoint = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isToEnd;
    private volatile string? _lastWord;

    /// <param name="number">What it is called in messages, from 1.</param>
    /// <param name="address">
    /// The journal's address; a password in it goes by the environment, which others cannot read.
    /// </param>
    /// <param name="said">Called for each line it writes on standard error.</param>
    /// <param name="died">Called, with one line, when it ends unasked.</param>
    public LocalHost(
        int number, JournalAddress address, int threads, TimeProvider time, Action<string> said, Action<string> died)
    {
        (Number, _time) = (number, time);
        _process = new Process { StartInfo = Start(address, threads), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => HearEndpoint(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is not { } text)
                return;
            _lastWord = text[(text.StartsWith(Prefix, StringComparison.Ordinal) ? Prefix.Length : 0)..];
            said($"host process {number}: {_lastWord}");
        };
        _process.Exited += (_, _) => Ended(died);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Number { get; }

    public int ProcessId => _process.Id;

    /// <summary>Where its pages are, once it has joined.</summary>
    /// <exception cref="JournalException">It ended before.</exception>
    public Task<string> Endpoint => _endpoint.Task;

    /// <summary>True when it ended unasked.</summary>
    public bool Died { get; private set; }

    /// <summary>Lets it hand its partitions over and end; ends it when that takes too long.</summary>
    public async Task StopAsync()
    {
        _isToEnd = true;
        if (_ended.Task.IsCompleted)
            return;
        _process.StandardInput.Close();
        try
        {
            await _ended.Task.WaitAsync(StopPatience, _time);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            await _ended.Task;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo Start(JournalAddress address, int threads)
    {
        var program = Environment.ProcessPath ?? throw new InvalidOperationException("this process has no path");
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };

        // As «dotnet amoe.dll» the program is the runtime, and this assembly its first argument.
        if (Path.GetFileNameWithoutExtension(program) != typeof(LocalHost).Assembly.GetName().Name)
            start.ArgumentList.Add(typeof(LocalHost).Assembly.Location);
        foreach (var argument in new[]
        {
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--threads",
            $"{threads}",
            "--until-stdin-closes",
            "-o",
            "json"
        })
            start.ArgumentList.Add(argument);
        start.Environment[Options.JournalVariable] = address.Written;
        return start;
    }

    private void HearEndpoint(string? line)
    {
        if (line is null)
            return;
        using var said = JsonDocument.Parse(line);
        _endpoint.TrySetResult(said.RootElement.GetProperty("endpoint").GetString()!);
    }

    private void Ended(Action<string> died)
    {
        // Until its last line is read too.
        _process.WaitForExit();
        if (!_isToEnd)
        {
            Died = true;
            died(
                $"host process {Number} (process {_process.Id}) ended with exit code {_process.ExitCode}; the others go on");
        }

        _endpoint.TrySetException(
            new JournalException(
                $"host process {Number} did not come up: {_lastWord ?? $"it ended with exit code {_process.ExitCode}"}"));
        _ended.TrySetResult();
    }
}
