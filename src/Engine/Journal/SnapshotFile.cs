using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Journal;

/// <summary>
/// The file beside a journal in which partitions keep their latest states. It is made when the first is kept. Losing it
/// loses nothing: recovery then reads more of the journal. So trouble with it is reported and never thrown.
/// </summary>
/// <param name="warn">Receives one line.</param>
internal sealed class SnapshotFile(string journalPath, Action<string> warn) : ISnapshotPlace
{
    public const string Ending = "-snapshots";

    /// <summary>The manifest of every row.</summary>
    public const string Manifest = "snapshot";

    // «AMOS» in the file's header.
    private const int ApplicationId = 0x414D_4F53;

    private const int LayoutVersion = 1;

    /// <summary>The table of Akka.Persistence.Sql.</summary>
    private const string Schema = """
        CREATE TABLE snapshot (
            persistence_id TEXT NOT NULL, sequence_number INTEGER NOT NULL, created INTEGER NOT NULL,
            snapshot BLOB NOT NULL, manifest TEXT NOT NULL, serializer_id INTEGER,
            PRIMARY KEY (persistence_id, sequence_number))
        """;

    private readonly Lock _gate = new();
    private bool _isMade;

    public string Path { get; } = journalPath + Ending;

    /// <summary>True once there is a file to load from and to save in.</summary>
    public bool IsMade
    {
        get
        {
            lock (_gate)
                return _isMade;
        }
    }

    /// <summary>Bytes of the snapshots now kept.</summary>
    public long Bytes =>
        IsMade
            ? Try(
                "the snapshots were not measured",
                database => database.Scalar("SELECT COALESCE(SUM(LENGTH(snapshot)), 0) FROM snapshot"))
            : 0;

    /// <summary>Looks whether there is a file that this version made. Another is removed.</summary>
    public void Open()
    {
        if (!File.Exists(Path))
            return;
        lock (_gate)
        {
            _isMade = Try("the journal is read from its beginning", IsOfThisLayout);
            if (!_isMade)
                Remove();
        }
    }

    /// <summary>Makes the file where there is none.</summary>
    /// <returns>False when it cannot be made.</returns>
    public bool TryMake()
    {
        lock (_gate)
            return _isMade = _isMade || Try("no snapshot is kept", Make, SqliteAccess.Create);
    }

    /// <summary>A snapshot was not kept, or cannot be used.</summary>
    public void Warn(string persistenceId, string what) => warn($"{Path}: the snapshot of {persistenceId} {what}");

    private static bool Make(SqliteDatabase database)
    {
        // In one transaction: a file that a crash left behind has no layout, and is made anew.
        database.Execute(
            $"PRAGMA journal_mode = WAL; BEGIN; {Schema}; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {LayoutVersion}; COMMIT");
        return true;
    }

    private static bool IsOfThisLayout(SqliteDatabase database) =>
        database.Scalar("PRAGMA application_id") == ApplicationId
            && database.Scalar("PRAGMA user_version") == LayoutVersion;

    private void Remove()
    {
        try
        {
            foreach (var ending in (string[])["", "-wal", "-shm"])
                File.Delete(Path + ending);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            warn($"{Path}: it cannot be removed ({e.Message.TrimEnd('.')}), so no snapshot is kept. Remove it.");
        }
    }

    private T? Try<T>(string otherwise, Func<SqliteDatabase, T> action, SqliteAccess access = SqliteAccess.Write)
    {
        try
        {
            using var database = SqliteDatabase.Open(Path, access);
            return action(database);
        }
        catch (JournalException e)
        {
            var why = e.InnerException is SqliteException sqlite ? sqlite.Message : e.Message;
            warn($"{Path}: {why}, so {otherwise}.");
            return default;
        }
    }
}
