using System.Diagnostics;
using System.Text.Json;

namespace Amoe.Host.Tests;

/// <summary>The real program as a process of its own.</summary>
internal sealed class AmoeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private AmoeProcess(string[] args, string? temporaryFolder, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "amoe.dll"));
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        if (temporaryFolder is not null)
            start.Environment["TMPDIR"] = temporaryFolder;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public static Task<Finished> RunAsync(params string[] args) => Start(args).FinishAsync();

    public static AmoeProcess Start(string[] args, string? temporaryFolder = null, params IEnumerable<(string Name, string Value)> environment) =>
        new(args, temporaryFolder, environment);

    public async Task<Finished> FinishAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new Finished(_process.ExitCode, await _output, await _error);
    }

    public void Kill() => _process.Kill();

    /// <summary>Ctrl-C.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

internal sealed record Finished(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public string Digest => Json.GetProperty("digest").GetString()!;

    /// <summary>Done. On standard error there may be progress: a busy machine takes more than the ten seconds after which a line of it is due.</summary>
    public void IsDone() => Assert.True(ExitCode == 0, Error);

    /// <summary>One line on standard error, no result, no stack trace.</summary>
    public void IsRefusal(int exitCode, string says)
    {
        Assert.Equal((exitCode, ""), (ExitCode, Output));
        Assert.Contains(says, Error, StringComparison.Ordinal);
        Assert.StartsWith("amoe: ", Error, StringComparison.Ordinal);
        Assert.Equal(Error.Length - 1, Error.IndexOf('\n', StringComparison.Ordinal));
    }
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

    public void Dispose() => _folder.Delete(recursive: true);
}
