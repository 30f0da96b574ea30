using System.Collections.Concurrent;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Group commit: takes every turn that is ready, writes them in one transaction, and tells the shards. While it writes, shards decide their
/// next turns, and those are the next transaction. A shard that another host owns by now falls out of the transaction; the others go on.
/// </summary>
internal sealed class Committer(IWritableJournal journal, EngineOptions options, TimeProvider time, IDispatcher dispatcher, IDispatcher deciders) : WorkItem(dispatcher)
{
    private readonly ConcurrentQueue<PendingTurn> _ready = new();
    private readonly List<PendingTurn> _batch = [];
    private readonly List<Segment> _segments = [];
    private readonly List<ShardEpoch> _unwritten = [];
    private readonly HashSet<int> _written = [];
    private readonly HashSet<int> _fenced = [];

    /// <summary>How long transactions took, from the first byte to the promise that they are durable.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Payload bytes appended since the start.</summary>
    public long AppendedBytes { get; private set; }

    /// <summary>The last failure of the store, until an append succeeds again.</summary>
    public JournalException? Fault { get; private set; }

    public void Enqueue(PendingTurn turn)
    {
        _ready.Enqueue(turn);
        Schedule();
    }

    /// <summary>The deciders have nothing left to do: what waited for more turns waits no longer.</summary>
    public void DecidersAreIdle()
    {
        if (!_ready.IsEmpty)
            Schedule();
    }

    /// <summary>Makes sure that a shard is still its owner's.</summary>
    /// <exception cref="FencedException">Another host has it.</exception>
    public void Confirm(ShardEpoch owned) => journal.Confirm([owned]);

    protected override void Run()
    {
        // Worth waiting for more, and sure to come back: the next turn schedules this again, and so do deciders that run out of work.
        if (_ready.Count < options.CommitTurnsMin && deciders.IsBusy)
            return;
        Gather();
        if (_batch.Count == 0)
            return;
        var (written, unwritten) = (Append(), Confirm());
        foreach (var turn in _batch)
            Tell(turn, _fenced.Contains(turn.Shard.Index) ? CommitStatus.Fenced : _written.Contains(turn.Shard.Index) ? written : unwritten);
        if (!_ready.IsEmpty)
            Schedule();
    }

    private void Gather()
    {
        _batch.Clear();
        _segments.Clear();
        _written.Clear();
        _fenced.Clear();
        var bytes = 0L;
        while (bytes < options.CommitBytesMax && _ready.TryDequeue(out var turn))
        {
            // Decided on a state that was lost with an earlier turn: it must not reach the journal.
            if (turn.Incarnation <= turn.Shard.LostIncarnation)
            {
                turn.Shard.OnCommitted(turn, CommitStatus.Lost);
                continue;
            }

            _batch.Add(turn);
            if (turn.IsEmpty)
                continue;
            _segments.Add(turn.Segment);
            _written.Add(turn.Shard.Index);
            bytes += turn.Segment.Payload.Length;
        }
    }

    private CommitStatus Append()
    {
        while (_segments.Count > 0)
        {
            var start = time.GetTimestamp();
            try
            {
                journal.Append(_segments);
                Fault = null;
            }
            catch (FencedException e) when (_segments.RemoveAll(segment => e.Shards.Contains(segment.Shard)) > 0)
            {
                _fenced.UnionWith(e.Shards);
                continue;
            }
            catch (JournalException e)
            {
                // The reply of a commit can be lost though the commit stands: the log tells.
                if (!IsDurable())
                {
                    Fault = e;
                    return CommitStatus.Lost;
                }
            }

            Latency.Record(time.GetElapsedTime(start));
            foreach (var segment in _segments)
                AppendedBytes += segment.Payload.Length;
            break;
        }

        return CommitStatus.Durable;
    }

    /// <summary>
    /// Reads, and answers to what was decided before, come from memory. An append would have found that the shard is another host's by now; where nothing is
    /// appended the store is asked, after the turn was decided, so that a host that slept answers nothing out of date.
    /// </summary>
    private CommitStatus Confirm()
    {
        _unwritten.Clear();
        foreach (var turn in _batch)
        {
            if (!_written.Contains(turn.Shard.Index))
                _unwritten.Add(new ShardEpoch(turn.Shard.Index, turn.Shard.Epoch));
        }

        while (_unwritten.Count > 0)
        {
            try
            {
                journal.Confirm(_unwritten);
                break;
            }
            catch (FencedException e) when (_unwritten.RemoveAll(owned => e.Shards.Contains(owned.Shard)) > 0)
            {
                _fenced.UnionWith(e.Shards);
            }
            catch (JournalException e)
            {
                Fault = e;
                return CommitStatus.Lost;
            }
        }

        return CommitStatus.Durable;
    }

    private static void Tell(PendingTurn turn, CommitStatus status)
    {
        if (status != CommitStatus.Durable)
            turn.Shard.LostIncarnation = Math.Max(turn.Incarnation, turn.Shard.LostIncarnation);
        turn.Shard.OnCommitted(turn, status);
    }

    /// <summary>
    /// By the segments themselves: where a shard has changed hands since, its head may lie past the end of what was to be written and not one byte of it
    /// stand.
    /// </summary>
    private bool IsDurable()
    {
        try
        {
            return _segments.TrueForAll(Stands);
        }
        catch (JournalException)
        {
            // The store answers nothing: nothing is known to stand, and the shards will read it again before they decide.
            return false;
        }
    }

    private bool Stands(Segment segment) =>
        journal.Head(segment.Shard) >= segment.Offset + segment.Count
        && journal.Read(segment.Shard, segment.Offset).First() is var found
        && (found.Offset, found.Epoch, found.Checksum) == (segment.Offset, segment.Epoch, segment.Checksum)
        && found.Payload.Span.SequenceEqual(segment.Payload.Span);
}
