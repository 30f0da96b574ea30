using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Oracle.Model;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Oracle.Harness;

/// <summary>A simulated year on a journal on disk, with the model listening.</summary>
internal static class YearRun
{
    public static async Task<Comparison> Play(string scenario, int scaleThousandths, ulong seed)
    {
        var folder = Directory.CreateTempSubdirectory("amoe-oracle");
        try
        {
            var path = Path.Combine(folder.FullName, "year.db");
            var year = ScenarioReader.Load(scenario);
            var running = new Lazy<SqliteJournal>(() => SqliteJournal.OpenReadOnly(path));
            var comparison = new Comparison(
                PartitionCounts.Embedded.Students, new Scheme(), Rulebook.Embedded, new AmoeLogic(Rulebook.Embedded),
                () => running.Value);
            var request = new SimulationRequest(
                year, scaleThousandths, seed, Rulebook.Embedded, JournalAddress.Parse(path), Resume: false,
                Environment.ProcessorCount)
            {
                Tap = engine => new Tap(engine, comparison.Take),
            };
            await using (var simulation = await Simulation.OpenAsync(
                request, warn => Assert.Fail(warn), TimeProvider.System))
            {
                var result = await simulation.RunAsync(CancellationToken.None);
                Assert.True(result.IsComplete, result.Failure);
            }

            using var journal = running.Value;
            comparison.CompareEnd(journal, year.Horizon.Opens, year.Horizon.Closes);
            return comparison;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
