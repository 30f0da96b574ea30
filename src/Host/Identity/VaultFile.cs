using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>One of the vault's two databases, for one thread at a time.</summary>
/// <remarks>SQLite's integers are signed; a student's number is below 2^53, so that it is the same as either.</remarks>
internal abstract class VaultFile : IDisposable
{
    private const string VaultName = "vault";
    private const string MarkName = "audit";

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _setMeta;
    private readonly SqliteStatement _getMeta;

    protected VaultFile(SqliteDatabase database)
    {
        _database = database;
        _setMeta = database.Prepare(
            "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2");
        _getMeta = database.Prepare("SELECT value FROM meta WHERE name = ?1");
    }

    /// <summary>The vault's random id, the same in both files.</summary>
    public string Vault
    {
        get => Text(VaultName) ?? "";
        set => SetText(VaultName, value);
    }

    /// <summary>The line of the audit log up to which this file knows who was erased.</summary>
    public AuditPosition Mark
    {
        get
        {
            var parts = (Text(MarkName) ?? "").Split(' ');
            return parts.Length == 3
                ? new AuditPosition(
                    long.Parse(parts[0], CultureInfo.InvariantCulture),
                    long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2])
                : AuditPosition.Start;
        }
        set =>
            SetText(
                MarkName, string.Create(CultureInfo.InvariantCulture, $"{value.Sequence} {value.Offset} {value.Hash}"));
    }

    public void Begin() => _database.Execute("BEGIN IMMEDIATE");

    /// <summary>Ends the transaction; it is on disk.</summary>
    public void Commit() => _database.Execute("COMMIT");

    public void Rollback() => _database.Rollback();

    /// <summary>
    /// Moves the write-ahead log into the file and empties it: what was deleted is then in neither.
    /// </summary>
    /// <returns>False when a reader of another process keeps the log as it is.</returns>
    public bool Checkpoint()
    {
        using var statement = _database.Query("PRAGMA wal_checkpoint(TRUNCATE)");
        return statement.Step() && statement.Long(0) == 0;
    }

    public void Dispose() => _database.Dispose();

    protected string? Text(string name) => First(_getMeta.Bind(1, name), row => row.Text(0));

    protected byte[]? Bytes(string name) => First(_getMeta.Bind(1, name), row => row.Bytes(0));

    protected void SetText(string name, string value) => _setMeta.Bind(1, name).Bind(2, value).Run();

    protected void SetBytes(string name, byte[] value) => _setMeta.Bind(1, name).Bind(2, value).Run();

    protected SqliteStatement Prepare(string sql) => _database.Prepare(sql);

    /// <summary>A statement that its caller disposes.</summary>
    protected SqliteStatement Query(string sql) => _database.Query(sql);

    protected static SqliteStatement At(SqliteStatement statement, int place, StudentId student) =>
        statement.Bind(1, place).Bind(2, (long)student.Value);

    protected static StudentId StudentOf(SqliteStatement row, int column) => new((ulong)row.Long(column));

    protected long Scalar(string sql)
    {
        using var statement = Query(sql);
        return statement.Step() ? statement.Long(0) : 0;
    }

    /// <summary>What the first row has; null when there is none. The statement is reset.</summary>
    protected static T? First<T>(SqliteStatement statement, Func<SqliteStatement, T> read)
        where T : class
    {
        var found = statement.Step() ? read(statement) : null;
        statement.Reset();
        return found;
    }
}
