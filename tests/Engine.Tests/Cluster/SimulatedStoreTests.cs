using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Tests.Journal;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>The simulated store has to be as strict as the real one, or the simulation proves nothing.</summary>
public sealed class SimulatedStoreTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private readonly VirtualTime _time = new();
    private readonly SimulatedStore _store;
    private readonly HostId _first;
    private readonly HostId _second;

    public SimulatedStoreTests()
    {
        _store = new SimulatedStore(Some.Identity, _time, Lease);
        _first = _store.Ownership.Join("http://first", 1);
        _second = _store.Ownership.Join("http://second", 1);
    }

    [Fact]
    public void A_shard_is_taken_once_until_its_owners_lease_runs_out()
    {
        Assert.Equal([new ShardEpoch(2, 1), new ShardEpoch(5, 1)], _store.Ownership.Take(_first, [5, 2]));
        _time.Advance(Lease - TimeSpan.FromTicks(1));
        _store.Ownership.Beat(_second, isLeaving: false);
        Assert.Empty(_store.Ownership.Take(_second, [2]));

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([new ShardEpoch(2, 2)], _store.Ownership.Take(_second, [2]));
        Assert.Equal(_first, _store.Ownership.Shard(5).Owner);
    }

    [Fact]
    public void A_former_owner_is_fenced_off_by_name_and_writes_nothing()
    {
        _store.Ownership.Take(_first, [2, 3]);
        _time.Advance(Lease);
        _store.Ownership.Beat(_second, isLeaving: false);
        _store.Ownership.Take(_second, [2]);

        using var former = _store.Connect("first");
        var fenced = Assert.Throws<FencedException>(() => former.Append([Some.Segment(3, 0), Some.Segment(2, 0)]));
        Assert.Equal([2], fenced.Shards);
        Assert.Empty(_store.Log.ReadAll());
        Assert.Equal([2], Assert.Throws<FencedException>(() => former.Confirm([new ShardEpoch(2, 1), new ShardEpoch(3, 1)])).Shards);

        former.Append([Some.Segment(3, 0)]);
        former.Append([Some.Segment(2, 0, epoch: 2)]);
        Assert.Equal(2, _store.Log.ReadAll().Count());
    }

    [Fact]
    public void A_host_that_lost_everything_while_it_was_not_heard_of_joins_anew()
    {
        _store.Ownership.Take(_first, [2]);
        _time.Advance(Lease);
        _store.Ownership.Beat(_second, isLeaving: false);
        Assert.Equal([_second], _store.Ownership.Look().Hosts.Select(host => host.Id));
        _store.Ownership.Take(_second, [2]);
        Assert.Contains("host 1", Assert.Throws<LeaseLostException>(() => _store.Ownership.Beat(_first, isLeaving: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_reply_is_a_call_that_was_done()
    {
        var fates = new Queue<CallFate>([CallFate.Failed, CallFate.ReplyLost, CallFate.Done]);
        using var connection = _store.Connect("first", _ => fates.Dequeue());
        Assert.Throws<JournalUnavailableException>(() => connection.Take(_first, [1]));
        Assert.Equal(HostId.None, _store.Ownership.Shard(1).Owner);
        Assert.Throws<JournalUnavailableException>(() => connection.Take(_first, [1]));
        Assert.Equal(_first, _store.Ownership.Shard(1).Owner);
        Assert.Empty(connection.Take(_first, [1]));
    }
}

public sealed class SimulatedJournalTests : JournalContract
{
    private protected override IWritableJournal Create(JournalIdentity identity) =>
        new SimulatedStore(identity, TimeProvider.System, TimeSpan.FromSeconds(3)).Connect("tests");
}

public sealed class SimulatedSnapshotTests : SnapshotStoreContract
{
    private protected override ISnapshotStore Create() => new SimulatedStore(Some.Identity, TimeProvider.System, TimeSpan.FromSeconds(3)).Connect("tests");
}
