using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>A person's key as it is kept.</summary>
/// <param name="Master">The id of the master key that wraps it.</param>
internal sealed record WrappedKey(StudentId Student, string Master, byte[] Bytes);

/// <summary>The index key under one master key.</summary>
internal sealed record WrappedIndex(string Master, byte[] Bytes);

/// <summary>
/// <c>keys.db</c>: the wrapped key of each person, and of the index. It is a file apart and has a backup of its own: an
/// older <c>vault.db</c> has persons whose keys are gone.
/// </summary>
internal sealed class KeyFile : VaultFile
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
    private readonly SqliteStatement _count;

    public KeyFile(SqliteDatabase database)
        : base(database)
    {
        _key = Prepare("SELECT master, wrapped FROM person_key WHERE student = ?1");
        _insert = Prepare("INSERT INTO person_key (student, master, wrapped) VALUES (?1, ?2, ?3)");
        _update = Prepare("UPDATE person_key SET master = ?2, wrapped = ?3 WHERE student = ?1");
        _delete = Prepare("DELETE FROM person_key WHERE student = ?1");
        _othersAfter = Prepare("SELECT student, master, wrapped FROM person_key WHERE student > ?1 AND master <> ?2 ORDER BY student LIMIT ?3");
        _deleteMeta = Prepare("DELETE FROM meta WHERE name = ?1");
        _count = Prepare("SELECT COUNT(*) FROM person_key");
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

    public long Keys
    {
        get
        {
            var count = _count.Step() ? _count.Long(0) : 0;
            _count.Reset();
            return count;
        }
    }

    public WrappedKey? KeyOf(StudentId student) => First(Bind(_key, student), row => new WrappedKey(student, row.Text(0), row.Bytes(1)));

    public void Insert(WrappedKey key) => Bind(_insert, key.Student).Bind(2, key.Master).Bind(3, key.Bytes).Run();

    public void Update(WrappedKey key) => Bind(_update, key.Student).Bind(2, key.Master).Bind(3, key.Bytes).Run();

    public void Delete(StudentId student) => Bind(_delete, student).Run();

    /// <summary>The next keys, by student's number, that another master key wraps.</summary>
    public List<WrappedKey> OthersAfter(StudentId student, string master, int most)
    {
        var keys = new List<WrappedKey>();
        var statement = Bind(_othersAfter, student).Bind(2, master).Bind(3, most);
        while (statement.Step())
            keys.Add(new WrappedKey(new StudentId((ulong)statement.Long(0)), statement.Text(1), statement.Bytes(2)));
        return keys;
    }
}
