using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>A person's key as it is kept.</summary>
/// <param name="Place">Where its store has it, by which a rotation goes along all of them.</param>
/// <param name="Master">The id of the master key that wraps it.</param>
internal sealed record WrappedKey(long Place, StudentId Student, string Master, byte[] Bytes);

/// <summary>The index key under one master key.</summary>
internal sealed record WrappedIndex(string Master, byte[] Bytes);

/// <summary>
/// <c>keys.db</c>: the wrapped key of each person, and of the index. It is a file apart and has a backup of its own: an
/// older <c>vault.db</c> has persons whose keys are gone.
/// </summary>
internal sealed class PersonKeyFile : VaultFile
{
    private const string MasterName = "master";
    private const string IndexName = "index";
    private const string NextMasterName = "next_master";
    private const string NextIndexName = "next_index";

    private readonly SqliteStatement _key;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _othersAfter;
    private readonly SqliteStatement _deleteMeta;

    public PersonKeyFile(SqliteDatabase database)
        : base(database)
    {
        _key = Prepare("SELECT master, wrapped FROM person_key WHERE place = ?1 AND student = ?2");
        _insert = Prepare("INSERT INTO person_key (place, student, master, wrapped) VALUES (?1, ?2, ?3, ?4)");
        _update = Prepare("UPDATE person_key SET master = ?3, wrapped = ?4 WHERE place = ?1 AND student = ?2");
        _delete = Prepare("DELETE FROM person_key WHERE place = ?1 AND student = ?2");
        _othersAfter = Prepare(
            "SELECT place, student, master, wrapped FROM person_key WHERE place > ?1 AND master <> ?2 ORDER BY place LIMIT ?3");
        _deleteMeta = Prepare("DELETE FROM meta WHERE name = ?1");
    }

    /// <summary>The master key of this file, and the index key under it.</summary>
    public WrappedIndex Master
    {
        get => new(Text(MasterName) ?? "", Bytes(IndexName) ?? []);
        set
        {
            SetText(MasterName, value.Master);
            SetBytes(IndexName, value.Bytes);
        }
    }

    /// <summary>The same of the key to which a rotation goes; null when there is none under way.</summary>
    public WrappedIndex? Next
    {
        get => Text(NextMasterName) is { } next ? new WrappedIndex(next, Bytes(NextIndexName) ?? []) : null;
        set
        {
            if (value is null)
            {
                _deleteMeta.Bind(1, NextMasterName).Run();
                _deleteMeta.Bind(1, NextIndexName).Run();
                return;
            }

            SetText(NextMasterName, value.Master);
            SetBytes(NextIndexName, value.Bytes);
        }
    }

    public long Keys => Scalar("SELECT COUNT(*) FROM person_key");

    public WrappedKey? KeyAt(int place, StudentId student) =>
        First(At(_key, place, student), row => new WrappedKey(place, student, row.Text(0), row.Bytes(1)));

    public void Insert(WrappedKey key) =>
        At(_insert, (int)key.Place, key.Student).Bind(3, key.Master).Bind(4, key.Bytes).Run();

    public void Update(WrappedKey key) =>
        At(_update, (int)key.Place, key.Student).Bind(3, key.Master).Bind(4, key.Bytes).Run();

    public void Delete(int place, StudentId student) => At(_delete, place, student).Run();

    /// <summary>The next keys that another master key wraps.</summary>
    public List<WrappedKey> OthersAfter(long place, string master, int most)
    {
        var keys = new List<WrappedKey>();
        var statement = _othersAfter.Bind(1, place).Bind(2, master).Bind(3, most);
        while (statement.Step())
            keys.Add(
                new WrappedKey(statement.Long(0), StudentOf(statement, 1), statement.Text(2), statement.Bytes(3)));
        return keys;
    }

    /// <summary>Reads all that the index has of this file.</summary>
    public void Load(VaultIndex index)
    {
        using var rows = Query("SELECT place, student FROM person_key");
        while (rows.Step())
            index.Load((int)rows.Long(0), StudentOf(rows, 1), []);
    }
}
