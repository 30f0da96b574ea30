using System.Collections.Concurrent;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Group commit: takes every turn that is ready, writes them in one transaction, and tells the shards. While it writes, shards decide their
/// next turns, and those are the next transaction.
/// </summary>
internal sealed class Committer(IJournal journal, EngineOptions options, TimeProvider time, IDispatcher dispatcher, IDispatcher deciders) : WorkItem(dispatcher)
{
    private readonly ConcurrentQueue<Turn> _ready = new();
    private readonly List<Turn> _batch = [];
    private readonly List<Segment> _segments = [];
    private readonly int[] _lostGeneration = NewGenerations(journal.Identity.TotalShards);

    /// <summary>How long transactions took, from the first byte to the promise that they are durable.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Payload bytes appended since the start.</summary>
    public long AppendedBytes { get; private set; }

    /// <summary>The last failure of the store, until an append succeeds again.</summary>
    public JournalException? Fault { get; private set; }

    public void Enqueue(Turn turn)
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

    protected override void Run()
    {
        // Worth waiting for more, and sure to come back: the next turn schedules this again, and so do deciders that run out of work.
        if (_ready.Count < options.CommitTurnsMin && deciders.IsBusy)
            return;
        Gather();
        if (_batch.Count == 0)
            return;
        var fate = Commit();
        foreach (var turn in _batch)
        {
            if (fate == TurnFate.Lost)
                _lostGeneration[turn.Shard.Index] = Math.Max(turn.Generation, _lostGeneration[turn.Shard.Index]);
            turn.Shard.OnFate(turn, fate);
        }

        if (!_ready.IsEmpty)
            Schedule();
    }

    private void Gather()
    {
        _batch.Clear();
        _segments.Clear();
        var bytes = 0L;
        while (bytes < options.CommitBytesMax && _ready.TryDequeue(out var turn))
        {
            // Decided on a state that was lost with an earlier turn: it must not reach the journal.
            if (turn.Generation <= _lostGeneration[turn.Shard.Index])
            {
                turn.Shard.OnFate(turn, TurnFate.Lost);
                continue;
            }

            _batch.Add(turn);
            if (turn.IsEmpty)
                continue;
            _segments.Add(turn.Segment);
            bytes += turn.Segment.Payload.Length;
        }
    }

    private TurnFate Commit()
    {
        if (_segments.Count == 0)
            return TurnFate.Durable;
        var start = time.GetTimestamp();
        try
        {
            journal.Append(_segments);
            Fault = null;
        }
        catch (JournalException e)
        {
            // The reply of a commit can be lost though the commit stands: the heads tell.
            if (!IsDurable())
            {
                Fault = e;
                return TurnFate.Lost;
            }
        }

        Latency.Record(time.GetElapsedTime(start));
        foreach (var segment in _segments)
            AppendedBytes += segment.Payload.Length;
        return TurnFate.Durable;
    }

    private bool IsDurable()
    {
        try
        {
            return _segments.TrueForAll(segment => journal.Head(segment.Shard) >= segment.Offset + segment.Count);
        }
        catch (JournalException)
        {
            // The store answers nothing: nothing is known to stand, and the shards will read it again before they decide.
            return false;
        }
    }

    private static int[] NewGenerations(int shards)
    {
        var generations = new int[shards];
        Array.Fill(generations, -1);
        return generations;
    }
}
