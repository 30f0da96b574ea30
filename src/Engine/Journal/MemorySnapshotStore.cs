namespace Amoe.Engine.Journal;

/// <summary>Snapshots that last as long as the process.</summary>
internal sealed class MemorySnapshotStore : ISnapshotStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Snapshot> _snapshots = [];

    public long SnapshotBytes
    {
        get
        {
            lock (_gate)
                return _snapshots.Values.Sum(snapshot => (long)snapshot.Payload.Length);
        }
    }

    public void Save(int shard, long offset, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var snapshot = new Snapshot(shard, offset, payload.ToArray());
        lock (_gate)
            _snapshots[shard] = snapshot;
    }

    public Snapshot? Load(int shard)
    {
        lock (_gate)
            return _snapshots.GetValueOrDefault(shard);
    }

    public void Dispose()
    {
    }
}
