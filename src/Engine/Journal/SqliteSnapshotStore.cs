using Amoe.Engine.Bytes;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Amoe.Engine.Journal;

/// <summary>
/// Snapshots in an SQLite file beside the journal, for its writer. Losing one loses nothing, so trouble with the file is
/// told to <c>warn</c> and never stops the engine: a damaged or foreign file is thrown away and begun again.
/// </summary>
internal sealed class SqliteSnapshotStore : ISnapshotStore
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly long _journalMark;
    private readonly Action<string> _warn;
    private SqliteDatabase _database;
    private SqliteStatement _save;
    private SqliteStatement _load;
    private bool _isGivenUp;

    private SqliteSnapshotStore(string path, long journalMark, Action<string> warn)
    {
        (_path, _journalMark, _warn) = (path, journalMark, warn);
        try
        {
            (_database, _save, _load) = Connect();
        }
        catch (JournalException failure) when (IsDamage(failure))
        {
            (_database, _save, _load) = BeginAgain(failure);
        }
    }

    /// <param name="path">The file; it is made if it is missing.</param>
    /// <param name="journalMark">The mark of the journal it belongs to; the snapshots of another are thrown away.</param>
    /// <param name="warn">Told, in one line, of every snapshot that could not be kept or used.</param>
    /// <exception cref="JournalException">The file cannot be opened nor made: its folder is read-only, it is in use, …</exception>
    public static SqliteSnapshotStore Open(string path, long journalMark, Action<string> warn)
    {
        SqliteJournalFile.RequirePlace(path);
        return new SqliteSnapshotStore(path, journalMark, warn);
    }

    public long SnapshotBytes
    {
        get
        {
            lock (_gate)
                return _isGivenUp ? 0 : _database.Scalar("SELECT COALESCE(SUM(LENGTH(payload)), 0) FROM snapshot");
        }
    }

    public void Save(int shard, long offset, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        lock (_gate)
        {
            if (_isGivenUp)
                return;
            try
            {
                _save.Bind(1, shard).Bind(2, offset).Bind(3, Sum(shard, offset, payload)).Bind(4, payload).Run();
            }
            catch (JournalException failure)
            {
                Tell($"the snapshot of shard {shard} was not kept", failure);
            }
        }
    }

    public Snapshot? Load(int shard)
    {
        lock (_gate)
        {
            if (_isGivenUp)
                return null;
            try
            {
                if (!_load.Bind(1, shard).Step())
                    return null;
                var (offset, checksum, payload) = (_load.Long(0), _load.Long(1), _load.Bytes(2));
                _load.Reset();
                if (checksum == Sum(shard, offset, payload))
                    return new Snapshot(shard, offset, payload);
                _warn($"{_path}: the snapshot of shard {shard} is damaged and ignored; the journal is replayed instead.");
            }
            catch (JournalException failure)
            {
                Tell($"the snapshot of shard {shard} was not read", failure);
            }

            return null;
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _database.Dispose();
    }

    private (SqliteDatabase Database, SqliteStatement Save, SqliteStatement Load) Connect()
    {
        var database = SqliteDatabase.Open(_path, SqliteAccess.Create);
        try
        {
            // NORMAL: a power failure may lose the last snapshots, never the file.
            database.Execute("""
                PRAGMA page_size = 16384;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = NORMAL;
                CREATE TABLE IF NOT EXISTS snapshot (shard INTEGER PRIMARY KEY, offset INTEGER NOT NULL, checksum INTEGER NOT NULL, payload BLOB NOT NULL);
                CREATE TABLE IF NOT EXISTS journal (mark INTEGER NOT NULL);
                """);
            database.Prepare("INSERT INTO journal SELECT ? WHERE NOT EXISTS (SELECT * FROM journal)").Bind(1, _journalMark).Run();
            if (database.Scalar("SELECT mark FROM journal") != _journalMark)
            {
                _warn($"{_path}: it holds the snapshots of another journal; they are thrown away.");
                database.Execute($"BEGIN; DELETE FROM snapshot; UPDATE journal SET mark = {_journalMark}; COMMIT");
            }

            return (database,
                database.Prepare("INSERT OR REPLACE INTO snapshot (shard, offset, checksum, payload) VALUES (?, ?, ?, ?)"),
                database.Prepare("SELECT offset, checksum, payload FROM snapshot WHERE shard = ?"));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Tell(string loss, JournalException failure)
    {
        if (!IsDamage(failure))
        {
            _warn($"{failure.Message} So {loss}.");
            return;
        }

        try
        {
            (_database, _save, _load) = BeginAgain(failure);
        }
        catch (Exception e) when (e is JournalException or IOException or UnauthorizedAccessException)
        {
            // Thrown from here it would end the shard that came to save.
            _isGivenUp = true;
            _warn($"{_path}: it cannot be made anew ({e.Message}); no more snapshots are kept until the next start.");
        }
    }

    private (SqliteDatabase Database, SqliteStatement Save, SqliteStatement Load) BeginAgain(JournalException damage)
    {
        _warn($"{_path}: it is damaged ({damage.InnerException?.Message}) and made anew, for it holds snapshots only; the journal is replayed instead.");
        _database?.Dispose();
        foreach (var file in new[] { _path, _path + "-wal", _path + "-shm" })
            File.Delete(file);
        return Connect();
    }

    /// <summary>True when the file itself is bad: unreadable, not SQLite's, or with other tables. A full disk passes.</summary>
    private static bool IsDamage(JournalException failure) =>
        failure.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_ERROR };

    private static long Sum(int shard, long offset, ReadOnlySpan<byte> payload) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Start, (ulong)shard), (ulong)offset), payload));
}
