using System.Collections.Concurrent;
using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Journal;

/// <summary>Reads the frames of a journal file, each checked. Any thread may read.</summary>
internal sealed class FrameTable(string path, SqliteAccess access, PartitionIds ids) : IDisposable
{
    private readonly ConcurrentBag<FrameReader> _idle = [];
    private volatile bool _isDisposed;

    public T With<T>(Func<FrameReader, T> read)
    {
        var reader = Rent();
        try
        {
            return read(reader);
        }
        finally
        {
            GiveBack(reader);
        }
    }

    /// <summary>Frames while they are read: the reader is rented until the last one.</summary>
    public IEnumerable<Frame> Each(Func<FrameReader, IEnumerable<Frame>> read)
    {
        var reader = Rent();
        try
        {
            using var frames = read(reader).GetEnumerator();
            while (MoveNext(frames))
                yield return frames.Current;
        }
        finally
        {
            GiveBack(reader);
        }
    }

    public void Dispose()
    {
        // A reader still at work is closed when it is given back.
        _isDisposed = true;
        while (_idle.TryTake(out var reader))
            reader.Dispose();
    }

    private bool MoveNext(IEnumerator<Frame> frames)
    {
        try
        {
            return frames.MoveNext();
        }
        catch (JournalException failure) when (access == SqliteAccess.ReadUnchanging && File.Exists(SqliteJournalFile.LogPath(path)))
        {
            throw new JournalException($"{path}: another process opened it for writing while it was being read. Read it again.", failure);
        }
    }

    private FrameReader Rent()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _idle.TryTake(out var reader) ? reader : new FrameReader(SqliteDatabase.Open(path, access), path, ids);
    }

    private void GiveBack(FrameReader reader)
    {
        _idle.Add(reader);

        // Disposing may have emptied the bag just before.
        if (_isDisposed && _idle.TryTake(out var left))
            left.Dispose();
    }
}
