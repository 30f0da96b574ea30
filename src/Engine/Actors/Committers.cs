using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>As many committers as the journal takes appends at the same time, each for shards of its own.</summary>
internal sealed class Committers
{
    private readonly Committer[] _each;

    public Committers(IWritableJournal journal, EngineOptions options, TimeProvider time, IDispatcher dispatcher, IDispatcher deciders)
    {
        _each = [.. Enumerable.Range(0, journal.AppendersMax).Select(_ => new Committer(journal, options, time, dispatcher, deciders))];
        deciders.Idle += DecidersAreIdle;
    }

    /// <summary>How long transactions took, from the first byte to the promise that they are durable.</summary>
    public LatencyHistogram Latency => _each.Length == 1 ? _each[0].Latency : LatencyHistogram.Sum(_each.Select(committer => committer.Latency));

    /// <summary>Payload bytes appended since the start.</summary>
    public long AppendedBytes => _each.Sum(committer => committer.AppendedBytes);

    /// <summary>The last failure of the store, until an append succeeds again.</summary>
    public JournalException? Fault => Array.Find(_each, committer => committer.Fault is not null)?.Fault;

    public Committer Of(int shard) => _each[shard % _each.Length];

    private void DecidersAreIdle()
    {
        foreach (var committer in _each)
            committer.DecidersAreIdle();
    }
}
