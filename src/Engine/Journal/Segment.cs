using Amoe.Engine.Bytes;
namespace Amoe.Engine.Journal;

/// <summary>
/// The records of one turn of one partition in one bucket, checked and replayed whole. A frame of the journal has one
/// or more of them.
/// </summary>
/// <param name="Partition">The partition, from 0: those of students, then those of ledgers.</param>
/// <param name="Offset">The partition's number of records before this segment; its segments are contiguous.</param>
/// <param name="Epoch">The incarnation of the partition that wrote it, at least that of the segment before.</param>
/// <param name="Count">How many records the payload holds: the next segment's offset is <c>Offset + Count</c>.</param>
/// <param name="Checksum">CRC32C over partition, offset, epoch, count and payload.</param>
/// <param name="Payload">The records, as the segment codec wrote them.</param>
public readonly record struct Segment(
    int Partition, long Offset, long Epoch, int Count, uint Checksum, ReadOnlyMemory<byte> Payload)
{
    /// <summary>A segment with its checksum computed.</summary>
    public static Segment Seal(int partition, long offset, long epoch, int count, ReadOnlyMemory<byte> payload) =>
        new(partition, offset, epoch, count, Sum(partition, offset, epoch, count, payload.Span), payload);

    /// <summary>True when the checksum fits the content.</summary>
    public bool IsIntact => Checksum == Sum(Partition, Offset, Epoch, Count, Payload.Span);

    private static uint Sum(int partition, long offset, long epoch, int count, ReadOnlySpan<byte> payload)
    {
        var crc = Crc32C.Append(Crc32C.Append(Crc32C.Start, (ulong)(uint)partition << 32 | (uint)count), (ulong)offset);
        return Crc32C.Finish(Crc32C.Append(Crc32C.Append(crc, (ulong)epoch), payload));
    }
}
