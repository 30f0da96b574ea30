using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

/// <summary>The whole engine under the scenario of late facts, stopped and taken up: what follows from a revision is derived from the journal then.</summary>
public sealed class ResumingTests : IDisposable
{
    private const int Scale = 8;

    /// <summary>Between two polls of a run's progress: often enough to stop it where intended, and the run has the processor.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private static readonly Scenario Scenario = ScenarioReader.Load("late-facts");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_year_of_late_facts_stopped_and_resumed_again_and_again_is_the_undisturbed_one()
    {
        var whole = await Run("whole.amoe", resume: false, untilPerMille: null);
        Assert.Null(whole.Failure);
        Assert.True(whole.IsComplete);

        var parts = await Run("parts.amoe", resume: false, untilPerMille: 300);
        for (var perMille = 450; !parts.IsComplete && parts.Failure is null; perMille += 150)
            parts = await Run("parts.amoe", resume: true, perMille);

        Assert.Null(parts.Failure);
        Assert.Equal(whole.Digest, parts.Digest);
        Assert.Equal(whole.Marginals, parts.Marginals);
    }

    /// <param name="untilPerMille">
    /// Of the students' days: from there it is asked to stop. Null leaves it alone, which 1000 does not: where the students have closed the last day,
    /// institutions and providers may still have to, and what is stopped there is rightly not complete.
    /// </param>
    private async Task<SimulationResult> Run(string journal, bool resume, int? untilPerMille)
    {
        var request = new SimulationRequest(
            Scenario, Scale, 42, Rulebook.Embedded, JournalAddress.Parse(Path.Combine(_folder.FullName, journal)), resume, Threads: 2);
        await using var simulation = await Simulation.OpenAsync(request, Assert.Fail, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => simulation.RunAsync(stop.Token), CancellationToken.None);
        while (untilPerMille is not null && !running.IsCompleted && !stop.IsCancellationRequested)
        {
            if (simulation.Progress() is { } progress && progress.DaysClosed.Sum() * 1000 >= progress.DaysClosed.Count * Scenario.Horizon.Days * untilPerMille)
                await stop.CancelAsync();
            await Task.WhenAny(running, Task.Delay(Pace));
        }

        return await running;
    }
}
