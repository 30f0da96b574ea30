using Akka.Actor;
using Akka.Serialization;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>The event that a partition persists: what one turn decided, encoded and chained to the frame before.</summary>
internal sealed record PersistedFrame(byte[] Bytes);

/// <summary>A frame's bytes are the row's: nothing is copied, wrapped or described.</summary>
internal sealed class FrameSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => JournalTable.SerializerId;

    public override string Manifest(object o) => JournalTable.FrameManifest;

    public override byte[] ToBinary(object obj) => ((PersistedFrame)obj).Bytes;

    public override object FromBinary(byte[] bytes, string manifest) => new PersistedFrame(bytes);
}
