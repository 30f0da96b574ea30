using System.Buffers.Binary;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Figures;

/// <summary>
/// The contribution of one event to the digest: a hash of its actor, its number there, when it was known and its bytes.
/// Summed, it gives the same digest for the same ordered histories, whatever order actors, turns and partitions came
/// in.
/// </summary>
internal static class EventHash
{
    private const ulong Multiplier = 0xFF51_AFD7_ED55_8CCD;

    public static ulong Of(ulong actor, int sequence, DateOnly known, ReadOnlySpan<byte> bytes)
    {
        var hash = Mixing.Mix(actor, (ulong)(uint)sequence << 32 | (uint)known.DayNumber);
        while (bytes.Length >= sizeof(ulong))
        {
            hash = Step(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        var tail = (ulong)bytes.Length << 56;
        for (var i = 0; i < bytes.Length; i++)
            tail |= (ulong)bytes[i] << (8 * i);
        return Mixing.Mix(Step(hash, tail));
    }

    private static ulong Step(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Multiplier;
        return hash ^ (hash >> 29);
    }
}
