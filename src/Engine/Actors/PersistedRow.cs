using Akka.Actor;
using Akka.Serialization;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>An event or a snapshot as its table has it: its bytes are the row's.</summary>
internal abstract record PersistedRow(byte[] Bytes);

/// <summary>
/// The event that a partition persists: what one turn decided, encoded and chained to the frame before.
/// </summary>
internal sealed record PersistedFrame(byte[] Bytes) : PersistedRow(Bytes);

/// <summary>The event that the journal's own actor persists: an entry, encoded and chained to the one before.</summary>
internal sealed record PersistedEntry(byte[] Bytes) : PersistedRow(Bytes);

/// <summary>A partition's state at one of its frames, encoded by <see cref="PartitionSnapshot"/>.</summary>
internal sealed record PersistedSnapshot(byte[] Bytes) : PersistedRow(Bytes);

/// <summary>Nothing is copied, wrapped or described.</summary>
internal sealed class RowSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => JournalTable.SerializerId;

    public override string Manifest(object o) => o switch
    {
        PersistedEntry => JournalTable.EntryManifest,
        PersistedSnapshot => SnapshotFile.Manifest,
        _ => JournalTable.FrameManifest,
    };

    public override byte[] ToBinary(object obj) => ((PersistedRow)obj).Bytes;

    /// <exception cref="JournalException">The row is neither.</exception>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        JournalTable.FrameManifest => new PersistedFrame(bytes),
        JournalTable.EntryManifest => new PersistedEntry(bytes),
        SnapshotFile.Manifest => new PersistedSnapshot(bytes),
        _ =>
            throw new JournalException(
                $"a row of the journal has the manifest «{manifest}», which is none of its own. Restore the journal from a copy."),
    };
}
