using System.Buffers.Binary;

namespace Amoe.Engine.Bytes;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Bytes that make no sense throw <see cref="InvalidDataException"/>; the
/// caller, which knows partition and offset, says where.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    /// <summary>Bytes that were not read yet.</summary>
    public readonly int Left => _bytes.Length - Position;

    public readonly bool AtEnd => Position >= _bytes.Length;

    public readonly ReadOnlySpan<byte> ReadSince(int start) => _bytes[start..Position];

    public byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw Truncated();

    public bool Flag() => Byte() != 0;

    public uint UInt32()
    {
        if (_bytes.Length - Position < sizeof(uint))
            throw Truncated();
        var value = BinaryPrimitives.ReadUInt32LittleEndian(_bytes[Position..]);
        Position += sizeof(uint);
        return value;
    }

    public ulong UInt64()
    {
        if (_bytes.Length - Position < sizeof(ulong))
            throw Truncated();
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[Position..]);
        Position += sizeof(ulong);
        return value;
    }

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }

        throw new InvalidDataException("a number of more than 64 bits");
    }

    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>
    /// A number that is mostly not negative. One that is takes ten bytes and reads as it was written: what the writer
    /// takes, the reader must.
    /// </summary>
    public int Int()
    {
        var value = (long)Varint();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new InvalidDataException("a number of more than 32 bits");
    }

    public DateOnly Date(int day)
    {
        var number = day + Signed();
        return number >= DateOnly.MinValue.DayNumber && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : throw new InvalidDataException("a date that does not exist");
    }

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || _bytes.Length - Position < count)
            throw Truncated();
        var bytes = _bytes.Slice(Position, count);
        Position += count;
        return bytes;
    }

    private static InvalidDataException Truncated() => new("it ends in the middle of a value");
}
