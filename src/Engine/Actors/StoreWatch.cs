using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// How the store failed, and whether it is back. People are told in one line when a database goes and in one when it is
/// back; a file's failure ends what writes it, which says so itself.
/// </summary>
/// <param name="warn">Told, in one line.</param>
internal sealed class StoreWatch(PartitionJournal journal, TimeProvider time, Action<string> warn)
{
    private readonly Lock _lock = new();
    private JournalException? _fault;
    private bool _isAway;
    private long _awaySince;

    /// <summary>
    /// The first failure, of a database since it was last back; null where nothing failed. Kept although partitions
    /// come back: it is why their commands were answered unknown.
    /// </summary>
    public JournalException? Fault => Volatile.Read(ref _fault);

    public DateTimeOffset Now => time.GetUtcNow();

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

    /// <summary>Every actor that is not out of service serves.</summary>
    public void AllServe()
    {
        TimeSpan away;
        lock (_lock)
        {
            if (!journal.ComesBack)
                return;
            _fault = null;
            if (!_isAway)
                return;
            _isAway = false;
            away = time.GetElapsedTime(_awaySince);
        }

        warn(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{journal.Name}: it is back, and all partitions serve after {away.TotalSeconds:F1} s."));
    }
}
