using Amoe.Engine.Bytes;
using Amoe.Engine.Journal.Frames;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// A partition's snapshot as bytes: where in the log it was taken, which frame begins with which record up to there,
/// and the state. A checksum covers it all.
/// </summary>
/// <param name="Position">After the last frame that the state has.</param>
internal sealed record PartitionSnapshot(FramePosition Position, FrameIndex Index, PartitionState State)
{
    private const byte FormatVersion = 1;

    /// <summary>A core writes itself only while nothing that it decided is in flight.</summary>
    public static byte[] Encode(in FramePosition position, FrameIndex index, PartitionCore core)
    {
        var writer = new ByteWriter(capacity: 1 << 20);
        writer.Byte(FormatVersion);
        writer.Varint((ulong)position.SequenceNumber);
        writer.Varint((ulong)position.NextRecord);
        writer.Varint((ulong)position.Incarnation);
        writer.UInt32(position.Checksum);
        index.Write(writer);
        core.Snapshot(bucket: 0, writer);
        writer.UInt32(Crc32C.Of(writer.Written));
        return writer.Written.ToArray();
    }

    /// <param name="state">Before its first record.</param>
    /// <returns>Null where it is damaged, or of another version.</returns>
    public static PartitionSnapshot? TryDecode(ReadOnlySpan<byte> bytes, PartitionState state)
    {
        if (bytes.Length <= sizeof(uint)
            || bytes[0] != FormatVersion
            || FrameCodec.ChecksumOf(bytes) != Crc32C.Of(bytes[..^sizeof(uint)]))
            return null;
        var reader = new ByteReader(bytes[1..^sizeof(uint)]);
        var position = new FramePosition(
            (long)reader.Varint(), (long)reader.Varint(), (long)reader.Varint(), reader.UInt32());
        var index = FrameIndex.Read(ref reader);
        return SnapshotCodec.TryRead(reader.Bytes(reader.Left), state)
            ? new PartitionSnapshot(position, index, state)
            : null;
    }
}
