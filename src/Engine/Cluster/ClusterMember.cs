using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Cluster;

/// <summary>
/// A host's part in the cluster: joins, keeps its lease, takes its fair share of the shards, hands over what is above it, and drops what it lost. Only
/// here is the store of ownership called, by one thread, so that no beat waits behind work. Nothing rests on this host's clock but when it asks:
/// what it may write and answer, the fence says.
/// </summary>
internal sealed class ClusterMember : WorkItem, IDisposable
{
    private readonly AmoeRuntime _runtime;
    private readonly IOwnershipStore _store;
    private readonly ClusterOptions _options;
    private readonly string _endpoint;
    private readonly int _format;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private readonly ITimer _timer;
    private readonly Holdings _held;
    private readonly MoveLog _moves;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<int> _handedOver = [];
    private volatile ClusterView? _view;
    private volatile Published _published;
    private HostId _me;
    private long? _leaseBegan;
    private long _handedOverAt;
    private long? _movedAt;
    private long _lookedAt;
    private string? _trouble;
    private (long Taken, long Released, long LeasesLost) _counts;
    private volatile bool _isLeaving;

    /// <param name="runtime">Opens and closes shards as they come and go.</param>
    /// <param name="endpoint">Where this host takes commands, for the others.</param>
    /// <param name="format">The newest version of events it reads, and the one it writes.</param>
    /// <param name="own">Runs the member; nothing else that could make a beat wait.</param>
    /// <param name="recover">Runs recoveries.</param>
    /// <param name="log">Told, in one line each, of what a person who watches would want to know.</param>
    public ClusterMember(
        AmoeRuntime runtime, IOwnershipStore store, ClusterOptions options, string endpoint, int format, TimeProvider time, IDispatcher own, IDispatcher recover,
        Action<string> log)
        : base(own)
    {
        (_runtime, _store, _options, _endpoint, _format, _time, _log) = (runtime, store, options.Validated(), endpoint, format, time, log);
        _held = new Holdings(runtime, recover, Schedule, time, options, log);
        _moves = new MoveLog(time, log);
        _published = NewState();
        _timer = time.CreateTimer(_ => Schedule(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told, by the member's thread, when hosts or owners have changed, or what this host serves.</summary>
    public Action? Changed { get; set; }

    /// <summary>Who has what, as it was last seen; null before the first look.</summary>
    public ClusterView? View => _view;

    /// <summary>This host's present life.</summary>
    public HostId Me => _published.State.Host;

    /// <summary>How it stands; the age of the last beat and the heads as of now.</summary>
    public MemberState State
    {
        get
        {
            var (state, leaseBegan) = _published;
            return state with
            {
                IsLeaving = _isLeaving,
                SinceBeat = leaseBegan is { } began ? _time.GetElapsedTime(began) : null,
                Shards = [.. state.Shards.Select(shard => shard with { Head = _runtime.Find(shard.Shard)?.State.Offset })],
            };
        }
    }

    /// <summary>Joins, and takes shards from then on.</summary>
    public void Start() => Schedule();

    /// <summary>
    /// Hands everything over, a few shards at a time so that each is unserved only while its next owner recovers it, and leaves. Done when nothing is left,
    /// or when the store has not answered for longer than a lease and nothing can be handed over any more.
    /// </summary>
    public Task StopAsync()
    {
        _isLeaving = true;
        Schedule();
        return _left.Task;
    }

    public void Dispose() => _timer.Dispose();

    protected override void Run()
    {
        if (_left.Task.IsCompleted)
            return;
        var hasChanged = _held.Hear();
        try
        {
            hasChanged |= Look();
            hasChanged |= Act();
            if (_trouble is not null)
                _log("the store of ownership answers again");
            _trouble = null;
        }
        catch (LeaseLostException e)
        {
            LoseAll(e.Message);
        }
        catch (JournalException e)
        {
            if (_trouble is null)
                _log($"the store of ownership does not answer: {e.Message}");
            _trouble = e.Message;
            if (_leaseBegan is { } began && _time.GetElapsedTime(began) > _options.Lease)
                LoseAll("it could not be reached for longer than the lease");
        }

        _published = NewState();
        if (hasChanged)
            Changed?.Invoke();
        var isUnderWay = IsUnderWay();
        _moves.Say(isOver: !isUnderWay);
        if (_isLeaving && _me == HostId.None && _held.IsEmpty)
            _left.TrySetResult();
        else
            _timer.Change(_trouble is null && isUnderWay ? _options.LookSoonEvery : _options.LookEvery, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Joins first, if need be. True when the view is another than before.</summary>
    private bool Look()
    {
        var now = _time.GetTimestamp();
        if (_me == HostId.None)
        {
            if (_isLeaving)
                return false;
            _me = _store.Join(_endpoint, _format);
            _leaseBegan = now;
            _log($"joined as host {_me} at {_endpoint}");
        }
        else if (_view is not null && _time.GetElapsedTime(_lookedAt, now) < _options.LookSoonEvery)
        {
            return false;
        }

        // Others are to hear at once that it leaves.
        var hasNews = _view?.Hosts.FirstOrDefault(host => host.Id == _me) is not { } self || self.IsLeaving != _isLeaving;
        var isDue = hasNews || _time.GetElapsedTime(_leaseBegan ?? 0, now) >= _options.BeatEvery;
        var view = isDue ? null : _store.Look();

        // One that came late, and lost nothing yet, is in time as soon as it beats.
        if (view is null || view.Hosts.All(host => host.Id != _me))
        {
            view = _store.Beat(_me, _isLeaving);
            _leaseBegan = now;
        }

        _lookedAt = now;
        var hasChanged = _view is not { } before || !view.HasSameOwners(before);
        _view = view;
        return _held.Settle(view, _me) || hasChanged;
    }

    /// <summary>Takes, hands over, releases. True when it did.</summary>
    private bool Act()
    {
        if (_me == HostId.None)
            return false;
        var hasReleased = Release();
        if (_isLeaving && _held.IsEmpty)
        {
            _store.Leave(_me);
            _moves.Say(isOver: true);
            _log($"host {_me} left");
            (_me, _leaseBegan) = (HostId.None, null);
            return true;
        }

        var share = FairShare.Of(_view!, _me, _runtime.ShardCount);
        HandOver(share.HandOver);
        return Take(share.Take) || hasReleased;
    }

    private bool Release()
    {
        var drained = _held.Drained();
        if (drained.Count == 0)
            return false;
        _store.Release(_me, drained);
        _counts.Released += drained.Count;
        _movedAt = _handedOverAt = _time.GetTimestamp();
        foreach (var shard in drained)
        {
            _handedOver.Add(shard.Shard);
            _held.Remove(shard);
        }

        _view = _view!.With(HostId.None, drained);
        _moves.HandedOver(drained);
        return true;
    }

    /// <summary>As many as may be unserved at a time: those handed over that nobody took yet count too, while somebody can be waited for.</summary>
    private void HandOver(IReadOnlyList<int> surplus)
    {
        _handedOver.RemoveWhere(shard => _view!.Shards[shard].Owner != HostId.None);
        if (_time.GetElapsedTime(_handedOverAt) > _options.HandOverPatience)
            _handedOver.Clear();
        var isAnybodyThere = _view!.Hosts.Any(host => host.Id != _me && !host.IsLeaving);
        _held.Close(surplus, isAnybodyThere ? _options.HandOverMax - _handedOver.Count : int.MaxValue);
    }

    private bool Take(IReadOnlyList<int> free)
    {
        // Not one by one as recoveries end: each taking is a transaction.
        var most = _options.RecoveriesMax - _held.RecoveringCount;
        if (most * 2 < _options.RecoveriesMax)
            return false;
        List<int> wanted = [.. free.Where(shard => !_held.Has(shard)).Take(most)];
        if (wanted.Count == 0)
            return false;
        var taken = _store.Take(_me, wanted);
        if (taken.Count == 0)
            return false;
        _counts.Taken += taken.Count;
        _view = _view!.With(_me, taken);
        _movedAt = _time.GetTimestamp();
        _moves.Took(taken);
        foreach (var shard in taken)
            _held.Recover(shard);
        return true;
    }

    /// <summary>Everything is another host's by now, or will be. What is in flight is answered <see cref="Domain.Outcome.Unknown"/> where the fence refuses it.</summary>
    private void LoseAll(string why)
    {
        if (_me == HostId.None)
            return;
        _moves.Say(isOver: true);
        _log($"host {_me} has lost its lease and its {_held.Count} shards: {why}");
        _counts.LeasesLost++;
        (_me, _leaseBegan) = (HostId.None, null);
        _held.LoseAll();
    }

    /// <summary>Shards are on their way from one host to another, or soon will be: where some just moved, the next are about to be handed over.</summary>
    private bool IsUnderWay() =>
        _held.AreMoving || (_movedAt is { } movedAt && _time.GetElapsedTime(movedAt) < _options.HandOverPatience)
        || _view is not { } view || view.Hosts.Any(host => host.IsLeaving || host.Id == _me && _isLeaving)
        || view.Shards.Any(shard => shard.Format <= _format && view.Hosts.All(host => host.Id != shard.Owner));

    private Published NewState() => new(
        new MemberState(_me, _endpoint, _format, _isLeaving, _held.List(), null, _trouble, _counts.Taken, _counts.Released, _held.FencedCount, _counts.LeasesLost), _leaseBegan);

    private sealed record Published(MemberState State, long? LeaseBegan);
}
