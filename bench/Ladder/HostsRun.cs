using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Amoe.Engine.Figures;

namespace Amoe.Bench.Ladder;

/// <summary>
/// The program with so many host processes, which <c>simulate --hosts</c> starts and floods from outside through their
/// endpoints.
/// </summary>
internal static class HostsRun
{
    public static Climb Climb(Recording recording, LadderOptions options, ILadderStore store, int hosts)
    {
        using var place = store.NewPlace();
        var (use, cpu) = (store.Use(), EndedCpuSeconds());
        var json = Run(options, place, hosts);
        var climb = new Climb(
            new Taken(json.GetProperty("elapsed_s").GetDouble(), EndedCpuSeconds() - cpu, store.Use() - use),
            json.GetProperty("commands_this_run").GetInt64(), json.GetProperty("events_this_run").GetInt64(),
            json.GetProperty("journal_bytes").GetInt64());
        RequireSame(recording, json);
        return climb;
    }

    private static JsonElement Run(LadderOptions options, ILadderPlace place, int hosts)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "amoe.dll"), "simulate", LadderOptions.Scenario, "--hosts",
            Text(hosts), "--journal", place.Address.Display,
            "--scale", Text(options.ScaleThousandths / 1000m), "--seed", Text(options.Seed), "-o", "json",
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonDocument.Parse(output).RootElement
            : throw new InvalidOperationException($"simulate --hosts {hosts} ended with {process.ExitCode}");
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    /// <summary>Of every process that has ended below this one.</summary>
    private static double EndedCpuSeconds() => ProcessStat.Of(Environment.ProcessId)?.EndedCpuSeconds ?? 0;

    private static void RequireSame(Recording recording, JsonElement json)
    {
        foreach (var (name, counter) in new[]
        {
            ("declarations", Counter.Declarations),
            ("claims", Counter.Claims),
            ("lines", Counter.Lines)
        })
        {
            if (json.GetProperty(name).GetInt64() is var has && has != recording.Totals[counter])
                throw new InvalidOperationException(
                    $"hosts ended with {has} {name} and the recording with {recording.Totals[counter]}: they did not do the same work");
        }
    }
}
