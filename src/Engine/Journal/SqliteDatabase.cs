using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Amoe.Engine.Journal;

/// <summary>How a file is opened.</summary>
internal enum SqliteAccess
{
    Create,
    Write,
    Read,

    /// <summary>
    /// Reading a file without a writer: takes no lock and leaves no file beside it, so it works in a read-only folder
    /// too.
    /// </summary>
    ReadUnchanging,
}

/// <summary>
/// One connection to an SQLite file, for one thread at a time, whose failures are lines for a person. It calls SQLite's
/// own interface: ADO.NET cost a journal a fifth of its throughput (docs/adr/0001).
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    // Long enough for another process to recover a write-ahead log or for a tool to finish its look, short enough for a
    // person to wait for the error.
    private const int BusyTimeoutMs = 5_000;

    // Some megabytes: often enough to say how far it is, and to be stopped.
    private const int CopiedPagesAtOnce = 256;

    private readonly sqlite3 _handle;
    private readonly string _path;
    private readonly List<SqliteStatement> _statements = [];

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(sqlite3 handle, string path) => (_handle, _path) = (handle, path);

    /// <param name="name">What messages call the file, where it is not its path.</param>
    /// <exception cref="JournalException">The file cannot be opened.</exception>
    public static SqliteDatabase Open(string path, SqliteAccess access, string? name = null)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | access switch
        {
            SqliteAccess.Create => raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE,
            SqliteAccess.Write => raw.SQLITE_OPEN_READWRITE,
            SqliteAccess.Read => raw.SQLITE_OPEN_READONLY,
            _ => raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI,
        };
        // The full path keeps SQLite from reading a name such as «:memory:» as anything but a file.
        var full = Path.GetFullPath(path);
        var file = access == SqliteAccess.ReadUnchanging ? UriOf(full) + "?immutable=1" : full;
        var result = raw.sqlite3_open_v2(file, out var handle, flags, null);
        var database = new SqliteDatabase(handle, name ?? path);
        if (result == raw.SQLITE_OK)
        {
            raw.sqlite3_extended_result_codes(handle, 1);
            raw.sqlite3_busy_timeout(handle, BusyTimeoutMs);
            return database;
        }

        var failure = database.Failure(result);
        database.Dispose();
        throw failure;
    }

    /// <summary>True when the system let us open the file for reading only, whatever was asked.</summary>
    public bool IsReadOnly => raw.sqlite3_db_readonly(_handle, "main") == 1;

    /// <summary>A statement that lives as long as this connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = Query(sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>A statement that its caller disposes.</summary>
    public SqliteStatement Query(string sql)
    {
        var result = raw.sqlite3_prepare_v2(_handle, sql, out var handle);
        return result == raw.SQLITE_OK ? new SqliteStatement(this, handle) : throw Failure(result);
    }

    /// <summary>
    /// Every character escaped that means something in a URI. The runtime's Uri leaves a «%41» in a name as it is, and
    /// SQLite would open «A».
    /// </summary>
    private static string UriOf(string fullPath) =>
        "file:///" + Uri.EscapeDataString(fullPath.TrimStart('/')).Replace("%2F", "/", StringComparison.Ordinal);

    /// <summary>Runs statements whose rows do not matter.</summary>
    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(_handle, sql);
        if (result != raw.SQLITE_OK)
            throw Failure(result);
    }

    /// <summary>The first column of the first row.</summary>
    public long Scalar(string sql)
    {
        var statement = Prepare(sql);
        var value = statement.Step() ? statement.Long(0) : 0;
        statement.Reset();
        return value;
    }

    /// <summary>
    /// Copies every page into another database, all of one moment: a writer in another connection goes on meanwhile.
    /// </summary>
    /// <param name="progress">Receives how many pages of how many are copied.</param>
    public void CopyTo(SqliteDatabase target, Action<int, int> progress, CancellationToken cancellation)
    {
        // A copy of what is no longer current would begin again with each commit; a reader's moment does not change.
        Execute("BEGIN; SELECT COUNT(*) FROM sqlite_master");
        using var backup = raw.sqlite3_backup_init(target._handle, "main", _handle, "main");
        if (backup.IsInvalid)
            throw target.Failure(raw.sqlite3_extended_errcode(target._handle));
        int result;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            result = raw.sqlite3_backup_step(backup, CopiedPagesAtOnce);
            var pages = raw.sqlite3_backup_pagecount(backup);
            progress(pages - raw.sqlite3_backup_remaining(backup), pages);
        }
        while (result == raw.SQLITE_OK);
        if (result != raw.SQLITE_DONE)
        {
            // The target's connection has the message only once the copy was given up.
            backup.Dispose();
            throw target.Failure(result);
        }

        Rollback();
    }

    /// <summary>Ends whatever transaction is open. Never throws: were it to fail, the next BEGIN says so.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0)
            raw.sqlite3_exec(_handle, "ROLLBACK");
    }

    /// <summary>A failure: the cause, the place and the remedy; the store's own error is inside.</summary>
    public JournalException Failure(int result) => Failure(_path, result, raw.sqlite3_errmsg(_handle).utf8_to_string());

    /// <summary>The same for a failure of another connection to the file.</summary>
    /// <param name="result">SQLite's extended result code.</param>
    public static JournalException Failure(string path, int result, string detail)
    {
        var code = result & 0xFF;
        var line = code switch
        {
            raw.SQLITE_FULL => "the disk is full and nothing of this was written. Free some space and try again.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM =>
                "the file or its folder is read-only. Allow writing, or name another file.",
            raw.SQLITE_CANTOPEN =>
                "it cannot be opened. Check that you may read it, and that its folder is writable or holds no unfinished write-ahead log.",
            raw.SQLITE_NOTADB => "it is not a journal. Name a file this program made.",
            raw.SQLITE_CORRUPT => $"the file is damaged ({detail}). Restore it from a copy.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED =>
                "it is in use by another process. Stop that one, or name another file.",
            raw.SQLITE_CONSTRAINT =>
                $"something else wrote to it ({detail}) and nothing of this was written. Stop the other writer and start again.",
            _ =>
                $"the store failed ({detail}, SQLite code {result}) and nothing of this was written. Check the disk and try again.",
        };
        var (message, inner) = ($"{path}: {line}", new SqliteException(detail, code, result));
        return IsDamage(code) ? new JournalException(message, inner) : new JournalUnavailableException(message, inner);
    }

    /// <summary>True for an error of the file's content. No other says anything of what the file holds.</summary>
    public static bool IsDamage(int code) => code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    public void Dispose()
    {
        foreach (var statement in _statements)
            statement.Dispose();
        _statements.Clear();
        _handle.Dispose();
    }
}
