using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Cluster;

/// <summary>
/// The shards a host has, and how far it is with each. The member's thread changes them; what happened to a shard on other threads is heard by that thread.
/// </summary>
internal sealed class Holdings
{
    // What cannot be read is tried again ever less often, up to this many times as long.
    private const int FailuresCounted = 15;
    private readonly SortedDictionary<int, Holding> _held = [];
    private readonly ConcurrentQueue<Notice> _notices = new();
    private readonly AmoeRuntime _runtime;
    private readonly IDispatcher _recover;
    private readonly Action _wake;
    private readonly TimeProvider _time;
    private readonly ClusterOptions _options;
    private readonly Action<string> _log;

    /// <param name="wake">Told when there is something to hear.</param>
    public Holdings(AmoeRuntime runtime, IDispatcher recover, Action wake, TimeProvider time, ClusterOptions options, Action<string> log)
    {
        (_runtime, _recover, _wake, _time, _options, _log) = (runtime, recover, wake, time, options, log);
        runtime.Closed = shard => Tell(new Notice(shard, News.Closed));
        runtime.Fenced = shard => Tell(new Notice(shard, News.Fenced));
    }

    public bool IsEmpty => _held.Count == 0;

    public int Count => _held.Count;

    /// <summary>Taken and not served yet. One that failed waits for its time and keeps nobody else back.</summary>
    public int RecoveringCount => _held.Values.Count(holding => holding.Phase == ShardPhase.Recovering);

    /// <summary>True while one is on its way here or away.</summary>
    public bool AreMoving => _held.Values.Any(holding => holding.Phase is not (ShardPhase.Serving or ShardPhase.Failed));

    /// <summary>Lost to others, since the beginning.</summary>
    public long FencedCount { get; private set; }

    public bool Has(int shard) => _held.ContainsKey(shard);

    public IReadOnlyList<HeldShard> List() => [.. _held.Values.Select(holding => new HeldShard(holding.Owned.Shard, holding.Owned.Epoch, holding.Phase, null))];

    /// <summary>Hears what happened on other threads since. True when it changes what is served.</summary>
    public bool Hear()
    {
        var hasChanged = false;
        while (_notices.TryDequeue(out var notice))
        {
            if (!_held.TryGetValue(notice.Shard.Shard, out var holding) || holding.Owned != notice.Shard)
                continue;
            hasChanged = true;
            switch (notice.What)
            {
                case News.Served when holding.IsLost:
                    Close(holding);
                    break;
                case News.Served:
                    holding.Phase = ShardPhase.Serving;
                    break;
                case News.NotRead when holding.IsLost:
                    Remove(notice.Shard);
                    break;
                case News.NotRead:
                    holding.Phase = ShardPhase.Failed;
                    holding.FailedAt = _time.GetTimestamp();
                    holding.Failures++;
                    _log($"shard {notice.Shard.Shard} cannot be recovered and is tried again: {notice.Why}");
                    break;
                case News.Closed when !holding.IsLost:
                    holding.Phase = ShardPhase.Drained;
                    break;
                case News.Fenced when !holding.IsLost:
                    CountFenced(holding);
                    Remove(notice.Shard);
                    break;
                default:
                    Remove(notice.Shard);
                    break;
            }
        }

        return hasChanged;
    }

    /// <summary>Holds what it has against what the store says, which was asked after all that this host did. True when something differed.</summary>
    public bool Settle(ClusterView view, HostId me)
    {
        var hasChanged = false;
        foreach (var holding in _held.Values.Where(holding => !holding.IsLost).ToList())
        {
            var entry = view.Shards[holding.Owned.Shard];
            if (entry.Owner == me && entry.Epoch == holding.Owned.Epoch)
                continue;
            hasChanged = true;

            // One that was drained had been released, and the reply was lost.
            if (holding.Phase != ShardPhase.Drained)
                CountFenced(holding);
            Lose(holding);
        }

        // Taken, and the reply was lost.
        foreach (var entry in view.Shards.Where(entry => entry.Owner == me && !Has(entry.Shard)))
        {
            hasChanged = true;
            Recover(new ShardEpoch(entry.Shard, entry.Epoch));
        }

        foreach (var holding in _held.Values.Where(holding => holding.Phase == ShardPhase.Failed))
        {
            if (_time.GetElapsedTime(holding.FailedAt) >= _options.RetryAfter * Math.Min(holding.Failures, FailuresCounted))
                Begin(holding);
        }

        return hasChanged;
    }

    public void Recover(ShardEpoch owned)
    {
        var holding = new Holding(owned);
        _held.Add(owned.Shard, holding);
        Begin(holding);
    }

    /// <summary>Closes those of the shards that are served, so many that no more than a number are closed and not handed over. What could not be recovered is free to go.</summary>
    public void Close(IReadOnlyList<int> shards, int most)
    {
        most -= _held.Values.Count(holding => holding.Phase is ShardPhase.Draining or ShardPhase.Drained);
        foreach (var shard in shards)
        {
            if (most <= 0)
                return;
            if (!_held.TryGetValue(shard, out var holding) || holding.Phase is not (ShardPhase.Serving or ShardPhase.Failed))
                continue;
            most--;
            if (holding.Phase == ShardPhase.Serving)
                Close(holding);
            else
                holding.Phase = ShardPhase.Drained;
        }
    }

    /// <summary>What can be handed over now.</summary>
    public IReadOnlyList<ShardEpoch> Drained() => [.. _held.Values.Where(holding => holding.Phase == ShardPhase.Drained && !holding.IsLost).Select(holding => holding.Owned)];

    public void Remove(ShardEpoch shard) => _held.Remove(shard.Shard);

    /// <summary>Closes everything; nothing of it is handed over any more.</summary>
    public void LoseAll()
    {
        foreach (var holding in _held.Values.ToList())
            Lose(holding);
    }

    private void Lose(Holding holding)
    {
        holding.IsLost = true;
        if (holding.Phase == ShardPhase.Serving)
            Close(holding);
        else if (holding.Phase is ShardPhase.Drained or ShardPhase.Failed)
            Remove(holding.Owned);
    }

    private void Close(Holding holding)
    {
        holding.Phase = ShardPhase.Draining;
        _runtime.Close(holding.Owned.Shard);
    }

    private void CountFenced(Holding holding)
    {
        FencedCount++;
        _log($"shard {holding.Owned.Shard} of epoch {holding.Owned.Epoch} is another host's by now: dropped, and what was in flight is answered unknown");
    }

    private void Begin(Holding holding)
    {
        holding.Phase = ShardPhase.Recovering;
        new Recovery(this, holding.Owned).Schedule();
    }

    private void Tell(in Notice notice)
    {
        _notices.Enqueue(notice);
        _wake();
    }

    private enum News : byte
    {
        Served,
        NotRead,
        Closed,
        Fenced,
    }

    private readonly record struct Notice(ShardEpoch Shard, News What, string? Why = null);

    private sealed class Holding(ShardEpoch owned)
    {
        public ShardEpoch Owned { get; } = owned;

        public ShardPhase Phase { get; set; }

        public long FailedAt { get; set; }

        /// <summary>Times in a row that it could not be recovered.</summary>
        public int Failures { get; set; }

        /// <summary>Another host's by now: it is closed and not handed over.</summary>
        public bool IsLost { get; set; }
    }

    /// <summary>Reads a shard's log, away from the beats.</summary>
    private sealed class Recovery(Holdings holdings, ShardEpoch shard) : WorkItem(holdings._recover)
    {
        protected override void Run()
        {
            try
            {
                holdings._runtime.Open(shard);
                holdings.Tell(new Notice(shard, News.Served));
            }
            catch (FencedException)
            {
                holdings.Tell(new Notice(shard, News.Fenced));
            }
            catch (JournalException e)
            {
                holdings.Tell(new Notice(shard, News.NotRead, e.Message));
            }
        }
    }
}
