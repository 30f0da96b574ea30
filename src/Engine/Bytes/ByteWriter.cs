using System.Buffers.Binary;

namespace Amoe.Engine.Bytes;

/// <summary>
/// A growing buffer of bytes, reused from turn to turn: numbers as varints, dates as distances from a day.
/// </summary>
internal sealed class ByteWriter(int capacity = 4096)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    /// <summary>Forgets everything after a length reached before.</summary>
    public void Truncate(int length) => Length = length;

    public void Byte(byte value)
    {
        Ensure(1);
        _buffer[Length++] = value;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value)
    {
        Ensure(sizeof(uint));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(Length), value);
        Length += sizeof(uint);
    }

    public void UInt64(ulong value)
    {
        Ensure(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    public void Varint(ulong value)
    {
        Ensure(10);
        var (buffer, at) = (_buffer, Length);
        while (value >= 0x80)
        {
            buffer[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        buffer[at++] = (byte)value;
        Length = at;
    }

    /// <summary>A number that may be negative and is mostly small.</summary>
    public void Signed(long value) => Varint((ulong)(value << 1) ^ (ulong)(value >> 63));

    /// <summary>A date, as its distance from a day.</summary>
    public void Date(DateOnly date, int day) => Signed((long)date.DayNumber - day);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Ensure(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Ensure(int count)
    {
        if (Length + count > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
    }
}
