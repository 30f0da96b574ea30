using System.Collections.Concurrent;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Journal;

/// <summary>Reads the frames of a journal, each checked. Any thread may read.</summary>
/// <param name="open">Opens another reader.</param>
/// <param name="explain">Says better why reading failed, where the store can.</param>
internal sealed class FrameTable(Func<FrameReader> open, Func<JournalException, JournalException> explain) : IDisposable
{
    private readonly ConcurrentBag<FrameReader> _idle = [];
    private volatile bool _isDisposed;

    public T With<T>(Func<FrameReader, T> read)
    {
        var reader = Rent();
        T result;
        try
        {
            result = read(reader);
        }
        catch (Exception e)
        {
            var failure = Failed(reader, e as JournalException);
            if (failure is null)
                throw;
            throw failure;
        }

        GiveBack(reader);
        return result;
    }

    /// <summary>Frames while they are read: the reader is rented until the last one.</summary>
    public IEnumerable<Frame> Each(Func<FrameReader, IEnumerable<Frame>> read)
    {
        var reader = Rent();
        var isSound = true;
        try
        {
            using var frames = read(reader).GetEnumerator();
            while (MoveNext(reader, frames, ref isSound))
                yield return frames.Current;
        }
        finally
        {
            if (isSound)
                GiveBack(reader);
        }
    }

    public void Dispose()
    {
        // A reader still at work is closed when it is given back.
        _isDisposed = true;
        Clear();
    }

    private bool MoveNext(FrameReader reader, IEnumerator<Frame> frames, ref bool isSound)
    {
        try
        {
            return frames.MoveNext();
        }
        catch (JournalException failure)
        {
            isSound = false;
            throw Failed(reader, failure)!;
        }
    }

    /// <summary>
    /// Whatever ended one connection has ended the idle ones too, which would fail one after the other.
    /// </summary>
    private JournalException? Failed(FrameReader reader, JournalException? failure)
    {
        reader.Dispose();
        Clear();
        return failure is null ? null : explain(failure);
    }

    private void Clear()
    {
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private FrameReader Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _idle.TryTake(out var reader) ? reader : open();
    }

    private void GiveBack(FrameReader reader)
    {
        _idle.Add(reader);

        // Disposing may have emptied the bag just before.
        if (_isDisposed && _idle.TryTake(out var left))
            left.Dispose();
    }
}
