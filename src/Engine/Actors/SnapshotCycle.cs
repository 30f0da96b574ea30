using Akka.Actor;
using Akka.Persistence;

namespace Amoe.Engine.Actors;

/// <summary>When a partition's next snapshot is due, and what becomes of the one that is being kept.</summary>
internal sealed class SnapshotCycle(PartitionHost host)
{
    // Bytes of frames since the last snapshot, and after how many the next is due.
    private long _since;
    private long _dueAfter = host.SnapshotEveryBytes;
    private bool _isSaving;

    public bool IsDue => _since >= _dueAfter && !_isSaving;

    /// <summary>A frame was written, or read in recovery.</summary>
    public void Passed(int bytes) => _since += bytes;

    /// <summary>Recovery began from a snapshot.</summary>
    public void Restored(byte[] snapshot) => _dueAfter = DueAfter(snapshot);

    /// <summary>Keeps a snapshot.</summary>
    /// <param name="sequenceNumber">Of the last frame that is in it.</param>
    public void Save(byte[] snapshot, long sequenceNumber, IActorContext actor)
    {
        _isSaving = host.TrySave(new PersistedSnapshot(snapshot), sequenceNumber, actor);
        (_since, _dueAfter) = (0, DueAfter(snapshot));
    }

    /// <summary>Takes what the snapshot store answers; false for any other message.</summary>
    public bool TryTake(object message, IActorContext actor)
    {
        switch (message)
        {
            case SaveSnapshotSuccess saved:
                _isSaving = false;
                host.DeleteSnapshots(saved.Metadata.SequenceNr - 1, actor);
                return true;
            case SaveSnapshotFailure failure:
                _isSaving = false;
                host.Snapshots.Warn(host.PersistenceId, $"was not kept: {failure.Cause.Message}");
                return true;
            case DeleteSnapshotsFailure failure:
                host.Snapshots.Warn(
                    host.PersistenceId, $"is not the only one, an older one was not deleted: {failure.Cause.Message}");
                return true;
            case DeleteSnapshotsSuccess:
                return true;
            default:
                return false;
        }
    }

    /// <summary>Twice its size, so that snapshots of many students are no more than half of what is written.</summary>
    private long DueAfter(byte[] snapshot) => Math.Max(host.SnapshotEveryBytes, 2L * snapshot.Length);
}
