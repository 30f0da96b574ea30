using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Hosts come, go, freeze and die, and every shard has one that serves it.</summary>
public sealed class MemberTests
{
    private const int Shards = LittleCluster.StudentShards + LittleCluster.PartyShards;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ALeaseAndSoon = TimeSpan.FromSeconds(5);

    [Fact]
    public void The_first_host_has_everything_at_once()
    {
        var cluster = new LittleCluster();
        var host = cluster.Start();
        cluster.Until(() => host.Served == Shards, Soon, "one host serves all");
    }

    [Fact]
    public void A_host_that_joins_is_handed_its_fair_share_with_party_shards_among_it()
    {
        var cluster = new LittleCluster();
        var (first, second, third) = (cluster.Start(), (LittleCluster.Host?)null, (LittleCluster.Host?)null);
        cluster.Until(cluster.IsServed, Soon, "one serves all");
        second = cluster.Start();
        cluster.Until(() => cluster.IsEvenlyServed() && second.Served > 0, Soon, "two share");
        third = cluster.Start();
        cluster.Until(() => cluster.IsEvenlyServed() && third.Served > 0, Soon, "three share");

        Assert.Equal([1, 1, 2], new[] { first, second, third }.Select(host => host.PartiesServed).Order());
        Assert.All(new[] { first, second, third }, host => Assert.Equal(0, host.Node.Member.State.Fenced));
        AssertNothingMoves(cluster);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_host_that_stops_in_order_leaves_nothing_to_wait_for(int hosts)
    {
        var cluster = Of(hosts);
        var leaving = cluster.Alive.First();
        var left = leaving.Stop();
        var took = cluster.Until(() => left.IsCompleted && cluster.IsEvenlyServed(), Soon, "the others serve everything");
        Assert.True(took < TimeSpan.FromSeconds(1), $"took {took}");
        Assert.Equal(0, leaving.Node.Member.State.Fenced);
        Assert.DoesNotContain(cluster.Alive.First().Node.Member.View!.Hosts, host => host.Endpoint == "http://host1");
    }

    [Fact]
    public void While_a_host_hands_over_few_shards_are_without_service()
    {
        var cluster = Of(2, new ClusterOptions { HandOverMax = 2, RecoveriesMax = 2 });
        var left = cluster.Alive.First().Stop();
        var (leaving, staying) = (cluster.Store, cluster.Alive.Single());
        Assert.NotNull(leaving);
        var most = 0;
        cluster.Until(
            () =>
            {
                most = Math.Max(most, Enumerable.Range(0, Shards).Count(shard => cluster.Store.Ownership.Shard(shard).Owner == HostId.None));
                return left.IsCompleted && staying.Served == Shards;
            },
            ALeaseAndSoon, "everything is handed over");
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public void What_a_dead_host_had_is_served_when_its_lease_has_run_out()
    {
        var cluster = Of(3);
        cluster.Alive.First().Kill();
        var took = cluster.Until(cluster.IsEvenlyServed, ALeaseAndSoon, "the others serve everything");
        Assert.True(took <= cluster.Options.Lease + cluster.Options.LookEvery * 2, $"took {took}");
    }

    [Fact]
    public void A_host_that_slept_past_its_lease_serves_nothing_it_lost_and_joins_anew()
    {
        var cluster = Of(2);
        var sleeper = cluster.Alive.First();
        var (before, other) = (sleeper.Node.Member.Me, cluster.Alive.Last());
        sleeper.IsFrozen = true;
        cluster.Until(() => other.Served == Shards, ALeaseAndSoon, "the other serves everything");
        sleeper.IsFrozen = false;
        cluster.Until(() => cluster.IsEvenlyServed() && sleeper.Served == other.Served, ALeaseAndSoon, "they share again");

        Assert.NotEqual(before, sleeper.Node.Member.Me);
        Assert.Equal(1, sleeper.Node.Member.State.LeasesLost);
        AssertNothingMoves(cluster);
    }

    [Fact]
    public void A_host_that_cannot_reach_the_store_gives_up_by_itself()
    {
        var cluster = Of(2);
        var cutOff = cluster.Alive.First();
        cutOff.Fate = _ => CallFate.Failed;
        cluster.Until(() => cutOff.Served == 0 && cluster.Alive.Last().Served == Shards, ALeaseAndSoon, "the one that is cut off serves nothing");
        Assert.NotNull(cutOff.Node.Member.State.Trouble);

        cutOff.Fate = _ => CallFate.Done;
        cluster.Until(() => cluster.IsEvenlyServed() && cutOff.Served > 0, Soon, "it is back");
        Assert.Null(cutOff.Node.Member.State.Trouble);
    }

    [Theory]
    [InlineData(StoreCall.Take)]
    [InlineData(StoreCall.Release)]
    [InlineData(StoreCall.Beat)]
    [InlineData(StoreCall.Member)]
    internal void A_lost_reply_of_the_store_loses_no_shard(StoreCall lost)
    {
        var cluster = Of(2);
        foreach (var host in cluster.Alive)
        {
            var losses = 3;
            host.Fate = call => call == lost && losses-- > 0 ? CallFate.ReplyLost : CallFate.Done;
        }

        cluster.Start();
        cluster.Until(() => cluster.IsEvenlyServed(), ALeaseAndSoon, "three share");
        var first = cluster.Alive.First();
        var left = first.Stop();
        cluster.Until(() => left.IsCompleted && cluster.IsEvenlyServed(), ALeaseAndSoon, "two share");
    }

    [Fact]
    public void A_shard_whose_log_cannot_be_read_is_tried_again_and_keeps_no_other_back()
    {
        var cluster = new LittleCluster();
        var host = cluster.Start();
        var failures = 3;
        host.Fate = call => call == StoreCall.Read && failures-- > 0 ? CallFate.Failed : CallFate.Done;
        cluster.Until(() => host.Served == Shards - 3, Soon, "the others are served");
        Assert.Equal(3, host.Node.Member.State.Recovering);
        cluster.Until(cluster.IsServed, ALeaseAndSoon, "all are");
        Assert.Equal(3, host.Log.Count(line => line.Contains("cannot be recovered", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_host_says_what_it_has_how_far_it_is_and_when_it_was_last_heard_of()
    {
        var cluster = Of(2);
        var host = cluster.Alive.First();
        host.Node.Runtime.TryPostDay(host.Node.Runtime.Shards[0].Index, CommandKind.OpenDay, new DateOnly(2025, 9, 1), new Silent());
        cluster.Pass(TimeSpan.FromSeconds(10));

        var state = host.Node.Member.State;
        Assert.Equal((host.Node.Member.Me, "http://host1", Shards / 2, 0), (state.Host, state.Endpoint, state.Serving, state.Recovering));
        Assert.True(state.SinceBeat <= cluster.Options.BeatEvery + cluster.Options.LookEvery, $"{state.SinceBeat} since the last beat");
        Assert.Equal(host.Node.Runtime.Shards.Select(shard => (shard.Index, shard.Epoch, (long?)shard.State.Offset)), state.Shards.Select(shard => (shard.Shard, shard.Epoch, shard.Head)));
        Assert.Equal(1, state.Shards[0].Head);
        Assert.Equal(Shards / 2, state.Taken - state.Released);
        Assert.Equal([true, true], new[] { host, cluster.Alive.Last() }.Select(one => one.Node.Member.View!.Hosts.Count == 2));
    }

    [Fact]
    public void A_host_hands_no_shard_to_one_that_cannot_read_its_log()
    {
        var cluster = new LittleCluster();
        var old = cluster.Start(format: 1);
        cluster.Until(cluster.IsServed, Soon, "the old one serves all");
        var newer = cluster.Start(format: 2);
        cluster.Until(() => cluster.IsEvenlyServed() && newer.Served > 0, Soon, "the newer one has its share");

        // What the newer host has written to, only such a one can read.
        newer.Kill();
        cluster.Pass(ALeaseAndSoon);
        Assert.Equal(Shards / 2, old.Served);

        var newest = cluster.Start(format: 2);
        cluster.Until(() => cluster.IsEvenlyServed() && newest.Served > 0, ALeaseAndSoon, "one that can read them has them");
        old.Stop();
        cluster.Until(() => newest.Served == Shards, Soon, "and the others as the old one leaves");
        cluster.Start(format: 1);
        AssertNothingMoves(cluster);
    }

    [Fact]
    public void Hosts_that_die_and_come_in_any_order_end_with_every_shard_served_once() => Properties.Check(
        Properties.FromSeeds(random => (ulong)random.NextInt64()),
        one =>
        {
            var cluster = new LittleCluster(one.Made);
            var draws = 0ul;
            for (var step = 0; step < 30; step++)
            {
                var hosts = cluster.Alive.ToList();
                var host = hosts.Count == 0 ? null : hosts[Below(hosts.Count)];
                switch (Below(5))
                {
                    case 0 when hosts.Count < 4:
                        cluster.Start();
                        break;
                    case 1 when host is not null:
                        host.Kill();
                        break;
                    case 2 when host is { IsFrozen: false }:
                        host.Stop();
                        break;
                    case 3 when host is not null:
                        host.IsFrozen = !host.IsFrozen;
                        break;
                    default:
                        cluster.Pass(TimeSpan.FromMilliseconds(Below(3_000)));
                        break;
                }
            }

            foreach (var frozen in cluster.Alive)
                frozen.IsFrozen = false;
            cluster.Start();
            cluster.Until(cluster.IsEvenlyServed, TimeSpan.FromSeconds(12), "every shard is served once");
            return true;

            int Below(int limit) => (int)(Mixing.Mix(one.Made, 7, draws++) % (ulong)limit);
        },
        count: 200);

    private static LittleCluster Of(int hosts, ClusterOptions? options = null)
    {
        var cluster = new LittleCluster(options: options);
        for (var i = 0; i < hosts; i++)
            cluster.Start();
        cluster.Until(cluster.IsEvenlyServed, ALeaseAndSoon, "all share");
        return cluster;
    }

    private static void AssertNothingMoves(LittleCluster cluster)
    {
        var before = cluster.Alive.Select(host => host.Node.Member.State.Taken).ToList();
        cluster.Pass(ALeaseAndSoon);
        Assert.Equal(before, cluster.Alive.Take(before.Count).Select(host => host.Node.Member.State.Taken));
        Assert.True(cluster.IsServed());
    }

    /// <summary>Whom nobody asks.</summary>
    private sealed class Silent : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) => Assert.Equal(Outcome.Done, reply.Outcome);
    }
}
