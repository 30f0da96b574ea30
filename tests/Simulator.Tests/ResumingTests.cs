using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Microsoft.Data.Sqlite;

namespace Amoe.Simulator.Tests;

/// <summary>
/// The whole engine under the scenario of late facts, stopped and taken up: what follows from a revision is derived
/// from the journal then.
/// </summary>
public sealed class ResumingTests : IDisposable
{
    private const int Scale = 8;

    /// <summary>
    /// Between two polls of a run's progress: often enough to stop it where intended, and the run has the processor.
    /// </summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    private static readonly Scenario Scenario = ScenarioReader.Load("late-facts");

    /// <summary>The undisturbed year, simulated once for both tests.</summary>
    private static readonly Lazy<Task<SimulationResult>> Whole = new(async () =>
    {
        using var undisturbed = new ResumingTests();
        return await undisturbed.Run("whole.amoe", resume: false, untilPerMille: null);
    });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("amoe-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_year_of_late_facts_stopped_and_resumed_again_and_again_is_the_undisturbed_one()
    {
        var whole = await Whole.Value;
        Assert.Null(whole.Failure);
        Assert.True(whole.IsComplete);

        var parts = await Run("parts.amoe", resume: false, untilPerMille: 300);
        for (var perMille = 450; !parts.IsComplete && parts.Failure is null; perMille += 150)
            parts = await Run("parts.amoe", resume: true, perMille);

        Assert.Null(parts.Failure);
        Assert.Equal(whole.Digest, parts.Digest);
        Assert.Equal(whole.Marginals, parts.Marginals);
    }

    /// <summary>A backup tool, or a person with a shell of SQLite, that keeps the file's lock.</summary>
    [Fact]
    public async Task A_file_that_another_program_keeps_locked_ends_the_run_in_one_line_and_can_be_resumed()
    {
        var whole = await Whole.Value;
        using var other = new SqliteConnection(
            $"Data Source={Path.Combine(_folder.FullName, "locked.amoe")};Pooling=False");

        var locked = await Run("locked.amoe", resume: false, untilPerMille: 300, Lock, TimeSpan.FromMilliseconds(100));
        Assert.False(locked.IsComplete);
        Assert.Contains("locked.amoe: it is in use by another process", locked.Failure, StringComparison.Ordinal);

        other.Close();
        Assert.Equal(
            (true, whole.Digest),
            await Run("locked.amoe", resume: true, untilPerMille: null) is var resumed
                ? (resumed.IsComplete, resumed.Digest)
                : default);

        Task Lock()
        {
            if (other.State == System.Data.ConnectionState.Open)
                return Task.CompletedTask;
            other.Open();
            using var begin = other.CreateCommand();
            begin.CommandText = "BEGIN IMMEDIATE";
            begin.ExecuteNonQuery();
            return Task.CompletedTask;
        }
    }

    /// <param name="untilPerMille">
    /// Of the students' days: from there it is asked to stop. Null leaves it alone, which 1000 does not: where the
    /// students have closed the last day, institutions and providers may still have to, and what is stopped there is
    /// rightly not complete.
    /// </param>
    /// <param name="reached">Called from there on instead of asking it to stop.</param>
    private async Task<SimulationResult> Run(
        string journal, bool resume, int? untilPerMille, Func<Task>? reached = null, TimeSpan? lockTimeout = null)
    {
        var request = new SimulationRequest(
            Scenario, Scale, 42, Rulebook.Embedded, JournalAddress.Parse(Path.Combine(_folder.FullName, journal)),
            resume, Threads: 2);
        if (lockTimeout is { } wait)
            request = request with { LockTimeout = wait };
        await using var simulation = await Simulation.OpenAsync(request, Assert.Fail, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var running = Task.Run(() => simulation.RunAsync(stop.Token), CancellationToken.None);
        while (untilPerMille is not null && !running.IsCompleted && !stop.IsCancellationRequested)
        {
            if (simulation.Progress() is { } progress
                && progress.DaysClosed.Sum() * 1000
                    >= progress.DaysClosed.Count * Scenario.Horizon.Days * untilPerMille)
                await (reached?.Invoke() ?? stop.CancelAsync());
            await Task.WhenAny(running, Task.Delay(Pace));
        }

        return await running;
    }
}
