using Microsoft.Data.Sqlite;

namespace Amoe.Engine.Journal;

/// <summary>
/// The journal in one SQLite file: the default store. Its actors append to it through Akka.Persistence.Sql; this reads
/// it and keeps other writers out. Readers, in this process or another, never wait for the writer nor hold it up.
/// </summary>
internal sealed class SqliteJournal : PartitionJournal
{
    private readonly Lock _gate = new();
    private readonly WriterLock? _lock;
    private readonly SqliteAccess _access;

    // Open for as long as this lives and closed last: then it folds the write-ahead log into the file.
    private readonly SqliteDatabase? _writer;

    private SqliteJournal(string path, WriterLock? writerLock)
        : base(path)
    {
        _lock = writerLock;
        _access = writerLock is null ? SqliteJournalFile.ReadAccess(path) : SqliteAccess.Read;
        try
        {
            if (writerLock is not null)
                _writer = OpenWriter(path);
            using var rows = OpenRows();
            Load(rows);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path => Name;

    /// <summary>Makes a new journal and keeps other writers out until it is disposed.</summary>
    /// <exception cref="JournalException">The file exists, or its folder is missing, read-only or full.</exception>
    public static SqliteJournal Create(string path, JournalIdentity identity)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(identity.FormatVersion, JournalIdentity.CurrentFormatVersion);
        ArgumentOutOfRangeException.ThrowIfLessThan(identity.StudentPartitions, 1);
        SqliteJournalFile.RequirePlace(path);
        return Locked(path, () =>
        {
            if (File.Exists(path))
                throw new JournalException($"{path}: the file exists already. Open it, or name a new one.");
            SqliteJournalFile.Create(path, identity);
        });
    }

    /// <summary>Opens a journal for its one writer, and keeps others out until it is disposed.</summary>
    /// <exception cref="JournalException">
    /// It is missing, not a journal, of another layout, damaged, read-only or in use.
    /// </exception>
    public static SqliteJournal Open(string path)
    {
        SqliteJournalFile.RequireFile(path);
        return Locked(path, () => { });
    }

    /// <summary>
    /// Fails where <see cref="Open"/>, or <see cref="Create"/> where there is no file, would not get as far as the
    /// file's content. It writes nothing, but for the lock that it holds for a moment.
    /// </summary>
    /// <exception cref="JournalException">It is in use, or it or its folder is missing or read-only.</exception>
    public static void RequireWritable(string path)
    {
        SqliteJournalFile.RequirePlace(path);
        using var writerLock = WriterLock.Take(path);
        if (!File.Exists(path))
            return;
        SqliteJournalFile.RequireFile(path);
        try
        {
            // Under the lock no writer of this process has locks on it, which closing a handle would drop.
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        }
        catch (UnauthorizedAccessException e)
        {
            throw ReadOnly(path, e);
        }
    }

    /// <summary>
    /// Opens a journal for reading and writes nothing: in a read-only folder too, if the last writer closed it, and
    /// while another process writes.
    /// </summary>
    /// <exception cref="JournalException">It is missing, not a journal, of another layout or damaged.</exception>
    public static SqliteJournal OpenReadOnly(string path)
    {
        SqliteJournalFile.RequireFile(path);
        return new SqliteJournal(path, null);
    }

    /// <summary>
    /// True when the file says it is a journal, of whatever layout; false for anything else, a missing file included.
    /// </summary>
    public static bool IsJournal(string path) => SqliteJournalFile.IsJournal(path);

    public override JournalException? FailureOf(Exception e) =>
        e is SqliteException sqlite
            ? SqliteDatabase.Failure(Path, sqlite.SqliteExtendedErrorCode, sqlite.Message)
            : null;

    public override void Dispose()
    {
        lock (_gate)
        {
            base.Dispose();
            _writer?.Dispose();
            _lock?.Dispose();
        }
    }

    protected override IEventRows OpenRows()
    {
        var database = SqliteDatabase.Open(Path, _access);
        try
        {
            SqliteJournalFile.RequireLayout(database, Path);
            return new SqliteEventRows(database, Path);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    protected override JournalException Explain(JournalException failure) =>
        _access == SqliteAccess.ReadUnchanging && File.Exists(SqliteJournalFile.LogPath(Path))
            ? new JournalException(
                $"{Path}: another process opened it for writing while it was being read. Read it again.", failure)
            : failure;

    private static SqliteDatabase OpenWriter(string path)
    {
        var database = SqliteDatabase.Open(path, SqliteAccess.Write);
        try
        {
            if (database.IsReadOnly)
                throw ReadOnly(path);
            SqliteJournalFile.RequireLayout(database, path);
            database.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static JournalException ReadOnly(string path, Exception? inner = null)
    {
        var line = $"{path}: the file is read-only. Allow writing, or name another file.";
        return inner is null ? new JournalException(line) : new JournalException(line, inner);
    }

    private static SqliteJournal Locked(string path, Action prepare)
    {
        var writerLock = WriterLock.Take(path);
        try
        {
            prepare();
        }
        catch
        {
            writerLock.Dispose();
            throw;
        }

        return new SqliteJournal(path, writerLock);
    }
}
