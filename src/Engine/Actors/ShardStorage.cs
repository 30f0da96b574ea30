using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>What a shard reads and keeps outside its memory: its journal and its snapshot.</summary>
/// <param name="post">Which batches of a student shard need not be kept any more; null where nothing crosses shards.</param>
internal sealed class ShardStorage(IJournal journal, ISnapshotStore? snapshots, PostOffice? post = null)
{
    // Used again from snapshot to snapshot, by one shard at a time: a buffer of its own for each would be garbage that the collector finds only by looking
    // through everything.
    private readonly ByteWriter _snapshot = new();
    private int _snapshotting;

    /// <summary>Snapshot and tail, and the tail's size in bytes.</summary>
    /// <exception cref="JournalException">The journal is torn, corrupt or has a gap, by shard and offset.</exception>
    public (PartitionState State, long TailBytes) Recover(int shard, IActorLogic logic)
    {
        var state = FromSnapshot(shard, logic) ?? NewState(shard, logic);
        var bytes = 0L;
        foreach (var segment in journal.Read(shard, state.Offset))
        {
            state.Apply(segment);
            bytes += segment.Payload.Length;
        }

        return (state, bytes);
    }

    /// <summary>A shard before its first record.</summary>
    public PartitionState NewState(int shard, IActorLogic logic)
    {
        var (students, parties) = (journal.Identity.ShardCount, journal.Identity.PartyShardCount);
        return new PartitionState(logic)
        {
            Outbox = shard < students && parties > 0 ? new Outbox(shard, post) : null,
            Ledgers = shard < students ? null : new LedgerBook(students),
        };
    }

    /// <summary>Keeps a snapshot, unless another shard is at it: one at a time, so that snapshots never take the machine from the turns.</summary>
    public bool TrySaveSnapshot(int shard, PartitionCore core)
    {
        if (snapshots is null || Interlocked.CompareExchange(ref _snapshotting, 1, 0) != 0)
            return false;
        try
        {
            _snapshot.Truncate(0);
            core.Snapshot(0, _snapshot);
            snapshots.Save(shard, core.State.Offset, _snapshot.Written);
            return true;
        }
        finally
        {
            Volatile.Write(ref _snapshotting, 0);
        }
    }

    /// <summary>Reads back what a core needs.</summary>
    /// <param name="uncommitted">The segments of turns that are not known to be durable, in order.</param>
    /// <exception cref="JournalUnavailableException">The journal does not answer: nothing is known of any of it.</exception>
    public IReadOnlyList<ReadResult> ReadBack(int shard, IReadOnlyList<ReadRequest> requests, IActorLogic logic, IReadOnlyList<Segment> uncommitted, ReadBackFigures figures)
    {
        var reader = new RecordReader(logic, () => new PartitionState(logic));
        ReadResult[] results = [.. reader.Read(requests, new SegmentSource(journal, shard, uncommitted))];
        figures.Add(reader.ClaimsRead, reader.RecordsRead);
        return results;
    }

    private PartitionState? FromSnapshot(int shard, IActorLogic logic)
    {
        if (snapshots?.Load(shard) is not { } snapshot)
            return null;
        if (snapshot.Offset > journal.Head(shard))
        {
            // Of a future that a journal restored from a copy does not have: once that has grown past it, the offset alone would not tell.
            snapshots.Save(shard, 0, []);
            return null;
        }

        try
        {
            var state = NewState(shard, logic);
            return SnapshotCodec.TryRead(snapshot.Payload.Span, state) && state.Offset == snapshot.Offset ? state : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
