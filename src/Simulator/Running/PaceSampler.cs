using Amoe.Engine.Actors;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Running;

/// <summary>
/// Takes a <see cref="PaceSample"/> of a run with each week of virtual days that every partition has closed, and one at
/// the end: at most some 150, since a horizon has at most 1,000 days.
/// </summary>
/// <param name="progress">How far the run has come, at any time.</param>
internal sealed class PaceSampler(HorizonModel horizon, Func<SimulationProgress> progress)
{
    private const int DaysASample = 7;
    private readonly List<PaceSample> _samples = [];

    // What the samples taken so far have.
    private TimeSpan _elapsed;
    private long _commands;
    private long _events;
    private LatencyHistogram _commits = new();

    /// <summary>Days are closed by every partition; the last day's sample is that of the end.</summary>
    public void Closed(int days)
    {
        if (days % DaysASample != 0 || days >= horizon.Days)
            return;
        var now = progress();
        Take(days, now, now.Elapsed);
    }

    /// <summary>All samples, with one of what the run did after the last of them.</summary>
    public IReadOnlyList<PaceSample> End(int days, TimeSpan elapsed)
    {
        Take(days, progress(), elapsed);
        return _samples;
    }

    private void Take(int days, SimulationProgress now, TimeSpan elapsed)
    {
        var commits = now.Engine?.Commits.Since(_commits);
        var hasCommits = commits is { Count: > 0 };
        _samples.Add(new PaceSample(
            horizon.Opens.AddDays(days - 1), elapsed - _elapsed, now.CommandsThisRun - _commands,
            now.Engine?.EventsThisRun - _events, hasCommits ? commits!.PercentileMs(500) : null,
            hasCommits ? commits!.PercentileMs(990) : null));
        (_elapsed, _commands) = (elapsed, now.CommandsThisRun);
        if (now.Engine is not { } engine)
            return;
        (_events, _commits) = (engine.EventsThisRun, engine.Commits);
    }
}
