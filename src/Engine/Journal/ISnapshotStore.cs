namespace Amoe.Engine.Journal;

/// <summary>
/// Where shards keep their snapshots, apart from the log. Losing a snapshot loses nothing: recovery then replays more of the log. So trouble with it is told to
/// people and never thrown.
/// </summary>
public interface ISnapshotStore : IDisposable
{
    /// <summary>Keeps a shard's state as it was when <paramref name="offset"/> records were applied; replaces an older one.</summary>
    void Save(int shard, long offset, ReadOnlySpan<byte> payload);

    /// <summary>The latest snapshot of a shard that is intact, or null: a torn one is ignored.</summary>
    Snapshot? Load(int shard);

    /// <summary>Bytes of the snapshots' payloads now kept.</summary>
    long SnapshotBytes { get; }
}

/// <summary>A shard's state when <paramref name="Offset"/> records were applied.</summary>
public sealed record Snapshot(int Shard, long Offset, ReadOnlyMemory<byte> Payload);
