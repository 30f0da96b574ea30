using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Cluster;

/// <summary>
/// Owns every shard of a journal, for what one process does with it as a whole: a simulation without hosts, adopting a rulebook. It keeps its lease until it is
/// disposed of, and shares with nobody meanwhile; the fence holds off whoever it should lose the lease to.
/// </summary>
internal sealed class ExclusiveOwner : WorkItem, IAsyncDisposable
{
    private readonly IOwnershipStore _store;
    private readonly IDispatcher _own;
    private readonly ClusterOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _leaseBegan;
    private volatile bool _isLeaving;
    private volatile string? _lost;

    private ExclusiveOwner(IOwnershipStore store, HostId me, IReadOnlyList<ShardEpoch> owned, ClusterOptions options, TimeProvider time, IDispatcher own, long leaseBegan)
        : base(own)
    {
        (_store, Me, Owned, _options, _time, _own, _leaseBegan) = (store, me, owned, options, time, own, leaseBegan);
        _timer = time.CreateTimer(_ => Schedule(), null, options.BeatEvery, options.BeatEvery);
    }

    /// <summary>Every shard, under the epoch it is written in.</summary>
    public IReadOnlyList<ShardEpoch> Owned { get; }

    /// <summary>As which host it has them.</summary>
    public HostId Me { get; }

    /// <summary>Why the lease was lost, in one line; null while it is kept.</summary>
    public string? Lost => _lost;

    /// <summary>Takes every shard. A host that has just died is waited for until its lease runs out.</summary>
    /// <param name="name">What others see in the place of an endpoint: this process takes no commands.</param>
    /// <exception cref="JournalException">Other hosts are alive, by name; or a shard is written in a version of events this build cannot read.</exception>
    public static Task<ExclusiveOwner> TakeAsync(IOwnershipStore store, string name, ClusterOptions options, TimeProvider time) =>
        TakeAsync(store, name, EventCodec.Version, options, time, new ThreadDispatcher("owner", 1));

    /// <summary>Under a given version of events, on a given dispatcher.</summary>
    internal static async Task<ExclusiveOwner> TakeAsync(IOwnershipStore store, string name, int format, ClusterOptions options, TimeProvider time, IDispatcher own)
    {
        try
        {
            await NobodyElse(store, options.Validated(), time);
            var began = time.GetTimestamp();
            var me = store.Join(name, format);
            var shards = store.Look().Shards.Select(shard => shard.Shard).ToList();
            var owned = store.Take(me, shards);
            if (owned.Count == shards.Count)
                return new ExclusiveOwner(store, me, owned, options, time, own, began);
            var view = store.Look();
            store.Leave(me);
            throw new JournalException(WhyNot(view, me, format));
        }
        catch
        {
            (own as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>Hands everything over and leaves. Nothing may be appended any more by then.</summary>
    public async ValueTask DisposeAsync()
    {
        _isLeaving = true;
        Schedule();
        await _own.Await(_left.Task);
        await _timer.DisposeAsync();
        (_own as IDisposable)?.Dispose();
    }

    protected override void Run()
    {
        if (_left.Task.IsCompleted)
            return;
        var now = _time.GetTimestamp();
        try
        {
            if (_isLeaving)
            {
                if (_lost is null)
                    _store.Leave(Me);
                _left.TrySetResult();
            }
            else if (_lost is null)
            {
                _store.Beat(Me, isLeaving: false);
                _leaseBegan = now;
            }
        }
        catch (LeaseLostException e)
        {
            _lost = e.Message;
        }
        catch (JournalException e)
        {
            // The lease runs out by itself.
            if (_isLeaving)
                _left.TrySetResult();
            else if (_time.GetElapsedTime(_leaseBegan, now) > _options.Lease)
                _lost = e.Message;
        }
    }

    private static async Task NobodyElse(IOwnershipStore store, ClusterOptions options, TimeProvider time)
    {
        var began = time.GetTimestamp();
        while (store.Look() is { Hosts.Count: > 0 } view)
        {
            if (time.GetElapsedTime(began) > options.Lease + options.BeatEvery)
                throw new JournalException(WhyNot(view, HostId.None, int.MaxValue));
            await Task.Delay(options.LookEvery, time);
        }
    }

    private static string WhyNot(ClusterView view, HostId me, int format)
    {
        var others = view.Hosts.Where(host => host.Id != me).ToList();
        return others.Count > 0
            ? $"the journal is in use by {string.Join(", ", others.Select(host => $"host {host.Id} at {host.Endpoint}"))}: this needs all of it. Stop {(others.Count == 1 ? "it" : "them")} first."
            : $"shards {ShardRanges.Text(view.Shards.Where(shard => shard.Format > format).Select(shard => shard.Shard))} of the journal are written in version "
                + $"{view.Shards.Max(shard => shard.Format)} of events, and this build reads version {format}. Use a newer build.";
    }
}
