using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Scenarios;

/// <summary>
/// A partition's state is the same whether it is the live one, read back from snapshots of its buckets or replayed from
/// its frames.
/// </summary>
public sealed class StateTests
{
    private const int Students = 200;

    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Snapshots_and_a_replay_give_the_state_that_was_lived(ulong seed)
    {
        using var run = ScenarioRun.OverPartitions(seed, Rulebook.Embedded);
        await run.Play(Students, runtime => Assert.All(((SimulatedPartitions)runtime).Partitions, partition =>
        {
            var lived = partition.State;
            var read = partition.Recovery.NewState(lived.Buckets.Length, relay: null);
            foreach (var bucket in lived.Buckets)
                Assert.True(SnapshotCodec.TryRead(SnapshotBytes.Of(lived, bucket.Index), read));
            Assert.Null(StateComparison.Difference(lived, read));
            Assert.All(
                lived.Buckets,
                bucket => Assert.Equal(SnapshotBytes.Of(lived, bucket.Index), SnapshotBytes.Of(read, bucket.Index)));
            Assert.Null(StateComparison.Difference(lived, partition.Recovery.Replayed()));
        }));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_months_of_all_partitions_add_up_to_the_totals(ulong seed)
    {
        using var run = ScenarioRun.OverPartitions(seed, Rulebook.Embedded);
        var most = 0;
        await run.Play(Students, runtime =>
        {
            var (all, months) = (new Totals(), new Totals());
            foreach (var partition in ((SimulatedPartitions)runtime).Partitions)
                all.Add(partition.State.Totals);
            foreach (var month in all.Months)
                months.Add(all.InMonthOf(month));
            Assert.Equal(StateComparison.Counters(all), StateComparison.Counters(months));
            most = Math.Max(most, all.Months.Count);
        });

        Assert.InRange(most, 3, 100);
    }
}
