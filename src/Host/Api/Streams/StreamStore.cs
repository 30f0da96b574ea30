using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// The answers of the streams of this process, by the stream's id: of those that run, and of the last that ended.
/// </summary>
/// <remarks>
/// Answers have a limit, of all callers together and half of it of one: answers that no one reads must not fill the
/// disk, on which the journal may be too. Those of streams that have ended and are not being read make room first.
/// </remarks>
/// <param name="bytesMax">Bytes of answers of all streams, those that run included.</param>
internal sealed class StreamStore(TimeProvider time, long bytesMax) : IDisposable
{
    /// <summary>Streams that may run at once.</summary>
    public const int RunningMax = 32;

    /// <summary>Streams of one caller that may run at once: it leaves room for others.</summary>
    public const int RunningOfOneMax = RunningMax / 2;

    /// <summary>Bytes of answers that are kept of streams that have ended.</summary>
    public const long KeptBytesMax = 2L << 30;

    /// <summary>Streams that have ended whose answers are kept.</summary>
    public const int KeptMax = 256;

    private readonly ConcurrentDictionary<string, KeptStream> _streams = new(StringComparer.Ordinal);
    private readonly Queue<string> _ended = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _runningOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _bytesOf = new(StringComparer.Ordinal);
    private long _bytes;
    private int _running;

    /// <summary>Streams that run now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Bytes of the answers that are kept, of streams that run and of those that have ended.</summary>
    public long AnswerBytes => _streams.Values.Sum(stream => stream.Answers.Bytes);

    /// <summary>Begins a stream; null when too many run already, of all callers or of this one.</summary>
    /// <param name="owner">Whose it is: no other caller reads its answers.</param>
    /// <returns>The caller ends it, and disposes of its answers when it has read them.</returns>
    /// <exception cref="AnswersAtLimitException">There is no room for its answers.</exception>
    /// <exception cref="AnswersNotKeptException">The folder of temporary files is full, gone or read-only.</exception>
    public KeptStream? TryBegin(string owner)
    {
        if (!TryCount(owner))
            return null;
        try
        {
            // Room for a line at least.
            Take(owner, 1);
            Take(owner, -1);
            var id = RandomNumberGenerator.GetHexString(16, lowercase: true);
            var stream = new KeptStream(
                id, owner, new AnswerLog(Path.GetTempPath(), time, bytes => Take(owner, bytes)));

            // One use is the store's, which may drop them while the sender still reads.
            stream.Answers.TryUse();
            _streams[id] = stream;
            return stream;
        }
        catch
        {
            Uncount(owner);
            throw;
        }
    }

    /// <summary>Its answers are complete. They are kept until those of later streams need the room.</summary>
    public void End(KeptStream stream)
    {
        stream.Answers.End();
        Uncount(stream.Owner);
        lock (_gate)
        {
            _ended.Enqueue(stream.Id);
            while (_ended.Count > KeptMax
                || (_ended.Count > 1 && _ended.Sum(id => _streams[id].Answers.Bytes) > KeptBytesMax))
                Remove(_ended.Dequeue());
        }
    }

    /// <summary>
    /// Its answers cannot be kept: they and those of all streams that have ended are given up, so that there is room
    /// for those that run.
    /// </summary>
    public void GiveUp(KeptStream stream)
    {
        End(stream);
        lock (_gate)
        {
            while (_ended.TryDequeue(out var id))
                Remove(id);
        }
    }

    /// <summary>
    /// The answers of a stream, which the caller disposes of; null where the owner has no such stream.
    /// </summary>
    public AnswerLog? Find(string id, string owner) =>
        _streams.TryGetValue(id, out var stream) && stream.Owner == owner && stream.Answers.TryUse()
            ? stream.Answers
            : null;

    /// <summary>Makes room for bytes, or gives them back.</summary>
    private void Take(string owner, long bytes)
    {
        lock (_gate)
        {
            if (bytes > 0)
            {
                while (_bytesOf.GetValueOrDefault(owner) + bytes > bytesMax / 2)
                    Drop_NeedsLock(stream => stream.Owner == owner, bytesMax / 2);
                while (_bytes + bytes > bytesMax)
                    Drop_NeedsLock(_ => true, bytesMax);
            }

            _bytes += bytes;
            _bytesOf[owner] = _bytesOf.GetValueOrDefault(owner) + bytes;
            if (_bytesOf[owner] == 0)
                _bytesOf.Remove(owner);
        }
    }

    /// <summary>Drops the answers of the oldest stream that has ended, of those that are not being read.</summary>
    private void Drop_NeedsLock(Func<KeptStream, bool> isMeant, long limit)
    {
        var dropped = _ended.FirstOrDefault(id => isMeant(_streams[id]) && !_streams[id].Answers.IsRead)
            ?? throw new AnswersAtLimitException(limit);
        var kept = _ended.Where(id => id != dropped).ToList();
        _ended.Clear();
        kept.ForEach(_ended.Enqueue);
        Remove(dropped);
    }

    private void Remove(string id)
    {
        if (_streams.TryRemove(id, out var ended))
            ended.Answers.Dispose();
    }

    public void Dispose()
    {
        foreach (var stream in _streams.Values)
            stream.Answers.Dispose();
    }

    private bool TryCount(string owner)
    {
        lock (_gate)
        {
            var own = _runningOf.GetValueOrDefault(owner);
            if (_running == RunningMax || own == RunningOfOneMax)
                return false;
            _running++;
            _runningOf[owner] = own + 1;
            return true;
        }
    }

    private void Uncount(string owner)
    {
        lock (_gate)
        {
            _running--;
            if (--_runningOf[owner] == 0)
                _runningOf.Remove(owner);
        }
    }
}

/// <summary>A stream and its answers.</summary>
/// <param name="Owner">The caller whose it is.</param>
internal sealed record KeptStream(string Id, string Owner, AnswerLog Answers);
