using Amoe.Host.Reports;
using Amoe.Host.Running;

namespace Amoe.Host.Verbs;

/// <summary><c>simulate --seeds</c>: the same year with several seeds, one after the other.</summary>
internal static class SimulateSeeds
{
    /// <param name="seed">The first; each next one is one more.</param>
    /// <param name="play">Plays a year on a journal that goes with it.</param>
    /// <param name="judge">Says why a year did not end, and gives the exit code.</param>
    public static async Task<int> RunAsync(
        Terminal terminal, ulong seed, int count, OutputFormat output, Func<ulong, Task<SimulationOutcome>> play,
        Func<SimulationOutcome, int> judge)
    {
        if (ulong.MaxValue - seed < (ulong)count - 1)
            throw new UsageException(
                $"{count} seeds from {seed} on are more than there are: the last one is {ulong.MaxValue}.");
        SimulationOutcome? first = null;
        List<SeedRun> runs = [];
        for (var i = 0; i < count; i++)
        {
            var outcome = await play(seed + (ulong)i);
            if (!outcome.Result.IsComplete)
            {
                terminal.Line($"{runs.Count} of {count} years are complete: there is no interval");
                return judge(outcome);
            }

            first ??= outcome;
            runs.Add(SeedRun.Of(outcome));
        }

        var series = new SeedSeries(first!, runs);
        if (output == OutputFormat.Json)
            SeedSeriesJson.Write(Console.Out, series);
        else
            SeedSeriesText.Write(terminal, series);
        return series.Holds ? ExitCode.Done : ExitCode.AssertionFailed;
    }
}
