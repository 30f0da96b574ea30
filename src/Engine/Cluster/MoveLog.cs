using Amoe.Engine.Journal.Ownership;
namespace Amoe.Engine.Cluster;

/// <summary>Says which shards came and went: a few move at a time, many times a second, and a person is to read it.</summary>
internal sealed class MoveLog(TimeProvider time, Action<string> log)
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(1);
    private readonly HashSet<int> _taken = [];
    private readonly HashSet<int> _handedOver = [];
    private long _since;

    public void Took(IEnumerable<ShardEpoch> shards) => Note(_taken, shards);

    public void HandedOver(IEnumerable<ShardEpoch> shards) => Note(_handedOver, shards);

    /// <summary>Says in one line each what was taken and what was handed over since it was said last.</summary>
    /// <param name="isOver">Nothing more is coming that could be said with it.</param>
    public void Say(bool isOver)
    {
        if (!isOver && time.GetElapsedTime(_since) < SayEvery)
            return;
        Say("took", _taken);
        Say("handed over", _handedOver);
    }

    private void Note(HashSet<int> moved, IEnumerable<ShardEpoch> shards)
    {
        if (_taken.Count + _handedOver.Count == 0)
            _since = time.GetTimestamp();
        moved.UnionWith(shards.Select(shard => shard.Shard));
    }

    private void Say(string what, HashSet<int> moved)
    {
        if (moved.Count > 0)
            log($"{what} {ShardRanges.Text(moved)}");
        moved.Clear();
    }
}
