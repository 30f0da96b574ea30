using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>One process may need all of a journal: it has every shard, or says who has not let it.</summary>
public sealed class ExclusiveOwnerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ClusterOptions _options = new();
    private readonly VirtualTime _time = new();
    private readonly SeededDispatcher _dispatcher = new(1);
    private readonly MemoryOwnership _store;

    public ExclusiveOwnerTests() => _store = new MemoryOwnership(8, _time, _options.Lease);

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task It_has_every_shard_until_it_ends_and_leaves_them_free()
    {
        var owner = await Take();
        Assert.Equal(Enumerable.Range(0, 8).Select(shard => new ShardEpoch(shard, 1)), owner.Owned);
        for (var i = 0; i < 20; i++)
            await Pass(_options.BeatEvery);
        var other = _store.Join("http://other", 1);
        Assert.Empty(_store.Take(other, [0, 1, 2]));
        Assert.Null(owner.Lost);

        await owner.DisposeAsync();
        Assert.Equal([new ShardEpoch(0, 2)], _store.Take(other, [0]));
    }

    [Fact]
    public async Task While_hosts_are_alive_it_takes_nothing_and_names_them()
    {
        var other = _store.Join("http://other", 1);
        _store.Take(other, [3]);
        var taking = Take();
        while (!taking.IsCompleted)
        {
            await PassWhatItWaitsFor();
            _store.Beat(other, isLeaving: false);
        }

        var refusal = await Assert.ThrowsAsync<JournalException>(() => taking);
        Assert.Contains("in use by host 1 at http://other", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal([other], _store.Look().Hosts.Select(host => host.Id));
    }

    [Fact]
    public async Task A_host_that_has_just_died_is_waited_for()
    {
        _store.Take(_store.Join("http://dead", 1), [3]);
        var taking = Take();
        while (!taking.IsCompleted)
            await PassWhatItWaitsFor();
        Assert.Equal(8, (await taking).Owned.Count);
    }

    [Fact]
    public async Task What_a_newer_build_has_written_it_does_not_take()
    {
        var newer = _store.Join("http://newer", 2);
        _store.Take(newer, [3, 4]);
        _store.Leave(newer);
        var refusal = await Assert.ThrowsAsync<JournalException>(Take);
        Assert.Contains("shards 3-4 of the journal are written in version 2", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_store.Look().Hosts);
    }

    [Fact]
    public async Task One_that_is_struck_off_says_so()
    {
        var owner = await Take();
        _store.Leave(owner.Me);
        await Pass(_options.BeatEvery);
        using var patience = new CancellationTokenSource(Patience);
        while (owner.Lost is null)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Pass(_options.BeatEvery);
        }

        Assert.Contains("struck off", owner.Lost, StringComparison.Ordinal);
        await owner.DisposeAsync();
    }

    private Task<ExclusiveOwner> Take() => ExclusiveOwner.TakeAsync(_store, "simulate", format: 1, _options, _time, _dispatcher);

    /// <summary>No time passes while it does something: it works on another thread, and would find that it had taken as long as the test went ahead of it.</summary>
    private async Task PassWhatItWaitsFor()
    {
        if (!_time.RunNext())
            await Task.Yield();
    }

    /// <summary>Lets a time pass, and whoever waited for it go on.</summary>
    private async Task Pass(TimeSpan time)
    {
        _time.Advance(time);
        _dispatcher.RunUntilIdle();
        await Task.Yield();
    }
}
