using Akka.Persistence;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

// The recovery of a partition from its snapshot and its log, up to its new incarnation.
internal partial class PartitionActor
{
    /// <summary>False where the snapshot is of no use: the framework then replays the log from its beginning.</summary>
    private bool TryRestore(SnapshotOffer offer)
    {
        var bytes = offer.Snapshot is PersistedSnapshot persisted ? persisted.Bytes : [];
        if (PartitionSnapshot.TryDecode(bytes, _host.NewState()) is not { } snapshot
            || snapshot.Position.SequenceNumber != offer.Metadata.SequenceNr)
            _host.Snapshots.Warn(PersistenceId, "cannot be read, so its log is read from the beginning");
        else if (!_host.Table.With(reader => reader.PassesThrough(_host.Partition, snapshot.Position)))
            _host.Snapshots.Warn(PersistenceId, "is of another journal, so its log is read from the beginning");
        else
        {
            (_state, _index, _chain) = (snapshot.State, snapshot.Index,
                new FrameChain(_host.Partition, snapshot.Position));
            _snapshots.Restored(bytes);
            _host.Progressed();
            return true;
        }

        // One of a future that this log does not have would be offered again and again.
        _host.DeleteSnapshots(long.MaxValue, Context);
        return false;
    }

    private void Follow(byte[] bytes)
    {
        var frame = _chain.Follow(bytes);
        if (frame.SequenceNumber != LastSequenceNr)
            throw new JournalException(
                $"{PersistenceId}: row {LastSequenceNr} has the frame with sequence number {frame.SequenceNumber}. Restore the journal from a copy.");
        _state.Apply(frame);
        _index.Add(frame.FirstRecord);
        _recent.Add(frame);
        _snapshots.Passed(bytes.Length);
        _host.Progressed();
    }

    /// <summary>Nothing is decided or sent before this is durable: commands wait, notices leave after it.</summary>
    private void StartIncarnation()
    {
        _host.RequireLease();
        var incarnation = _chain.Position.Incarnation + 1;
        var writer = new TurnWriter(_state.Buckets.Length);
        writer.Begin(_state.Offset, _state.Day);
        writer.Marks.Append(
            RecordHeader.Mark(CommandKind.StartIncarnation, _state.Day), [_host.Started(incarnation)], null);
        var frame = writer.Seal(_host.Partition, _chain.Position.NextSequenceNumber, incarnation)!;
        var encoded = _chain.Encode(frame);
        Persist(new PersistedFrame(encoded.Bytes), _ =>
        {
            _chain.Advance(encoded);
            _state.Apply(frame);
            _index.Add(frame.FirstRecord);
            _recent.Add(frame);
            _core = new PartitionCore(
                _host.Partition, incarnation, _state, _host.Recovered(_state), _host.Limits, _host.Relay);
            Send(Notices.From(_state));
            _host.Take(_state, _incarnation = incarnation);
            Serve();
        });
    }
}
