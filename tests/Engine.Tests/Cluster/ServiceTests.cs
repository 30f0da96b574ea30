using Amoe.Engine.Cluster;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>With one sort of trouble at a time it can be said how long a shard may be without service.</summary>
public sealed class ServiceTests
{
    private const int Seeds = 25;

    [Fact]
    public void Hosts_come_and_go_in_order_and_nobody_waits_for_a_lease()
    {
        var tally = Play(TimeSpan.FromMilliseconds(500), Fault.HostJoins, Fault.HostLeaves);
        Assert.Equal((0, 0), (tally[Effect.TakenAfterLease], tally[Effect.AnsweredUnknown]));
        Assert.True(tally[Effect.TakenAfterHandOver] > 0);
    }

    [Fact]
    public void A_killed_hosts_shards_are_served_again_when_its_lease_is_over()
    {
        var tally = Play(new ClusterOptions().Lease + TimeSpan.FromSeconds(1), Fault.Killed);
        Assert.True(tally[Effect.TakenAfterLease] > 0);
    }

    private static Tally Play(TimeSpan unservedMax, params Fault[] faults)
    {
        var tally = new Tally();
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var run = new ClusterRun(seed, only: faults);
            var watch = run.Watch();
            Assert.Null(run.Play());
            Assert.True(watch.Longest <= unservedMax, $"seed {seed}: a shard was not served for {watch.Longest.TotalMilliseconds:0} ms; {unservedMax.TotalMilliseconds:0} are allowed");
            tally.Add(run.Tally);
        }

        return tally;
    }
}
