namespace Amoe.Engine.Journal.Postgres;

/// <summary>The snapshots of a journal in a database: a table beside it, there from the beginning.</summary>
/// <param name="warn">Receives one line.</param>
internal sealed class PostgresSnapshots(PostgresJournal journal, Action<string> warn) : ISnapshotPlace
{
    public bool IsMade => true;

    public long Bytes
    {
        get
        {
            try
            {
                return journal.MeasureSnapshots();
            }
            catch (JournalException e)
            {
                warn($"{e.Message} The snapshots were not measured.");
                return 0;
            }
        }
    }

    public void Open()
    {
    }

    public bool TryMake() => true;

    /// <inheritdoc/>
    /// <remarks>The driver's own messages have several lines.</remarks>
    public void Warn(string persistenceId, string what) =>
        warn(
            $"{journal.Name}: the snapshot of {persistenceId} {string.Join(' ', what.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}");
}
