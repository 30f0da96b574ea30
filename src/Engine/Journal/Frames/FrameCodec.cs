using System.Buffers.Binary;
using System.Numerics;
using Amoe.Engine.Bytes;

namespace Amoe.Engine.Journal.Frames;

/// <summary>
/// Writes and reads the bytes of a frame, in the layout of docs/journal-format.md. A frame has one encoding only: a
/// frame that is read encodes to the same bytes. <see cref="FrameChain"/> checks that it follows the one before it.
/// </summary>
internal static class FrameCodec
{
    public const byte FormatVersion = 1;

    /// <summary>
    /// The shortest frame: each number in one byte, one segment, a payload of one byte, two checksums.
    /// </summary>
    private const int BytesMin = 19;

    /// <exception cref="JournalException">The frame exceeds <see cref="FrameLimits"/>.</exception>
    public static byte[] Encode(Frame frame, uint predecessor)
    {
        if (FrameLimits.Validate(frame) is { } invalid)
            throw NotWritten(invalid);
        var head = EncodeHead(frame, predecessor);
        var length = (long)head.Length + sizeof(uint);
        for (var i = 0; i < frame.Segments.Count; i++)
            length += frame.Segments[i].Payload.Length;
        if (length > FrameLimits.BytesMax)
            throw NotWritten($"it has {length} bytes, more than {FrameLimits.BytesMax}");
        var bytes = new byte[length];
        head.Written.CopyTo(bytes);
        var at = head.Length;
        for (var i = 0; i < frame.Segments.Count; i++)
        {
            frame.Segments[i].Payload.Span.CopyTo(bytes.AsSpan(at));
            at += frame.Segments[i].Payload.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Crc32C.Of(bytes.AsSpan(0, at)));
        return bytes;
    }

    /// <summary>Reads a frame, its predecessor's checksum and its own. Payloads are slices of the input.</summary>
    /// <exception cref="JournalException">The bytes are damaged, no frame, or of another format.</exception>
    public static (Frame Frame, uint Predecessor, uint Checksum) Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length is < BytesMin or > FrameLimits.BytesMax)
            throw NotRead(
                $"it has {bytes.Length} bytes, and a frame has between {BytesMin} and {FrameLimits.BytesMax}");
        var version = bytes.Span[0];
        if (version != FormatVersion)
            throw new JournalException(
                $"the frame cannot be read: it is in format {version}; this version reads format {FormatVersion}. "
                + "Read the journal with the version that wrote it. If there is none, restore the journal from a copy.");
        var checksum = ChecksumOf(bytes.Span);
        if (checksum != Crc32C.Of(bytes.Span[..^sizeof(uint)]))
            throw NotRead("its checksum does not match its content");
        try
        {
            var (frame, predecessor) = DecodeContent(bytes[..^sizeof(uint)]);
            return (frame, predecessor, checksum);
        }
        catch (InvalidDataException e)
        {
            throw NotRead(e.Message, e);
        }
    }

    /// <summary>The checksum at the end of an encoded frame.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[^sizeof(uint)..]);

    /// <summary>
    /// The first record's number, from the first bytes of a frame and without its checksum: it tells which frame to
    /// read, and the frame is checked when it is read.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are no head of a frame.</exception>
    public static long FirstRecordOf(ReadOnlySpan<byte> head)
    {
        var reader = new ByteReader(head);
        if (reader.Byte() is var version && version != FormatVersion)
            throw new InvalidDataException($"it is in format {version}, and this version reads format {FormatVersion}");
        Int(ref reader);
        Long(ref reader);
        return Long(ref reader);
    }

    private static ByteWriter EncodeHead(Frame frame, uint predecessor)
    {
        var head = new ByteWriter(capacity: 64 + 12 * frame.Segments.Count);
        head.Byte(FormatVersion);
        head.Varint((ulong)frame.Partition);
        head.Varint((ulong)frame.SequenceNumber);
        head.Varint((ulong)frame.FirstRecord);
        head.Varint((ulong)frame.Incarnation);
        head.Byte((byte)BitOperations.Log2((uint)frame.Buckets));
        head.UInt32(predecessor);
        head.Varint((ulong)frame.Segments.Count);
        for (var i = 0; i < frame.Segments.Count; i++)
        {
            var segment = frame.Segments[i];
            head.Varint((ulong)segment.Bucket);
            head.Varint((ulong)segment.Count);
            head.Varint((ulong)segment.Payload.Length);
        }

        return head;
    }

    private static (Frame Frame, uint Predecessor) DecodeContent(ReadOnlyMemory<byte> content)
    {
        var reader = new ByteReader(content.Span);
        reader.Byte();
        var (partition, sequenceNumber, firstRecord, incarnation) = (Int(ref reader), Long(ref reader),
            Long(ref reader), Long(ref reader));
        var buckets = DecodeBuckets(ref reader);
        var predecessor = reader.UInt32();
        var frame = new Frame(
            partition, sequenceNumber, firstRecord, incarnation, buckets, DecodeSegments(ref reader, content));
        return FrameLimits.Validate(frame) is { } invalid
            ? throw new InvalidDataException(invalid)
            : (frame, predecessor);
    }

    /// <summary>
    /// The power of two of a logarithm. The limit is checked before the shift: a shift by 32 is one by 0, so 32 would
    /// be a second encoding of one bucket.
    /// </summary>
    private static int DecodeBuckets(ref ByteReader reader)
    {
        var log2 = reader.Byte();
        var max = BitOperations.Log2(FrameLimits.BucketsMax);
        return log2 <= max
            ? 1 << log2
            : throw new InvalidDataException($"the logarithm of its number of buckets is {log2}, more than {max}");
    }

    private static FrameSegment[] DecodeSegments(ref ByteReader reader, ReadOnlyMemory<byte> content)
    {
        var count = Long(ref reader);
        if (FrameLimits.ValidateCount(count) is { } invalid)
            throw new InvalidDataException(invalid);
        Span<int> lengths = stackalloc int[(int)count];
        var segments = new FrameSegment[count];
        for (var i = 0; i < segments.Length; i++)
        {
            segments[i] = new FrameSegment(Int(ref reader), Int(ref reader), default);
            lengths[i] = Int(ref reader);
        }

        var at = reader.Position;
        for (var i = 0; i < segments.Length; i++)
        {
            if (lengths[i] > content.Length - at)
                throw new InvalidDataException(
                    $"its bucket {segments[i].Bucket} has {lengths[i]} bytes, and {content.Length - at} are left");
            segments[i] = segments[i] with { Payload = content.Slice(at, lengths[i]) };
            at += lengths[i];
        }

        return at == content.Length
            ? segments
            : throw new InvalidDataException($"{content.Length - at} bytes follow its last segment");
    }

    private static int Int(ref ByteReader reader) => (int)Number(ref reader, int.MaxValue);

    private static long Long(ref ByteReader reader) => Number(ref reader, long.MaxValue);

    /// <summary>
    /// A number in its shortest form. Longer ones would give one frame two encodings and two checksums.
    /// </summary>
    private static long Number(ref ByteReader reader, long max)
    {
        var start = reader.Position;
        var number = reader.Varint();
        if (number > (ulong)max)
            throw new InvalidDataException($"a number is more than {max}");
        if (reader.Position - start > 1 && reader.ReadSince(start)[^1] == 0 || reader.Position - start > 9)
            throw new InvalidDataException("a number is longer than it needs to be");
        return (long)number;
    }

    private static JournalException NotWritten(string why) =>
        new($"the frame cannot be written: {why}. Report this defect: no turn makes such a frame.");

    private static JournalException NotRead(string why, Exception? inner = null) =>
        new($"the frame cannot be read: {why}. Restore the journal from a copy.", inner!);
}
