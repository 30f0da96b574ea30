using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Actors;

/// <summary>
/// The frames that a partition wrote or read last, up to a limit: most of what is read back was written not long ago,
/// and need not be fetched. Written by the partition, read by the reader of passivated claims.
/// </summary>
/// <param name="bytesMax">Bytes of records that are kept at most.</param>
internal sealed class RecentFrames(long bytesMax)
{
    private readonly Lock _lock = new();

    // One behind the other, without a gap: those before the first kept are forgotten.
    private readonly List<Frame?> _frames = [];
    private int _first;
    private long _bytes;

    /// <summary>The next frame.</summary>
    public void Add(Frame frame)
    {
        lock (_lock)
        {
            if (_first < _frames.Count && _frames[^1]!.SequenceNumber + 1 != frame.SequenceNumber)
                throw new InvalidOperationException(
                    $"frame {frame.SequenceNumber} does not follow {_frames[^1]!.SequenceNumber}");
            _frames.Add(frame);
            _bytes += BytesOf(frame);
            while (_bytes > bytesMax)
                Forget();
        }
    }

    /// <summary>The frame of a sequence number; null where it is not kept.</summary>
    public Frame? Find(long sequenceNumber)
    {
        lock (_lock)
        {
            if (_first == _frames.Count)
                return null;
            var at = _first + (sequenceNumber - _frames[_first]!.SequenceNumber);
            return at >= _first && at < _frames.Count ? _frames[(int)at] : null;
        }
    }

    private void Forget()
    {
        _bytes -= BytesOf(_frames[_first]!);
        _frames[_first++] = null;
        if (_first * 2 <= _frames.Count)
            return;
        _frames.RemoveRange(0, _first);
        _first = 0;
    }

    private static long BytesOf(Frame frame)
    {
        var bytes = 0L;
        for (var i = 0; i < frame.Segments.Count; i++)
            bytes += frame.Segments[i].Payload.Length;
        return bytes;
    }
}
