using System.Buffers.Binary;
using System.Text;
using Amoe.Engine.Bytes;

namespace Amoe.Engine.Journal;

/// <summary>
/// Writes and reads a journal's own entries, in the layout of docs/journal-format.md. The first has what the journal
/// was created with, each later one a rulebook adopted since. Each has the checksum of the one before it, as frames
/// have.
/// </summary>
internal static class JournalEntry
{
    public const byte FormatVersion = 1;

    private const byte Created = 1;
    private const byte Adopted = 2;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(JournalIdentity identity)
    {
        var bytes = Begin(1, 0, Created);
        bytes.Varint((ulong)identity.FormatVersion);
        bytes.Varint((ulong)identity.ShardCount);
        bytes.Varint((ulong)identity.PartyShardCount);
        bytes.UInt64(identity.Seed);
        bytes.Varint((ulong)identity.Scale);
        Text(bytes, identity.Source);
        Text(bytes, identity.Rulebook);
        return End(bytes);
    }

    /// <param name="predecessor">The checksum of the entry before.</param>
    public static byte[] Encode(AdoptedRulebook adopted, uint predecessor)
    {
        var bytes = Begin(SequenceNumberOf(adopted.Number), predecessor, Adopted);
        bytes.Date(adopted.On, 0);
        Text(bytes, adopted.Text);
        return End(bytes);
    }

    /// <summary>The entry of the rulebook with a number: the first entry is the journal's creation.</summary>
    public static long SequenceNumberOf(int adoption) => adoption + 1;

    /// <summary>The checksum at the end of an entry.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt32LittleEndian(entry[^sizeof(uint)..]);

    /// <exception cref="InvalidDataException">The bytes are damaged, or another entry than the first.</exception>
    public static JournalIdentity DecodeIdentity(ReadOnlySpan<byte> entry)
    {
        var bytes = Begin(entry, 1, 0, Created);
        var identity = new JournalIdentity(
            FormatVersion: bytes.Int(), ShardCount: bytes.Int(), PartyShardCount: bytes.Int(), Seed: bytes.UInt64(), Scale: bytes.Int(),
            Source: Text(ref bytes), Rulebook: Text(ref bytes));
        RequireEnd(bytes);
        return identity;
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or another entry than that of this
    /// rulebook.</exception>
    public static AdoptedRulebook DecodeAdoption(ReadOnlySpan<byte> entry, int number, uint predecessor)
    {
        var bytes = Begin(entry, SequenceNumberOf(number), predecessor, Adopted);
        var adopted = new AdoptedRulebook(number, bytes.Date(0), Text(ref bytes));
        RequireEnd(bytes);
        return adopted;
    }

    private static ByteWriter Begin(long sequenceNumber, uint predecessor, byte kind)
    {
        var bytes = new ByteWriter();
        bytes.Byte(FormatVersion);
        bytes.Varint((ulong)sequenceNumber);
        bytes.UInt32(predecessor);
        bytes.Byte(kind);
        return bytes;
    }

    private static byte[] End(ByteWriter bytes)
    {
        bytes.UInt32(Crc32C.Of(bytes.Written));
        return bytes.Written.ToArray();
    }

    private static ByteReader Begin(ReadOnlySpan<byte> entry, long sequenceNumber, uint predecessor, byte kind)
    {
        if (entry.Length > 0 && entry[0] != FormatVersion)
            throw new InvalidDataException($"it is in format {entry[0]}, and this version reads format {FormatVersion}");
        if (entry.Length < sizeof(uint) || ChecksumOf(entry) != Crc32C.Of(entry[..^sizeof(uint)]))
            throw new InvalidDataException("its checksum does not match its content");
        var bytes = new ByteReader(entry[..^sizeof(uint)]);
        bytes.Byte();
        if (bytes.Varint() is var number && number != (ulong)sequenceNumber)
            throw new InvalidDataException($"it was written as event {number}");
        if (bytes.UInt32() != predecessor)
            throw new InvalidDataException("it does not follow the one before it");
        if (bytes.Byte() is var found && found != kind)
            throw new InvalidDataException($"it is an entry of kind {found} instead of {kind}");
        return bytes;
    }

    private static void RequireEnd(in ByteReader bytes)
    {
        if (!bytes.AtEnd)
            throw new InvalidDataException($"{bytes.Left} bytes follow its last field");
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
