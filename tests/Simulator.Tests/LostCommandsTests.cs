using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Running;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Tests;

/// <summary>
/// A year whose store goes and comes back: what was lost is sent again, in its order, and nothing before it.
/// </summary>
public sealed class LostCommandsTests
{
    private const int Partitions = 4;
    private const int Ledgers = 2;
    private const int Scale = 8;
    private const ulong Seed = 42;

    private static readonly Scenario Scenario = ScenarioReader.Load("late-facts");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_year_of_which_much_was_lost_on_the_way_is_the_undisturbed_one(ulong seed)
    {
        var (undisturbed, _) = await Run(target => target);
        LossyTarget? lossy = null;
        var (disturbed, control) = await Run(target => lossy = new LossyTarget(target, seed, perTenThousand: 50));

        Assert.Null(control.Failure);
        Assert.InRange(lossy!.Ended, 50, long.MaxValue);
        Assert.Equal(undisturbed, disturbed);
    }

    [Fact]
    public async Task Who_is_not_patient_ends_with_the_first_loss()
    {
        var (_, control) = await Run(target => new LossyTarget(target, seed: 1, perTenThousand: 50), TimeSpan.Zero);
        Assert.Contains("was answered Unknown", control.Failure, StringComparison.Ordinal);
        Assert.True(control.LostCommit);
    }

    private static async Task<(ulong Digest, RunControl Control)> Run(
        Func<ICommandTarget, ICommandTarget> between, TimeSpan? patience = null)
    {
        var journal = new MemoryJournal(
            new JournalIdentity(
                JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.EmbeddedText, Scenario.Text, Seed, Scale,
                Ledgers));
        await using var runtime = new MemoryRuntime(journal, new AmoeLogic(Rulebook.Embedded), new EngineOptions());
        var target = between(runtime);
        var population = new Population(Scenario, Seed, Scale);
        var traffic = new StudentTraffic(Scenario, population, Rulebook.Embedded);
        var (opens, days) = (Scenario.Horizon.Opens, Scenario.Horizon.Days);
        var barrier = new DayBarrier(Partitions, Ledgers, days);
        var control = new RunControl(
            Partitions + Ledgers, barrier, patience ?? TimeSpan.FromSeconds(60), new HastyTime());
        var students = Enumerable.Range(0, (int)population.Count)
            .Select(index => (uint)index)
            .ToLookup(index => Population.IdOf(index).PartitionOf(Partitions));
        foreach (var driver in Enumerable.Range(0, Partitions)
            .Select(partition =>
                new PartitionDriver(
                    partition, traffic.Open([.. students[partition]]), target, traffic, opens, days, 4_096, control,
                    barrier)))
            driver.Start();
        foreach (var driver in Enumerable.Range(Partitions, Ledgers)
            .Select(partition => new LedgerDriver(partition, target, opens, days, control, barrier)))
            driver.Start();
        await control.Done;
        return (runtime.Inspect().Digest, control);
    }

    /// <summary>Fires every timer after a millisecond, because the partitions are back at once.</summary>
    private sealed class HastyTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Hasty(System.CreateTimer(callback, state, dueTime, period));

        private sealed class Hasty(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(TimeSpan.FromMilliseconds(1), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
