using System.Security.Cryptography;
using Amoe.Engine.Journal;
using Microsoft.Data.Sqlite;

namespace Amoe.Host.Identity;

/// <summary>The files of a vault's folder: their names, how they are made, and how they are opened.</summary>
internal static class VaultFiles
{
    public const string Persons = "vault.db";
    public const string Keys = "keys.db";
    public const string Audit = "audit.log";

    private const string DraftEnding = "-new";

    // «AMOV» and «AMOK» in the files' headers.
    private const int PersonsId = 0x414D_4F56;
    private const int KeysId = 0x414D_4F4B;
    private const int LayoutVersion = 1;

    private const string MetaTable = "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;";

    private const string PersonsSchema = MetaTable + """

        CREATE TABLE person (place INTEGER PRIMARY KEY, student INTEGER NOT NULL, numbers BLOB NOT NULL, sealed BLOB NOT NULL);
        CREATE TABLE erased (student INTEGER PRIMARY KEY);
        """;

    private const string KeysSchema = MetaTable + """

        CREATE TABLE person_key (place INTEGER PRIMARY KEY, student INTEGER NOT NULL, master TEXT NOT NULL, wrapped BLOB NOT NULL);
        """;

    /// <summary>How files of the vault are opened: when this makes one, its owner alone can use it.</summary>
    public static FileStreamOptions Options(FileMode mode, FileAccess access)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode != FileMode.Open)
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Makes an empty vault: all its files, or none.</summary>
    /// <exception cref="VaultException">The folder has something in it, or cannot be written.</exception>
    public static void Create(string folder, MasterKey master, string host, TimeProvider time)
    {
        RequireNew(folder);
        MakeFolder(folder, draft => Fill(draft, master, host, time));
    }

    /// <summary>Makes the folder whole, or not at all.</summary>
    /// <param name="fill">Receives the folder under the name that it has meanwhile.</param>
    /// <exception cref="VaultException">It cannot be written.</exception>
    public static void MakeFolder(string folder, Action<string> fill)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            var draft = full + DraftEnding;
            if (Directory.Exists(draft))
                Directory.Delete(draft, recursive: true);
            CreateFolder(draft);
            fill(draft);
            if (Directory.Exists(full))
                Directory.Delete(full);
            Directory.Move(draft, full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException(
                $"{folder}: the vault cannot be made there ({e.Message.TrimEnd('.')}). Name a folder where you can write.",
                e);
        }
    }

    /// <exception cref="VaultException">The folder has something in it.</exception>
    public static void RequireNew(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new VaultException(
                $"{folder}: it exists already and is not an empty folder. Name another for the new vault.");
    }

    /// <exception cref="VaultException">The folder has no vault, or one that lacks a file.</exception>
    public static void RequireAll(string folder)
    {
        string[] names = VaultDatabases.AreIn(folder) ? [VaultDatabases.FileName, Audit] : [Persons, Keys, Audit];
        string[] missing = [.. names.Where(name => !File.Exists(Path.Combine(folder, name)))];
        if (missing.Length == names.Length)
            throw new VaultException(
                $"{folder}: there is no identity vault. Make one with amoe vault create, or name the folder that has it.");
        if (missing.Length > 0)
            throw new VaultException(
                $"{folder}: {string.Join(" and ", missing)} of the identity vault is missing. Put it back from its backup (docs/identity.md).");
    }

    /// <exception cref="VaultException">The files are of two vaults.</exception>
    public static void RequireOneVault(string folder, PersonFile persons, PersonKeyFile keys)
    {
        if (persons.Vault != keys.Vault)
            throw new VaultException(
                $"{folder}: {Keys} and {Persons} are of two vaults. Put back the one that belongs to the other.");
    }

    public static PersonFile OpenPersons(string folder, SqliteAccess access) =>
        new(Open(Path.Combine(folder, Persons), PersonsId, access));

    public static PersonKeyFile OpenKeys(string folder, SqliteAccess access) =>
        new(Open(Path.Combine(folder, Keys), KeysId, access));

    /// <summary>A failure of the store as one of the vault.</summary>
    public static VaultException Failure(JournalException failure) => new(failure.Message, failure);

    private static void Fill(string folder, MasterKey master, string host, TimeProvider time)
    {
        var begin = AuditLog.Create(Path.Combine(folder, Audit), host, time);
        var vault = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var index = RandomNumberGenerator.GetBytes(Seal.KeyBytes);
        Make(Path.Combine(folder, Persons), PersonsId, PersonsSchema);
        Make(Path.Combine(folder, Keys), KeysId, KeysSchema);
        using var persons = OpenPersons(folder, SqliteAccess.Write);
        using var keys = OpenKeys(folder, SqliteAccess.Write);
        foreach (var file in (VaultFile[])[persons, keys])
        {
            file.Begin();
            file.Vault = vault;
            file.Mark = begin;
        }

        keys.Master = new WrappedIndex(master.Id, master.Wrap(index));
        CryptographicOperations.ZeroMemory(index);
        keys.Commit();
        persons.Commit();
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(
                folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void Make(string path, int applicationId, string schema)
    {
        // SQLite gives a file the rights that it finds, and those beside it the same.
        new FileStream(path, Options(FileMode.CreateNew, FileAccess.Write)).Dispose();
        using var database = SqliteDatabase.Open(path, SqliteAccess.Write);
        database.Execute($"""
            PRAGMA application_id = {applicationId};
            PRAGMA user_version = {LayoutVersion};
            PRAGMA journal_mode = WAL;
            BEGIN; {schema} COMMIT;
            """);
    }

    private static SqliteDatabase Open(string path, int applicationId, SqliteAccess access)
    {
        var database = SqliteDatabase.Open(path, access);
        try
        {
            if (database.Scalar("PRAGMA application_id") != applicationId)
                throw new VaultException(
                    $"{path}: it is another kind of file. Put back the one of this vault from its backup.");
            if (database.Scalar("PRAGMA user_version") is var layout && layout != LayoutVersion)
                throw new VaultException(
                    $"{path}: it has layout {layout} and this program reads {LayoutVersion}. Open it with the program that made it.");
            // What is deleted is overwritten: a key that was deleted must not be left in a free page.
            if (access == SqliteAccess.Write)
                database.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = ON;");
            return database;
        }
        catch (JournalException e) when (e.InnerException
            is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_NOTADB })
        {
            database.Dispose();
            throw new VaultException(
                $"{path}: it is another kind of file. Put back the one of this vault from its backup.", e);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }
}
