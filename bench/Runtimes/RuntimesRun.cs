using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Amoe.Bench.Ladder;

namespace Amoe.Bench.Runtimes;

/// <summary>The same year on the engine's own runtime and on Akka.NET, as a user runs it, each in a process and on a place of its own.</summary>
internal sealed class RuntimesRun(int scaleThousandths, ulong seed, int rounds, string folder)
{
    private static readonly int[] _windows = [500, 5_000];

    public async Task<RuntimesResult> RunAsync()
    {
        Directory.CreateDirectory(folder);
        var scratch = Path.Combine(folder, "runtimes-scratch.amoe");
        Say("the machine");
        var machine = Machine.Describe(scratch);
        Say("bytes of a student");
        var (own, akka) = await LivingStudents.MeasureAsync(scratch);
        var (rungs, digests) = (new List<RuntimeRung>(), new HashSet<string>());
        using (var sqlite = new SqliteLadderStore(scratch))
            rungs.AddRange(Compare("SQLite", sqlite, digests));
        using (var postgres = PostgresLadderStore.Private(folder))
            rungs.AddRange(Compare("PostgreSQL", postgres, digests));
        return digests.Count == 1
            ? new RuntimesResult(rungs, own, akka, LadderOptions.Scenario, scaleThousandths / 1000m, seed, rounds, digests.Single(), machine)
            : throw new InvalidOperationException($"the runs ended with {string.Join(", ", digests)}: they did not do the same");
    }

    /// <summary>Round by round, so that whatever else the machine does falls on all alike.</summary>
    private List<RuntimeRung> Compare(string name, ILadderStore store, HashSet<string> digests)
    {
        (string Name, string[] Arguments)[] runtimes =
            [("own", []), .. _windows.Select(window => ($"Akka.NET, window {window}", new[] { "--runtime", "akka", "--window", Text(window) }))];
        var taken = runtimes.Select(_ => new List<RuntimeRung>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < runtimes.Length; i++)
            {
                var rung = Run(name, runtimes[i].Name, runtimes[i].Arguments, store, digests);
                taken[i].Add(rung);
                Say($"round {round + 1}, {name}, {rung.Runtime}: {rung.WallS:F2} s, {rung.CommandsPerS:N0} commands/s");
            }
        }

        return [.. taken.Select(runs => runs.OrderBy(run => run.WallS).ElementAt(runs.Count / 2))];
    }

    private RuntimeRung Run(string name, string runtime, string[] arguments, ILadderStore store, HashSet<string> digests)
    {
        using var place = store.NewPlace();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] all =
        [
            Path.Combine(AppContext.BaseDirectory, "amoe.dll"), "simulate", LadderOptions.Scenario, "--journal", place.Address.Display,
            "--scale", (scaleThousandths / 1000m).ToString(CultureInfo.InvariantCulture), "--seed", seed.ToString(CultureInfo.InvariantCulture), "-o", "json", .. arguments,
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        var (use, cpu) = (store.Use(), EndedCpuSeconds());
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"simulate on {runtime} ended with {process.ExitCode}");
        var (json, used) = (JsonDocument.Parse(output).RootElement, store.Use() - use);
        digests.Add(json.GetProperty("digest").GetString()!);
        var events = Number("events");
        return new RuntimeRung(
            name, runtime, Number("elapsed_s"), Math.Round(Number("commands") / Number("elapsed_s")), Math.Round(events / Number("elapsed_s")),
            Number("commit_p50_ms"), Number("commit_p99_ms"), Math.Round((EndedCpuSeconds() - cpu) * 1e6 / events, 1), Math.Round(used.CpuSeconds * 1e6 / events, 1));

        double Number(string property) => json.GetProperty(property).GetDouble();
    }

    private static double EndedCpuSeconds() => ProcessStat.Of(Environment.ProcessId)?.EndedCpuSeconds ?? 0;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Say(string what) => Console.Error.WriteLine($"runtimes: {what}");
}
