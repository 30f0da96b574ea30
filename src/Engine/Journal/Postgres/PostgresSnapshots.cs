namespace Amoe.Engine.Journal.Postgres;

/// <summary>The snapshots of a journal in a database: a table beside it, there from the beginning.</summary>
/// <param name="warn">Told in one line.</param>
internal sealed class PostgresSnapshots(PostgresJournal journal, Action<string> warn) : ISnapshotPlace
{
    public bool IsMade => true;

    public long Bytes => journal.MeasureSnapshots();

    public void Open()
    {
    }

    public bool TryMake() => true;

    public void Warn(string persistenceId, string what) => warn($"{journal.Name}: the snapshot of {persistenceId} {what}");
}
