using System.Buffers;
using System.IO.Pipelines;
using Amoe.Host.Http;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// Cuts a body into lines. A line that is longer than allowed is skipped to its end and costs no memory; the next one
/// is a line like any other.
/// </summary>
/// <param name="lineBytesMax">Bytes of a line, its end not counted.</param>
/// <param name="waits">Called with true before more of the body is waited for, and with false once it is there.</param>
internal sealed class LineReader(PipeReader body, int lineBytesMax, Action<bool> waits)
{
    private readonly byte[] _joined = new byte[lineBytesMax];
    private ReadOnlySequence<byte> _buffer;
    private bool _isBegun;
    private bool _isWhole;
    private bool _isSkipping;

    /// <summary>
    /// Waits for more of the body; false at its end. Lines that were taken out are forgotten by then.
    /// </summary>
    /// <exception cref="Microsoft.AspNetCore.Http.BadHttpRequestException">It breaks off.</exception>
    /// <exception cref="InvalidDataException">It cannot be unpacked.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        // At the end too: the server closes a connection whose body was left half read, and the next request with it.
        if (_isBegun)
            body.AdvanceTo(_buffer.Start, _buffer.End);
        _isBegun = false;
        if (_isWhole)
            return false;
        waits(true);
        var read = await Body.ReadMoreAsync(body, cancellation);
        waits(false);
        (_buffer, _isWhole, _isBegun) = (read.Buffer, read.IsCompleted, true);
        return true;
    }

    /// <summary>Takes the next line; false when more has to be read first.</summary>
    /// <param name="line">Valid until the next call. Empty where it is too long.</param>
    /// <param name="isTooLong">True for a line that is longer than allowed.</param>
    public bool TryTake(out ReadOnlySpan<byte> line, out bool isTooLong)
    {
        line = default;
        isTooLong = false;
        var end = _buffer.PositionOf((byte)'\n');
        if (end is null && !_isWhole)
        {
            if (_buffer.Length > lineBytesMax + 1)
                Skip();
            return false;
        }

        if (end is null && _buffer.IsEmpty && !_isSkipping)
            return false;
        var taken = end is { } at ? _buffer.Slice(0, at) : _buffer;
        _buffer = end is { } newline ? _buffer.Slice(_buffer.GetPosition(1, newline)) : _buffer.Slice(_buffer.End);
        isTooLong = _isSkipping || Trimmed(ref taken) > lineBytesMax;
        _isSkipping = false;
        if (!isTooLong)
            line = Joined(taken);
        return true;
    }

    /// <summary>Drops what there is of a line whose end has not come.</summary>
    private void Skip()
    {
        _isSkipping = true;
        _buffer = _buffer.Slice(_buffer.End);
    }

    /// <summary>Without the carriage return before its end.</summary>
    private static long Trimmed(ref ReadOnlySequence<byte> line)
    {
        if (!line.IsEmpty && line.Slice(line.Length - 1).FirstSpan[0] == '\r')
            line = line.Slice(0, line.Length - 1);
        return line.Length;
    }

    private ReadOnlySpan<byte> Joined(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return line.FirstSpan;
        line.CopyTo(_joined);
        return _joined.AsSpan(0, (int)line.Length);
    }
}
