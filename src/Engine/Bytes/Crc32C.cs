using System.Buffers.Binary;
using System.Numerics;

namespace Amoe.Engine.Bytes;

/// <summary>
/// CRC32C (Castagnoli), the checksum of segments, frames and snapshots; on the processor's own instruction where it has
/// one.
/// </summary>
internal static class Crc32C
{
    public const uint Start = 0xFFFF_FFFF;

    public static uint Finish(uint crc) => ~crc;

    public static uint Append(uint crc, ulong value) => BitOperations.Crc32C(crc, value);

    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    /// <summary>The checksum of <paramref name="bytes"/> alone.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Finish(Append(Start, bytes));
}
