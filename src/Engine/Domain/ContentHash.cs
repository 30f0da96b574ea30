using System.Numerics;

namespace Amoe.Engine.Domain;

/// <summary>
/// The fingerprint of a command's content: what tells the same command sent again from another command under the same
/// id. It goes into the journal, so the order and width of what each command adds is fixed.
/// </summary>
public struct ContentHash
{
    /// <summary>
    /// The bit at which a newer field is packed above an enum of one byte. While the field is 0, the fingerprint is
    /// that of the first version.
    /// </summary>
    internal const int HolderBit = 8;

    internal const int CoverageBit = 8;

    private uint _crc;

    public readonly uint Value => ~_crc;

    public static ContentHash Start => new() { _crc = 0xFFFF_FFFF };

    public void Add(long value) => _crc = BitOperations.Crc32C(_crc, (ulong)value);

    public void Add(ulong value) => _crc = BitOperations.Crc32C(_crc, value);

    public void Add(DateOnly date) => Add((long)date.DayNumber);

    public void Add(DateOnly? date) => Add(date is { } day ? (long)day.DayNumber : -1);

    public void Add(bool value) => Add(value ? 1L : 0L);
}
