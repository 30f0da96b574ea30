using System.Diagnostics;

namespace Amoe.Chaos.Infrastructure;

/// <summary>Programs of the machine.</summary>
internal static class Shell
{
    /// <exception cref="InvalidOperationException">It failed: what it said.</exception>
    public static void Run(string line)
    {
        if (TryRun(line) is { } fault)
            throw new InvalidOperationException($"{line}: {fault}");
    }

    /// <summary>Null when it went well, else what it said.</summary>
    public static string? TryRun(string line)
    {
        var words = line.Split(' ');
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(
                    words[0], words[1..])
                { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0
                ? null
                : $"it ended with {process.ExitCode}: {error.Trim()}{output.Result.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
