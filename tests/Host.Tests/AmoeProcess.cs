using System.Diagnostics;
using System.Text.Json;

namespace Amoe.Host.Tests;

/// <summary>The real program as a process of its own.</summary>
internal sealed class AmoeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Heard _output;
    private readonly Heard _error;

    private AmoeProcess(
        string[] args, string? temporaryFolder, IEnumerable<(string Name, string Value)> environment,
        string? workingFolder = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "amoe.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        if (temporaryFolder is not null)
            start.Environment["TMPDIR"] = temporaryFolder;
        foreach (var name in Defaults(start.Environment.Keys).ToList())
            start.Environment.Remove(name);
        start.WorkingDirectory = workingFolder ?? "";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _output = new Heard(_process.StandardOutput);
        _error = new Heard(_process.StandardError);
    }

    /// <summary>The environment variables from which the program takes defaults.</summary>
    public static IEnumerable<string> Defaults(IEnumerable<string> names) =>
        names.Where(name => name == "AMOE_JOURNAL" || name.StartsWith("PG", StringComparison.Ordinal));

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Its standard error so far.</summary>
    public string Said => _error.Text;

    public static Task<Finished> RunAsync(params string[] args) => Start(args).FinishAsync();

    public static Task<Finished> RunInAsync(string workingFolder, params string[] args) =>
        new AmoeProcess(args, null, [], workingFolder).FinishAsync();

    public static AmoeProcess Start(
        string[] args, string? temporaryFolder = null, params IEnumerable<(string Name, string Value)> environment) =>
        new(args, temporaryFolder, environment);

    public async Task<Finished> FinishAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new Finished(_process.ExitCode, await _output.AllAsync(), await _error.AllAsync());
    }

    public void Kill() => _process.Kill();

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal("INT");

    public void Terminate() => Signal("TERM");

    /// <summary>It runs no more, and its connections stay.</summary>
    public void Freeze() => Signal("STOP");

    public void Thaw() => Signal("CONT");

    /// <summary>Closes its standard input, as the end of its parent process would.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until standard output holds a whole line, and returns it.</summary>
    public async Task<string> LineAsync()
    {
        await HearsAsync(_output, "\n");
        return _output.Text.Split('\n')[0];
    }

    /// <summary>Waits until standard error says something.</summary>
    public Task SaysAsync(string text) => HearsAsync(_error, text);

    private async Task HearsAsync(Heard heard, string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!heard.Text.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(HasExited, $"it ended, and «{text}» was waited for: {_error.Text}");
            Assert.False(patience.IsCancellationRequested, $"«{text}» did not come: {_error.Text}");
            await Task.Delay(10);
        }
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

/// <summary>Collects the output of a process as it comes.</summary>
internal sealed class Heard
{
    private readonly System.Text.StringBuilder _text = new();
    private readonly Task _reading;

    public Heard(StreamReader reader) => _reading = ReadAsync(reader);

    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    public async Task<string> AllAsync()
    {
        await _reading;
        return Text;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var length and > 0)
        {
            lock (_text)
                _text.Append(buffer, 0, length);
        }
    }
}

internal sealed record Finished(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public string Digest => Json.GetProperty("digest").GetString()!;

    /// <summary>
    /// Done. On standard error there may be progress: a busy machine takes more than the ten seconds after which a line
    /// of it is due.
    /// </summary>
    public void IsDone() => Assert.True(ExitCode == 0, Error);

    /// <summary>
    /// One line on standard error, no result, no stack trace. On a very busy machine a line of progress may come first:
    /// on one, a damaged journal was refused as it should be, and the test failed because of that line.
    /// </summary>
    public void IsRefusal(int exitCode, string says)
    {
        Assert.True((ExitCode, Output) == (exitCode, ""), $"it ended with {ExitCode}: {Output}{Error}");
        var refusal = Assert.Single(Error.TrimEnd('\n').Split('\n'), line => !IsProgress(line));
        Assert.True(refusal.Contains(says, StringComparison.Ordinal), $"it says: {refusal}");
        Assert.StartsWith("amoe: ", refusal, StringComparison.Ordinal);
        Assert.EndsWith($"{refusal}\n", Error, StringComparison.Ordinal);
    }

    private static bool IsProgress(string line) =>
        line.StartsWith("amoe: ", StringComparison.Ordinal)
            && (line.EndsWith(" partitions", StringComparison.Ordinal)
                || line.EndsWith(" pages", StringComparison.Ordinal)
                || line.EndsWith(": getting ready", StringComparison.Ordinal));
}

/// <summary>A folder of a test's own.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-tests-");

    public string Path => _folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public string WriteBytes(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
