using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Chaos.Load;

/// <summary>The simulated year: with its rulebook it makes the journal's identity.</summary>
internal sealed record YearOf(Scenario Scenario, ulong Seed, int ScaleThousandths)
{
    public JournalIdentity Identity => new(
        JournalIdentity.CurrentFormatVersion, PartitionCounts.InDatabase.Students, Rulebook.Embedded.Text,
        Scenario.Text, Seed, ScaleThousandths, PartitionCounts.InDatabase.Ledgers);
}

/// <summary>
/// The simulator's students, institutions and desks living their year against any runtime: each partition's days one
/// after the other, a student's later commands following from the answers to his earlier ones.
/// </summary>
internal sealed class YearLoad
{
    /// <summary>Commands of one partition on their way at the same time.</summary>
    private const int PostedMax = 256;

    private readonly PartitionDriver[] _students;
    private readonly LedgerDriver[] _parties;
    private readonly RunControl _control;
    private readonly int _days;

    /// <param name="days">
    /// The number of days of each partition, student partitions before ledger partitions; null for the whole year.
    /// </param>
    public YearLoad(YearOf year, ICommandTarget runtime, IReadOnlyList<int>? days = null)
    {
        var scenario = year.Scenario;
        _days = scenario.Horizon.Days;
        var barrier = new DayBarrier(PartitionCounts.InDatabase.Students, PartitionCounts.InDatabase.Ledgers, _days);
        _control = new RunControl(PartitionCounts.InDatabase.Total, barrier);
        var population = new Population(scenario, year.Seed, year.ScaleThousandths);
        var traffic = new StudentTraffic(scenario, population, Rulebook.Embedded);
        var students = Enumerable.Range(0, (int)population.Count)
            .Select(index => (uint)index)
            .ToLookup(index => Population.IdOf(index).PartitionOf(PartitionCounts.InDatabase.Students));
        _students = [.. Enumerable.Range(0, PartitionCounts.InDatabase.Students)
            .Select(partition => new PartitionDriver(
            partition, traffic.Open(students[partition]), runtime, traffic, scenario.Horizon.Opens,
            days?[partition] ?? _days, PostedMax, _control, barrier))];
        _parties = [.. Enumerable.Range(PartitionCounts.InDatabase.Students, PartitionCounts.InDatabase.Ledgers)
            .Select(partition => new LedgerDriver(
            partition, runtime, scenario.Horizon.Opens, days?[partition] ?? _days, _control, barrier))];
    }

    /// <summary>
    /// Done when every partition has ended its last day, or something was answered that is no decision.
    /// </summary>
    public Task Done => _control.Done;

    public string? Failure => _control.Failure;

    /// <summary>The days that each partition has closed, student partitions before ledger partitions.</summary>
    public IReadOnlyList<int> DaysClosed =>
        [.. _students.Select(driver => driver.DaysClosed), .. _parties.Select(driver => driver.DaysClosed)];

    public bool IsOver => _students.All(driver => driver.DaysClosed == _days);

    public void Start()
    {
        foreach (var driver in _students)
            driver.Start();
        foreach (var driver in _parties)
            driver.Start();
    }

    /// <summary>No driver begins another day.</summary>
    public void Stop() => _control.Stop();
}
