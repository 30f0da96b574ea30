using Amoe.Engine.Actors;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

/// <summary>The samples of a run's rates and commit latency.</summary>
public sealed class PaceSamplerTests
{
    private static readonly SimulationRequest _request = new(
        ScenarioReader.Load("national-year"), ScaleThousandths: 1, Seed: 42, Rulebook.Embedded,
        JournalAddress.Parse("year.amoe"), Resume: false, Threads: 2);

    private static readonly ExpectedWork _work = new(_request);
    private static readonly HorizonModel _horizon = _request.Scenario.Horizon;

    private readonly LatencyHistogram _commits = new();
    private int _seconds;
    private bool _isHosted;

    [Fact]
    public void A_sample_has_what_the_run_did_since_the_one_before()
    {
        var sampler = new PaceSampler(_horizon, Progress);
        Commit(milliseconds: 1, count: 100);
        Close(sampler, seconds: 2, days: 7);
        Commit(milliseconds: 90, count: 10);
        Close(sampler, seconds: 3, days: 14);
        Close(sampler, seconds: 1, days: 15);
        _seconds++;
        var samples = sampler.End(15, TimeSpan.FromSeconds(_seconds));

        Assert.Equal([6, 13, 14], samples.Select(sample => sample.Day.DayNumber - _horizon.Opens.DayNumber));
        Assert.Equal([2, 3, 2], samples.Select(sample => (int)sample.Elapsed.TotalSeconds));
        Assert.Equal([20, 30, 20], samples.Select(sample => sample.Commands));
        Assert.Equal([200L, 300, 200], samples.Select(sample => sample.Events));
        Assert.InRange(samples[0].CommitP50Ms!.Value, 1, 1.03m);
        Assert.InRange(samples[1].CommitP50Ms!.Value, 90, 92.7m);
        Assert.Equal(samples[1].CommitP50Ms, samples[1].CommitP99Ms);
        Assert.Equal((null, null), (samples[2].CommitP50Ms, samples[2].CommitP99Ms));
    }

    [Fact]
    public void A_year_has_a_sample_a_week_and_the_last_is_of_its_end()
    {
        var sampler = new PaceSampler(_horizon, Progress);
        for (var days = 1; days <= _horizon.Days; days++)
            Close(sampler, seconds: 1, days);
        var samples = sampler.End(_horizon.Days, TimeSpan.FromSeconds(_seconds));

        Assert.Equal((_horizon.Days + 6) / 7, samples.Count);
        Assert.Equal(_horizon.Closes, samples[^1].Day);
        Assert.Equal(_seconds, samples.Sum(sample => (int)sample.Elapsed.TotalSeconds));
        Assert.Equal(_seconds * 10, samples.Sum(sample => sample.Commands));
    }

    [Fact]
    public void Of_hosts_the_commands_and_the_time_are_known_and_the_events_and_commits_are_not()
    {
        _isHosted = true;
        var sampler = new PaceSampler(_horizon, Progress);
        Close(sampler, seconds: 2, days: 7);
        var samples = sampler.End(7, TimeSpan.FromSeconds(_seconds));

        Assert.Equal([18, 0], samples.Select(sample => sample.Commands));
        Assert.All(samples, sample => Assert.Equal(
            (null, null, null), (sample.Events, sample.CommitP50Ms, sample.CommitP99Ms)));
    }

    private void Commit(int milliseconds, int count)
    {
        for (var i = 0; i < count; i++)
            _commits.Record(TimeSpan.FromMilliseconds(milliseconds));
    }

    private void Close(PaceSampler sampler, int seconds, int days)
    {
        _seconds += seconds;
        sampler.Closed(days);
    }

    /// <summary>Ten commands and a hundred events a second, one of the commands from a ledger.</summary>
    private SimulationProgress Progress() => new(
        _horizon.Opens, [], _work, 0, 0, _seconds * 9, TimeSpan.FromSeconds(_seconds),
        _isHosted
            ? null
            : new EngineProgress(new Totals(), _seconds * 10, _seconds * 100, LatencyHistogram.Sum([_commits])));
}
