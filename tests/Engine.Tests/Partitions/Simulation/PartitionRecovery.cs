using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// Recovers one partition: the snapshots of its buckets, each of another moment or missing, and the frames from the
/// earliest on. Now and then compares that with a replay of every frame.
/// </summary>
internal sealed class PartitionRecovery(
    int partition, SimulatedFrames frames, SimulatedSnapshots snapshots, IActorLogic logic, SimulationOptions options,
    Dice dice)
{
    private int _buckets = 1;

    /// <summary>The partition starts: from now on it has another number of buckets.</summary>
    public void Restart() => _buckets = dice.Of([.. options.Buckets]);

    public void Save(int bucket, int buckets, BucketSnapshot snapshot) =>
        snapshots.Save(partition, buckets, bucket, snapshot);

    /// <summary>The state, and the chain that its next frame follows.</summary>
    /// <param name="relay">
    /// The relay that knows how far ledger partitions have come, for the partition's outbox.
    /// </param>
    public (PartitionState State, FrameChain Chain) Recover(Relay? relay)
    {
        var state = NewState(_buckets, relay);
        var position = ReadSnapshots(state);
        if ((state.Offset, state.SequenceNumber) != (position.NextRecord, position.SequenceNumber))
            throw new InvalidOperationException(
                $"partition {partition}: its snapshots begin at {position}, its state at {state.SequenceNumber}");
        var chain = Replay(state, position);
        if (options.VerifiesRecovery
            && dice.Chance(5)
            && StateComparison.Difference(Replayed(), state) is { } difference)
            throw new InvalidOperationException(
                $"partition {partition} recovers from snapshots behind frame {position.SequenceNumber}: {difference}");
        return (state, chain);
    }

    /// <summary>The state that a replay of all frames gives, in one bucket.</summary>
    public PartitionState Replayed()
    {
        var state = NewState(buckets: 1, relay: null);
        Replay(state, default);
        return state;
    }

    private FrameChain Replay(PartitionState state, FramePosition position)
    {
        var chain = new FrameChain(partition, position);
        foreach (var bytes in frames.After(partition, position.SequenceNumber))
            state.Apply(chain.Follow(bytes));
        return chain;
    }

    /// <summary>Reads the existing snapshots, and returns the position of the earliest.</summary>
    private FramePosition ReadSnapshots(PartitionState state)
    {
        var position = new FramePosition(long.MaxValue, 0, 0, 0);
        foreach (var bucket in state.Buckets)
        {
            var found = Choose(snapshots.Of(partition, _buckets, bucket.Index));
            if (found is not null && !SnapshotCodec.TryRead(found.Bytes, state))
                throw new InvalidOperationException(
                    $"partition {partition}: the snapshot of bucket {bucket.Index} behind {found.Position} is not read");
            var at = found?.Position ?? default;
            position = at.SequenceNumber < position.SequenceNumber ? at : position;
        }

        return position;
    }

    private BucketSnapshot? Choose(IReadOnlyList<BucketSnapshot> kept)
    {
        if (kept.Count == 0)
            return null;
        if (!options.LosesSnapshots)
            return kept[^1];
        return dice.Chance(3) ? null : kept[dice.Chance(90) ? kept.Count - 1 : dice.Below(kept.Count)];
    }

    /// <summary>The partition before its first frame.</summary>
    public PartitionState NewState(int buckets, Relay? relay)
    {
        var (students, parties) = (frames.Identity.StudentPartitions, frames.Identity.LedgerPartitions);
        return new PartitionState(logic, buckets)
        {
            Outbox = partition < students && parties > 0 ? new Outbox(partition, relay) : null,
            Ledgers = partition < students ? null : new LedgerBook(students),
        };
    }
}
