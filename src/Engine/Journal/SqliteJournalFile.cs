using Amoe.Engine.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Amoe.Engine.Journal;

/// <summary>
/// A journal as a file: its one table, the journal's own entries in it, and what has to be true before it is opened.
/// </summary>
internal static class SqliteJournalFile
{
    // «AMOE» in the file's header tells a journal from any other SQLite file.
    private const int ApplicationId = 0x414D_4F45;

    /// <summary>
    /// The layout of the file. The former store's had no number; in layout 2 no entry said which days were opened.
    /// </summary>
    private const int LayoutVersion = 3;

    private const string LastOfFormerStore = "amoe 0.1.0 at commit 2fe6498";

    private const string LastOfLayout2 = "amoe 0.2.0 at commit 42f7884";

    private const int PageBytes = 16 * 1024;

    private const string DraftEnding = "-new";

    /// <summary>
    /// Of the files that a journal may have beside it, its lock apart.
    /// </summary>
    private static readonly string[] SideFileEndings =
    [
        "-wal", "-shm", "-journal", DraftEnding, DraftEnding + "-wal", DraftEnding + "-shm", DraftEnding + "-journal",
        SnapshotFile.Ending, SnapshotFile.Ending + "-wal", SnapshotFile.Ending + "-shm",
    ];

    /// <summary>Makes the file whole before it gets its name, so that a crash leaves no half-made journal.</summary>
    public static void Create(string path, JournalIdentity identity)
    {
        var draft = DraftPath(path);
        RemoveSideFiles(path);
        using (var database = SqliteDatabase.Open(draft, SqliteAccess.Create))
        {
            database.Execute($"""
                PRAGMA page_size = {PageBytes};
                PRAGMA synchronous = FULL;
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {LayoutVersion};
                BEGIN;
                {JournalTable.Schema};
                """);
            Insert(database, JournalTable.JournalId, 1, new JournalBook().Encode(identity), JournalTable.EntryManifest);
            database.Execute("COMMIT; PRAGMA journal_mode = WAL");
        }

        File.Move(draft, path);
    }

    /// <summary>Within the writer's transaction.</summary>
    public static void Insert(
        SqliteDatabase database, string persistenceId, long sequenceNumber, byte[] message, string manifest) =>
        database.Prepare(JournalTable.Insert)
            .Bind(1, persistenceId)
            .Bind(2, sequenceNumber)
            .Bind(3, message)
            .Bind(4, manifest)
            .Bind(5, JournalTable.SerializerId)
            .Run();

    /// <summary>
    /// True when the file says it is a journal, of whatever layout; false for anything else, a missing file included.
    /// </summary>
    public static bool IsJournal(string path)
    {
        if (!File.Exists(path) || RegularFile.Problem(path) is not null)
            return false;
        try
        {
            // Through SQLite even here: closing a plain handle on the file would drop the locks a writer in this
            // process holds.
            using var database = SqliteDatabase.Open(path, ReadAccess(path));
            return database.Scalar("PRAGMA application_id") == ApplicationId;
        }
        catch (JournalException failure) when (failure.InnerException
            is SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB })
        {
            return false;
        }
    }

    /// <summary>
    /// How to read without writing. A journal that was closed has no write-ahead log and is read as unchanging.
    /// Otherwise a writer is at work, or died, and SQLite has to read its log too.
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

    /// <exception cref="JournalException">There is no such file, or it cannot be a journal.</exception>
    public static void RequireFile(string path)
    {
        RequirePlace(path);
        if (!File.Exists(path))
            throw new JournalException($"{path}: there is no such file. Check the name, or create the journal first.");
        if (RegularFile.Problem(path) is { } problem)
            throw new JournalException($"{path}: {problem}. Name a journal.");
    }

    public static string LogPath(string path) => path + "-wal";

    /// <summary>The name of a journal that is being made.</summary>
    public static string DraftPath(string path) => path + DraftEnding;

    /// <summary>Removes what a journal left beside it, or what was to become one.</summary>
    public static void RemoveSideFiles(string path)
    {
        foreach (var ending in SideFileEndings)
            File.Delete(path + ending);
    }

    public static void RequireLayout(SqliteDatabase database, string path)
    {
        if (database.Scalar("PRAGMA application_id") != ApplicationId)
            throw new JournalException($"{path}: it is not a journal. Name a file this program made.");
        var layout = database.Scalar("PRAGMA user_version");
        if (layout == 2)
            throw new JournalException(
                $"{path}: it has layout 2, which does not say what days were opened. The last version that reads it is {LastOfLayout2}.");
        if (layout < LayoutVersion)
            throw new JournalException(
                $"{path}: it is a journal of the former store, which this version does not read. The last version that does is {LastOfFormerStore}.");
        if (layout > LayoutVersion)
            throw new JournalException(
                $"{path}: it has layout {layout} and this program reads {LayoutVersion}. Open it with the program that made it.");
    }
}
