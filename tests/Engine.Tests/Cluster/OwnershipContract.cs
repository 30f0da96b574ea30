using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Postgres;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>What every store of hosts, leases and shards promises. The store has <see cref="Some.Shards"/> shards.</summary>
public abstract class OwnershipContract : IDisposable
{
    private readonly List<HostId> _joined = [];

    private protected OwnershipContract() => Store = Create();

    private protected IOwnershipStore Store { get; }

    private protected abstract IOwnershipStore Create();

    /// <summary>A host's lease runs out by the store's clock; nobody else's does.</summary>
    private protected abstract void RunOut(HostId host, IEnumerable<HostId> others);

    public virtual void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }

    [StoreFact]
    public void Nobody_has_anything_at_first()
    {
        var view = Store.Look();
        Assert.Empty(view.Hosts);
        Assert.Equal(Enumerable.Range(0, Some.Shards).Select(shard => new ShardEntry(shard, HostId.None, 0, 0, 0)), view.Shards);
    }

    [StoreFact]
    public void Every_host_that_joins_is_another_one()
    {
        var (first, second) = (Join("http://one"), Join("http://one"));
        Assert.NotEqual(first, second);
        Assert.NotEqual(HostId.None, first);
        Store.Leave(second);
        var third = Join("http://one");
        Assert.True(third.Value > second.Value);
        Assert.Equal([new HostEntry(first, "http://one", 1), new HostEntry(third, "http://one", 1)], Store.Beat(third, isLeaving: false).Hosts);
    }

    [StoreFact]
    public void A_shard_is_taken_once_and_begins_an_epoch_with_every_owner()
    {
        var (first, second) = (Join(), Join());
        Assert.Equal([new ShardEpoch(2, 1), new ShardEpoch(5, 1)], Store.Take(first, [5, 2]));
        Assert.Equal([new ShardEpoch(3, 1)], Store.Take(second, [2, 3, 5]));
        Assert.Empty(Store.Take(first, [2, 3, 5]));

        Store.Release(first, [new ShardEpoch(2, 1)]);
        Assert.Equal([new ShardEpoch(2, 2)], Store.Take(second, [2, 5]));
        Assert.Equal([(2, second, 2L), (3, second, 1L), (5, first, 1L)], Held());
    }

    [StoreFact]
    public void What_is_handed_over_is_only_what_one_has()
    {
        var (first, second) = (Join(), Join());
        Store.Take(first, [0, 1]);
        Store.Release(first, [new ShardEpoch(1, 1)]);
        Store.Take(second, [1]);
        Store.Release(second, [new ShardEpoch(1, 2)]);
        Store.Take(first, [1]);

        // Late words about epochs that are over.
        Store.Release(first, [new ShardEpoch(1, 1)]);
        Store.Release(second, [new ShardEpoch(1, 2), new ShardEpoch(0, 1), new ShardEpoch(7, 0)]);
        Assert.Equal([(0, first, 1L), (1, first, 3L)], Held());
    }

    [StoreFact]
    public void A_lease_that_ran_out_frees_what_its_host_has_and_a_beat_brings_it_back_until_then()
    {
        var (first, second) = (Join(), Join());
        Store.Take(first, [0, 1]);
        RunOut(first);
        Assert.Equal([second], Store.Look().Hosts.Select(host => host.Id));
        Assert.Equal([(0, first, 1L), (1, first, 1L)], Held());

        Assert.Equal([first, second], Store.Beat(first, isLeaving: false).Hosts.Select(host => host.Id));
        Assert.Empty(Store.Take(second, [0, 1]));

        RunOut(first);
        Assert.Equal([new ShardEpoch(0, 2)], Store.Take(second, [0]));
        Assert.Equal([(0, second, 2L), (1, first, 1L)], Held());
    }

    [StoreFact]
    public void A_host_that_comes_late_to_take_shards_takes_each_of_them_once()
    {
        var late = Join();
        RunOut(late);
        Assert.Equal([new ShardEpoch(0, 1), new ShardEpoch(1, 1)], Store.Take(late, [0, 1]));
        Assert.Equal([(0, late, 1L), (1, late, 1L)], Held());
    }

    [StoreFact]
    public void A_host_that_lost_everything_while_it_was_not_heard_of_joins_anew()
    {
        var (first, second) = (Join(), Join());
        Store.Take(first, [0, 1]);
        RunOut(first);
        Store.Take(second, [0, 1]);
        Some.AssertRefused<LeaseLostException>(() => Store.Beat(first, isLeaving: false), $"host {first}", "join anew");
        Some.AssertRefused<LeaseLostException>(() => Store.Take(first, [2]), $"host {first}", "join anew");
    }

    [StoreFact]
    public void A_host_that_leaves_leaves_nothing_behind()
    {
        var (first, second) = (Join(), Join());
        Store.Take(first, [0, 1]);
        Store.Take(second, [2]);
        Assert.True(Store.Beat(first, isLeaving: true).Hosts.Single(host => host.Id == first).IsLeaving);
        Assert.False(Store.Look().Hosts.Single(host => host.Id == second).IsLeaving);

        Store.Leave(first);
        Assert.Equal([second], Store.Look().Hosts.Select(host => host.Id));
        Assert.Equal([(2, second, 1L)], Held());
        Assert.Equal([new ShardEpoch(0, 2), new ShardEpoch(1, 2)], Store.Take(second, [0, 1]));
        Store.Leave(first);
    }

    [StoreFact]
    public void A_host_takes_no_shard_whose_log_may_hold_what_it_cannot_read()
    {
        var (old, current) = (Join(format: 1), Join(format: 2));
        Store.Take(old, [0]);
        Store.Take(current, [1]);
        Store.Release(old, [new ShardEpoch(0, 1)]);
        Store.Release(current, [new ShardEpoch(1, 1)]);
        Assert.Equal([1, 2], Store.Look().Shards.Take(2).Select(shard => shard.Format));

        Assert.Equal([new ShardEpoch(0, 2)], Store.Take(old, [0, 1]));
        Store.Release(old, [new ShardEpoch(0, 2)]);
        Assert.Equal([new ShardEpoch(0, 3), new ShardEpoch(1, 2)], Store.Take(current, [0, 1]));
        Store.Release(current, [new ShardEpoch(0, 3)]);
        Assert.Empty(Store.Take(old, [0]));
    }

    private protected HostId Join(string endpoint = "http://127.0.0.1:5100", int format = 1)
    {
        var host = Store.Join(endpoint, format);
        _joined.Add(host);
        return host;
    }

    private protected void RunOut(HostId host) => RunOut(host, _joined.Where(other => other != host));

    private protected IEnumerable<(int, HostId, long)> Held() =>
        Store.Look().Shards.Where(shard => shard.Owner != HostId.None).Select(shard => (shard.Shard, shard.Owner, shard.Epoch));
}

public sealed class MemoryOwnershipTests : OwnershipContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly VirtualTime _time;

    public MemoryOwnershipTests() => _time = (VirtualTime)((MemoryOwnership)Store).Time;

    private protected override IOwnershipStore Create() => new MemoryOwnership(Some.Shards, new VirtualTime(), Lease);

    private protected override void RunOut(HostId host, IEnumerable<HostId> others)
    {
        _time.Advance(Lease);
        foreach (var other in others)
            Store.Beat(other, isLeaving: false);
    }
}
