using System.Buffers.Binary;
using System.Text;
using Amoe.Engine.Bytes;

namespace Amoe.Engine.Journal;

/// <summary>
/// Writes and reads a journal's own entries, in the layout of docs/journal-format.md: what it was created with, a
/// rulebook adopted, a day opened, a phase of opening balances. Each has the checksum of the one before it, as frames
/// have.
/// </summary>
internal static class JournalEntry
{
    public const byte FormatVersion = 1;

    private const byte Created = 1;
    private const byte Adopted = 2;
    private const byte Opened = 3;
    private const byte Opening = 4;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="entry">
    /// A <see cref="JournalIdentity"/>, an <see cref="AdoptedRulebook"/>, a <see cref="DayOpened"/> or an
    /// <see cref="OpeningMarked"/>.
    /// </param>
    /// <param name="predecessor">The checksum of the entry before; 0 for the first.</param>
    public static byte[] Encode(object entry, long sequenceNumber, uint predecessor)
    {
        var bytes = new ByteWriter();
        bytes.Byte(FormatVersion);
        bytes.Varint((ulong)sequenceNumber);
        bytes.UInt32(predecessor);
        switch (entry)
        {
            case JournalIdentity identity:
                bytes.Byte(Created);
                bytes.Varint((ulong)identity.FormatVersion);
                bytes.Varint((ulong)identity.StudentPartitions);
                bytes.Varint((ulong)identity.LedgerPartitions);
                bytes.UInt64(identity.Seed);
                bytes.Varint((ulong)identity.Scale);
                Text(bytes, identity.Source);
                Text(bytes, identity.Rulebook);
                break;
            case AdoptedRulebook adopted:
                bytes.Byte(Adopted);
                bytes.Varint((ulong)adopted.Number);
                bytes.Date(adopted.On, 0);
                Text(bytes, adopted.Text);
                break;
            case DayOpened opened:
                bytes.Byte(Opened);
                bytes.Date(opened.Day, 0);
                bytes.Varint((ulong)opened.Rulebook);
                break;
            case OpeningMarked marked:
                bytes.Byte(Opening);
                bytes.Byte((byte)marked.Phase);
                bytes.Date(marked.Day, 0);
                break;
            default:
                throw new ArgumentException($"{entry.GetType().Name} is no entry of a journal", nameof(entry));
        }

        bytes.UInt32(Crc32C.Of(bytes.Written));
        return bytes.Written.ToArray();
    }

    /// <summary>The checksum at the end of an entry.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> entry) =>
        BinaryPrimitives.ReadUInt32LittleEndian(entry[^sizeof(uint)..]);

    /// <summary>What an entry says: see <see cref="Encode"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or another entry than this one.</exception>
    public static object Decode(ReadOnlySpan<byte> entry, long sequenceNumber, uint predecessor)
    {
        if (entry.Length > 0 && entry[0] != FormatVersion)
            throw new InvalidDataException(
                $"it is in format {entry[0]}, and this version reads format {FormatVersion}");
        if (entry.Length < sizeof(uint) || ChecksumOf(entry) != Crc32C.Of(entry[..^sizeof(uint)]))
            throw new InvalidDataException("its checksum does not match its content");
        var bytes = new ByteReader(entry[..^sizeof(uint)]);
        bytes.Byte();
        if (bytes.Varint() is var number && number != (ulong)sequenceNumber)
            throw new InvalidDataException($"it was written as event {number}");
        if (bytes.UInt32() != predecessor)
            throw new InvalidDataException("it does not follow the one before it");
        object decoded = bytes.Byte() switch
        {
            Created => new JournalIdentity(
                FormatVersion: bytes.Int(), StudentPartitions: bytes.Int(), LedgerPartitions: bytes.Int(),
                Seed: bytes.UInt64(), Scale: bytes.Int(),
                Source: Text(ref bytes), Rulebook: Text(ref bytes)),
            Adopted => new AdoptedRulebook(bytes.Int(), bytes.Date(0), Text(ref bytes)),
            Opened => new DayOpened(bytes.Date(0), bytes.Int()),
            Opening => new OpeningMarked((OpeningPhase)bytes.Byte(), bytes.Date(0)),
            var kind =>
                throw new InvalidDataException($"it is an entry of kind {kind}, which this version does not know"),
        };
        return bytes.AtEnd ? decoded : throw new InvalidDataException($"{bytes.Left} bytes follow its last field");
    }

    private static void Text(ByteWriter bytes, string text)
    {
        var encoded = Utf8.GetBytes(text);
        bytes.Varint((ulong)encoded.Length);
        bytes.Bytes(encoded);
    }

    private static string Text(ref ByteReader bytes)
    {
        try
        {
            return Utf8.GetString(bytes.Bytes(bytes.Int()));
        }
        catch (DecoderFallbackException e)
        {
            throw new InvalidDataException("its text is not UTF-8", e);
        }
    }
}
