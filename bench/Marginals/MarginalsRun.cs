using System.Diagnostics;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Bench.Marginals;

/// <summary>The checks of every seed.</summary>
internal sealed record MarginalsRun(
    string Scenario, int ScaleThousandths, ulong FirstSeed, IReadOnlyList<IReadOnlyList<MarginalCheck>> Runs)
{
    public static async Task<MarginalsRun> RunAsync(string scenario, int scale, ulong first, int seeds, string folder)
    {
        var loaded = ScenarioReader.Load(scenario);
        var (runs, started) = (new List<IReadOnlyList<MarginalCheck>>(seeds), Stopwatch.StartNew());
        for (var seed = first; seed < first + (ulong)seeds; seed++)
        {
            var path = Path.Combine(folder, $"marginals-{Environment.ProcessId}-{seed}.amoe");
            try
            {
                var request = new SimulationRequest(
                    loaded, scale, seed, Rulebook.Embedded, JournalAddress.Parse(path), Resume: false,
                    Environment.ProcessorCount);
                await using var simulation = await Simulation.OpenAsync(
                    request, Console.Error.WriteLine, TimeProvider.System);
                var result = await simulation.RunAsync(CancellationToken.None);
                if (!result.IsComplete)
                    throw new UnreachableException($"seed {seed} did not end: {result.Failure}");
                runs.Add(result.Marginals);
            }
            finally
            {
                foreach (var file in Directory.GetFiles(folder, Path.GetFileName(path) + "*"))
                    File.Delete(file);
            }

            Console.Error.WriteLine($"seed {seed}: {runs.Count} of {seeds}, {started.Elapsed.TotalSeconds:0} s");
        }

        return new MarginalsRun(loaded.Name, scale, first, runs);
    }
}
