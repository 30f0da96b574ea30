namespace Amoe.Engine.Journal.Frames;

/// <summary>
/// Checks that the frames of one partition follow one another, when they are written and when they are read back. It
/// cannot see that the last frames are missing: the caller compares the store's highest sequence number with
/// <see cref="Position"/>.
/// </summary>
/// <remarks>
/// Writing has two steps, because a write can fail: <see cref="Encode"/> leaves the chain as it is, and
/// <see cref="Advance"/> moves it once the frame is durable. A lost write therefore needs no undo, and the same frame
/// encodes to the same bytes again.
/// </remarks>
/// <param name="partition">The partition whose frames these are.</param>
/// <param name="position">Where the chain starts: a snapshot's position, or the default before the first frame.</param>
internal sealed class FrameChain(int partition, FramePosition position = default)
{
    public int Partition => partition;

    /// <summary>The position after the last frame that was read or became durable.</summary>
    public FramePosition Position { get; private set; } = position;

    /// <summary>Encodes the next frame.</summary>
    /// <exception cref="JournalException">The frame does not follow the last one or is invalid.</exception>
    public EncodedFrame Encode(Frame frame)
    {
        if (Mismatch(frame) is { } mismatch)
            throw Stopped($"{mismatch}. It was not encoded: recover the partition and decide again.");
        try
        {
            var bytes = FrameCodec.Encode(frame, Position.Checksum);
            return new EncodedFrame(bytes, Position, FramePosition.After(frame, FrameCodec.ChecksumOf(bytes)));
        }
        catch (JournalException e)
        {
            throw Stopped(e.Message, e);
        }
    }

    /// <summary>Moves the chain past a frame that has become durable.</summary>
    /// <exception cref="InvalidOperationException">The chain has moved since the frame was encoded.</exception>
    public void Advance(in EncodedFrame durable)
    {
        if (durable.Start != Position)
            throw new InvalidOperationException(
                $"{At}: the chain cannot advance past a frame that was encoded for sequence number {durable.Start.NextSequenceNumber}");
        Position = durable.End;
    }

    /// <summary>
    /// Reads the next frame and moves the chain past it. After an exception the chain is where it was.
    /// </summary>
    /// <exception cref="JournalException">The frame cannot be read or does not follow the last one.</exception>
    public Frame Follow(ReadOnlyMemory<byte> bytes)
    {
        var (frame, predecessor, checksum) = Decode(bytes);
        var mismatch = Mismatch(frame);
        if (mismatch is null && predecessor != Position.Checksum)
            mismatch =
                $"this frame has the predecessor's checksum {predecessor:X8}, and the frame before it has {Position.Checksum:X8}";
        if (mismatch is not null)
            throw Stopped($"{mismatch}. Restore the journal from a copy.");
        Position = FramePosition.After(frame, checksum);
        return frame;
    }

    private (Frame Frame, uint Predecessor, uint Checksum) Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return FrameCodec.Decode(bytes);
        }
        catch (JournalException e)
        {
            throw Stopped(e.Message, e);
        }
    }

    /// <summary>The reason why <paramref name="frame"/> is not the next one, or null.</summary>
    private string? Mismatch(Frame frame)
    {
        if (frame.Partition != partition)
            return $"this frame belongs to partition {frame.Partition}";
        if (frame.SequenceNumber > Position.NextSequenceNumber)
            return $"this frame has sequence number {frame.SequenceNumber}, and those before it are missing";
        if (frame.SequenceNumber < Position.NextSequenceNumber)
            return $"this frame repeats sequence number {frame.SequenceNumber}";
        if (frame.FirstRecord != Position.NextRecord)
            return $"this frame begins at record {frame.FirstRecord}, and record {Position.NextRecord} is next";
        if (frame.Incarnation < Position.Incarnation)
            return $"this frame is of incarnation {frame.Incarnation}, and the one before it is of incarnation {Position.Incarnation}: a replaced host wrote it";
        return null;
    }

    private string At => $"partition {partition}, sequence number {Position.NextSequenceNumber}";

    private JournalException Stopped(string why, Exception? inner = null) => new($"{At}: {why}", inner!);
}

/// <summary>A position between two frames, as a snapshot keeps it. The default is before the first frame.</summary>
/// <param name="SequenceNumber">The last frame's, 0 before the first.</param>
/// <param name="NextRecord">The number of the next frame's first record.</param>
/// <param name="Incarnation">The last frame's: the least that the next one may have.</param>
/// <param name="Checksum">The last frame's, 0 before the first: the next one has it as its predecessor's.</param>
internal readonly record struct FramePosition(long SequenceNumber, long NextRecord, long Incarnation, uint Checksum)
{
    public long NextSequenceNumber => SequenceNumber + 1;

    public static FramePosition After(Frame frame, uint checksum) =>
        new(frame.SequenceNumber, frame.NextRecord, frame.Incarnation, checksum);
}

/// <summary>A frame that may or may not become durable.</summary>
/// <param name="Bytes">What the store keeps.</param>
/// <param name="Start">The position that the frame follows.</param>
/// <param name="End">The position after it.</param>
internal readonly record struct EncodedFrame(byte[] Bytes, FramePosition Start, FramePosition End);
