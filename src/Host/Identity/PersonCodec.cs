using System.Buffers.Binary;
using System.Text;

namespace Amoe.Host.Identity;

/// <summary>
/// The bytes of a person before they are sealed. Each text is its length in two bytes and UTF-8; an absent one has the
/// length 65535.
/// </summary>
internal static class PersonCodec
{
    /// <summary>The version of this layout. It is part of what a seal is bound to.</summary>
    public const byte Version = 1;

    private const ushort Absent = ushort.MaxValue;
    private const int Texts = 8;

    public static byte[] Encode(Person person)
    {
        string?[] texts = [
            person.Cin, person.Massar, person.FirstName, person.LastName, person.FirstNameArabic, person.LastNameArabic,
            person.Email, person.Rib
        ];
        var bytes = new byte[sizeof(int)
            + texts.Sum(text => sizeof(ushort) + (text is null ? 0 : Encoding.UTF8.GetByteCount(text)))];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, person.BirthDate.DayNumber);
        var rest = bytes.AsSpan(sizeof(int));
        foreach (var text in texts)
        {
            var length = text is null ? 0 : Encoding.UTF8.GetBytes(text, rest[sizeof(ushort)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(rest, text is null ? Absent : (ushort)length);
            rest = rest[(sizeof(ushort) + length)..];
        }

        return bytes;
    }

    /// <param name="bytes">What a seal held: its tag says that this program wrote it.</param>
    public static Person Decode(ReadOnlySpan<byte> bytes)
    {
        var born = DateOnly.FromDayNumber(BinaryPrimitives.ReadInt32LittleEndian(bytes));
        var rest = bytes[sizeof(int)..];
        var texts = new string?[Texts];
        for (var i = 0; i < Texts; i++)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            rest = rest[sizeof(ushort)..];
            if (length == Absent)
                continue;
            texts[i] = Encoding.UTF8.GetString(rest[..length]);
            rest = rest[length..];
        }

        return Person.Of(new PersonFields
        {
            Cin = texts[0],
            Massar = texts[1],
            FirstName = texts[2],
            LastName = texts[3],
            FirstNameArabic = texts[4],
            LastNameArabic = texts[5],
            BirthDate = born,
            Email = texts[6],
            Rib = texts[7],
        });
    }
}
