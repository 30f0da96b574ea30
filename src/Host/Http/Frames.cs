using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Amoe.Host.Http;

/// <summary>Frames in a stream of bytes: each is its length, four bytes little-endian, and its content.</summary>
internal sealed class FrameReader(PipeReader reader, int frameBytesMax)
{
    private const int LengthBytes = sizeof(int);

    private byte[] _joined = [];

    /// <summary>Hands over every frame until the stream ends; each is valid until the call returns.</summary>
    /// <exception cref="LinkException">A frame is too large or cut short.</exception>
    public async Task ReadAllAsync(Action<ReadOnlyMemory<byte>> onFrame, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var left = read.Buffer;
            while (TryCut(ref left, frameBytesMax, out var frame))
                onFrame(Joined(frame));
            reader.AdvanceTo(left.Start, left.End);
            if (!read.IsCompleted)
                continue;
            RequireWhole(left);
            return;
        }
    }

    /// <summary>The next frame; null when the stream has ended.</summary>
    /// <exception cref="LinkException">The frame is too large or cut short.</exception>
    public async Task<byte[]?> ReadAsync(int bytesMax, CancellationToken cancellation)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellation);
            var left = read.Buffer;
            if (TryCut(ref left, bytesMax, out var frame))
            {
                var content = frame.ToArray();
                reader.AdvanceTo(left.Start);
                return content;
            }

            reader.AdvanceTo(left.Start, left.End);
            if (!read.IsCompleted)
                continue;
            RequireWhole(left);
            return null;
        }
    }

    private static bool TryCut(ref ReadOnlySequence<byte> left, int bytesMax, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (left.Length < LengthBytes)
            return false;
        Span<byte> prefix = stackalloc byte[LengthBytes];
        left.Slice(0, LengthBytes).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length > (uint)bytesMax)
            throw new LinkException($"a frame of {length} bytes came, and {bytesMax} are allowed");
        if (left.Length < LengthBytes + length)
            return false;
        frame = left.Slice(LengthBytes, length);
        left = left.Slice(frame.End);
        return true;
    }

    /// <summary>Most frames lie in one piece.</summary>
    private ReadOnlyMemory<byte> Joined(in ReadOnlySequence<byte> frame)
    {
        if (frame.IsSingleSegment)
            return frame.First;
        var length = (int)frame.Length;
        if (_joined.Length < length)
            _joined = new byte[Math.Max(length, 2 * _joined.Length)];
        frame.CopyTo(_joined);
        return _joined.AsMemory(0, length);
    }

    private static void RequireWhole(in ReadOnlySequence<byte> left)
    {
        if (!left.IsEmpty)
            throw new LinkException("the stream ended within a frame");
    }
}

/// <summary>Writes what a <see cref="FrameReader"/> reads.</summary>
internal static class FrameWriting
{
    public static void WriteFrame(this PipeWriter writer, ReadOnlySpan<byte> content)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(sizeof(int)), content.Length);
        writer.Advance(sizeof(int));
        writer.Write(content);
    }
}

/// <summary>A link cannot be, or can no longer be. The message says why, for a person.</summary>
internal class LinkException(string message) : Exception(message);
