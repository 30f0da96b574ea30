using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// How the store failed, and whether it is back. One line is written when a database goes and in one when it is
/// back; a file's failure ends what writes it, which says so itself.
/// </summary>
/// <param name="warn">Receives one line.</param>
internal sealed class StoreWatch(PartitionJournal journal, TimeProvider time, Action<string> warn)
{
    private readonly Lock _lock = new();
    private JournalException? _fault;
    private bool _isAway;
    private long _awaySince;
    private int _held;

    /// <summary>
    /// The first failure, of a database since it was last back; null where nothing failed. Kept although partitions
    /// come back: it is why their commands were answered unknown.
    /// </summary>
    public JournalException? Fault => Volatile.Read(ref _fault);

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>True when every actor serves that is not out of service.</summary>
    public Func<bool> DoAllServe { get; set; } = () => true;

    /// <summary>A partition or the journal's own actor failed.</summary>
    public void Failed(JournalException error)
    {
        lock (_lock)
        {
            _fault ??= error;
            if (_isAway || !journal.ComesBack || error is not JournalUnavailableException)
                return;
            (_isAway, _awaySince) = (true, time.GetTimestamp());
        }

        warn($"{error.Message} Waiting for it.");
    }

    /// <summary>A write waits for the database.</summary>
    public void Hold(JournalException why)
    {
        Interlocked.Increment(ref _held);
        Failed(why);
    }

    /// <summary>A write waits no more.</summary>
    /// <param name="isWritten">False where it has failed: its actor, which will say so, has yet to come back.</param>
    public void Release(bool isWritten)
    {
        Interlocked.Decrement(ref _held);
        if (isWritten)
            Look();
    }

    /// <summary>An actor serves, or a write waits no more: the database may be back for all of them.</summary>
    public void Look()
    {
        TimeSpan away;
        lock (_lock)
        {
            if (!journal.ComesBack || _held > 0 || !DoAllServe())
                return;
            _fault = null;
            if (!_isAway)
                return;
            _isAway = false;
            away = time.GetElapsedTime(_awaySince);
        }

        warn(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{journal.Name}: it is back, and all partitions serve after {away.TotalSeconds:F1} s."));
    }
}
