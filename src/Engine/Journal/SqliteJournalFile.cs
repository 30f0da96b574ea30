using Amoe.Engine.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Amoe.Engine.Journal;

/// <summary>
/// The journal as a file: its tables, its identity, and what has to be true before it is opened.
/// <code>
/// segment   one row per shard and turn in the order of commit; `previous` is the id of the shard's segment before it
/// head      one row per shard, student shards first: where its log ends, the fence for the next append
/// identity  one row: what the journal was created with, and a mark that tells it from every other journal
/// adoption  one row per rulebook adopted since, made with the first: a journal that has none need not have the table
/// </code>
/// The chain of `previous` does the work of an index on (shard, offset) at a fraction of its cost (docs/adr/0001).
/// </summary>
internal static class SqliteJournalFile
{
    // «AMOE» in the file's header tells a journal from any other SQLite file.
    private const int ApplicationId = 0x414D_4F45;
    private const int PageBytes = 16 * 1024;

    /// <summary>Makes the file whole before it gets its name, so that a crash leaves no half-made journal.</summary>
    public static void Create(string path, JournalIdentity identity)
    {
        var draft = path + "-new";
        foreach (var left in new[] { draft, draft + "-journal", draft + "-wal", draft + "-shm", SnapshotPath(path) })
            File.Delete(left);
        using (var database = SqliteDatabase.Open(draft, SqliteAccess.Create))
        {
            database.Execute($"""
                PRAGMA page_size = {PageBytes};
                PRAGMA synchronous = FULL;
                PRAGMA application_id = {ApplicationId};
                BEGIN;
                CREATE TABLE segment (
                    id INTEGER PRIMARY KEY, shard INTEGER NOT NULL, offset INTEGER NOT NULL, epoch INTEGER NOT NULL, count INTEGER NOT NULL,
                    checksum INTEGER NOT NULL, previous INTEGER NOT NULL, payload BLOB NOT NULL);
                CREATE TABLE head (
                    shard INTEGER PRIMARY KEY, offset INTEGER NOT NULL, epoch INTEGER NOT NULL, last_id INTEGER NOT NULL, payload_bytes INTEGER NOT NULL);
                CREATE TABLE identity (
                    format_version INTEGER NOT NULL, shard_count INTEGER NOT NULL, rulebook TEXT NOT NULL, source TEXT NOT NULL,
                    seed INTEGER NOT NULL, scale INTEGER NOT NULL, mark INTEGER NOT NULL, party_shard_count INTEGER NOT NULL);
                """);
            database.Prepare("INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, random(), ?)")
                .Bind(1, identity.FormatVersion).Bind(2, identity.ShardCount).Bind(3, identity.Rulebook)
                .Bind(4, identity.Source).Bind(5, unchecked((long)identity.Seed)).Bind(6, identity.Scale)
                .Bind(7, identity.PartyShardCount).Run();
            var head = database.Prepare("INSERT INTO head VALUES (?, 0, 0, 0, 0)");
            for (var shard = 0; shard < identity.TotalShards; shard++)
                head.Bind(1, shard).Run();
            database.Execute("COMMIT; PRAGMA journal_mode = WAL");
        }

        File.Move(draft, path);
    }

    /// <summary>What the journal was created with, and its mark.</summary>
    /// <exception cref="JournalException">Not a journal, or of another format version.</exception>
    public static (JournalIdentity Identity, long Mark) ReadIdentity(SqliteDatabase database, string path)
    {
        if (database.Scalar("PRAGMA application_id") != ApplicationId)
            throw new JournalException($"{path}: it is not a journal. Name a file this program made.");
        var version = database.Scalar("SELECT format_version FROM identity");
        if (version != JournalIdentity.CurrentFormatVersion)
            throw new JournalException($"{path}: it has format version {version} and this program reads {JournalIdentity.CurrentFormatVersion}. Open it with the program that made it.");

        // Journals of before ledgers were kept have no such column.
        var parties = database.Scalar("SELECT count(*) FROM pragma_table_info('identity') WHERE name = 'party_shard_count'") > 0 ? "party_shard_count" : "0";
        var row = database.Prepare($"SELECT shard_count, rulebook, source, seed, scale, mark, {parties} FROM identity");
        if (!row.Step())
            throw new JournalException($"{path}: the file is damaged (no identity). Restore it from a copy.");
        var identity = new JournalIdentity((int)version, (int)row.Long(0), row.Text(1), row.Text(2), unchecked((ulong)row.Long(3)), (int)row.Long(4), (int)row.Long(6));
        var mark = row.Long(5);
        row.Reset();
        return (identity, mark);
    }

    public static List<AdoptedRulebook> ReadAdoptions(SqliteDatabase database)
    {
        var adoptions = new List<AdoptedRulebook>();
        if (database.Scalar("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'adoption'") == 0)
            return adoptions;
        var row = database.Prepare("SELECT number, day, rulebook FROM adoption ORDER BY number");
        while (row.Step())
            adoptions.Add(new AdoptedRulebook((int)row.Long(0), DateOnly.FromDayNumber((int)row.Long(1)), row.Text(2)));
        row.Reset();
        return adoptions;
    }

    /// <summary>Within the writer's transaction.</summary>
    public static void WriteAdoption(SqliteDatabase database, AdoptedRulebook adopted)
    {
        database.Execute("CREATE TABLE IF NOT EXISTS adoption (number INTEGER PRIMARY KEY, day INTEGER NOT NULL, rulebook TEXT NOT NULL)");
        database.Prepare("INSERT INTO adoption VALUES (?, ?, ?)").Bind(1, adopted.Number).Bind(2, adopted.On.DayNumber).Bind(3, adopted.Text).Run();
    }

    /// <summary>True when the file says it is a journal, of whatever version; false for anything else, a missing file included.</summary>
    public static bool IsJournal(string path)
    {
        if (!File.Exists(path) || RegularFile.Problem(path) is not null)
            return false;
        try
        {
            // Through SQLite even here: closing a plain handle on the file would drop the locks a writer in this process holds.
            using var database = SqliteDatabase.Open(path, ReadAccess(path));
            return database.Scalar("PRAGMA application_id") == ApplicationId;
        }
        catch (JournalException failure) when (failure.InnerException is SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB })
        {
            return false;
        }
    }

    /// <summary>
    /// How to read without writing: a journal that was closed has no write-ahead log and is read as it lies; otherwise
    /// a writer is at work, or died, and SQLite has to be told of its log.
    /// </summary>
    public static SqliteAccess ReadAccess(string path) =>
        File.Exists(LogPath(path)) ? SqliteAccess.Read : SqliteAccess.ReadUnchanging;

    /// <exception cref="JournalException">There is no folder for it, or it is a folder itself.</exception>
    public static void RequirePlace(string path)
    {
        if (Directory.Exists(path))
            throw new JournalException($"{path}: it is a folder. Name a file in it.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new JournalException($"{path}: the folder {folder} does not exist. Create it, or name another.");
    }

    /// <exception cref="JournalException">There is no such file.</exception>
    public static void RequireFile(string path)
    {
        RequirePlace(path);
        if (!File.Exists(path))
            throw new JournalException($"{path}: there is no such file. Check the name, or create the journal first.");
        if (RegularFile.Problem(path) is { } problem)
            throw new JournalException($"{path}: {problem}. Name a journal.");
    }

    public static string SnapshotPath(string path) => path + "-snapshots";

    public static string LogPath(string path) => path + "-wal";

    /// <summary>Bytes of everything the store keeps for the log.</summary>
    public static long MeasureFiles(string path) =>
        new[] { path, LogPath(path), path + "-shm" }.Select(name => new FileInfo(name)).Sum(file => file.Exists ? file.Length : 0);
}
