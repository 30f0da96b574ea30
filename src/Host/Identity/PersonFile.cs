using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>A row of a person.</summary>
/// <param name="Numbers">The hashes of all numbers the person has, or had before a correction.</param>
/// <param name="Data">What <see cref="Seal"/> made.</param>
internal sealed record PersonRow(byte[] Numbers, byte[] Data);

/// <summary><c>vault.db</c>: sealed persons, the index of their numbers, and the students who were erased.</summary>
internal sealed class PersonFile : VaultFile
{
    private readonly SqliteStatement _owner;
    private readonly SqliteStatement _row;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _insertNumber;
    private readonly SqliteStatement _deleteNumber;
    private readonly SqliteStatement _insertErased;
    private readonly SqliteStatement _erased;
    private readonly SqliteStatement _countPersons;
    private readonly SqliteStatement _countErased;

    public PersonFile(SqliteDatabase database)
        : base(database)
    {
        _owner = Prepare("SELECT student FROM number WHERE hash = ?1");
        _row = Prepare("SELECT numbers, sealed FROM person WHERE student = ?1");
        _insert = Prepare("INSERT INTO person (student, numbers, sealed) VALUES (?1, ?2, ?3)");
        _update = Prepare("UPDATE person SET numbers = ?2, sealed = ?3 WHERE student = ?1");
        _delete = Prepare("DELETE FROM person WHERE student = ?1");
        _insertNumber = Prepare("INSERT INTO number (hash, student) VALUES (?1, ?2)");
        _deleteNumber = Prepare("DELETE FROM number WHERE hash = ?1");
        _insertErased = Prepare("INSERT OR IGNORE INTO erased (student) VALUES (?1)");
        _erased = Prepare("SELECT 1 FROM erased WHERE student = ?1");
        _countPersons = Prepare("SELECT COUNT(*) FROM person");
        _countErased = Prepare("SELECT COUNT(*) FROM erased");
    }

    public long Persons => Count(_countPersons);

    public long Erasures => Count(_countErased);

    /// <summary>The student who has, or had, the number with this hash.</summary>
    public StudentId? OwnerOf(byte[] hash)
    {
        var statement = _owner.Bind(1, hash);
        StudentId? owner = statement.Step() ? new StudentId((ulong)statement.Long(0)) : null;
        statement.Reset();
        return owner;
    }

    public PersonRow? RowOf(StudentId student) => First(Bind(_row, student), row => new PersonRow(row.Bytes(0), row.Bytes(1)));

    public bool IsErased(StudentId student) => Any(Bind(_erased, student));

    public void Insert(StudentId student, PersonRow row)
    {
        Bind(_insert, student).Bind(2, row.Numbers).Bind(3, row.Data).Run();
        foreach (var hash in HashesOf(row.Numbers))
            Insert(hash, student);
    }

    /// <summary>Replaces a person's row, and the index's where the numbers differ.</summary>
    public void Update(StudentId student, PersonRow before, PersonRow after)
    {
        Bind(_update, student).Bind(2, after.Numbers).Bind(3, after.Data).Run();
        byte[][] old = [.. HashesOf(before.Numbers)], now = [.. HashesOf(after.Numbers)];
        foreach (var hash in old.Where(hash => !IsAmong(now, hash)))
            _deleteNumber.Bind(1, hash).Run();
        foreach (var hash in now.Where(hash => !IsAmong(old, hash)))
            Insert(hash, student);
    }

    /// <summary>Removes all that is there of a student, whose number is never given again.</summary>
    public void Erase(StudentId student)
    {
        if (RowOf(student) is { } row)
        {
            foreach (var hash in HashesOf(row.Numbers))
                _deleteNumber.Bind(1, hash).Run();
            Bind(_delete, student).Run();
        }

        Bind(_insertErased, student).Run();
    }

    public static IEnumerable<byte[]> HashesOf(byte[] numbers) => numbers.Chunk(NumberIndex.HashBytes);

    public static bool IsAmong(IEnumerable<byte[]> hashes, byte[] hash) => hashes.Any(other => other.AsSpan().SequenceEqual(hash));

    private void Insert(byte[] hash, StudentId student) => _insertNumber.Bind(1, hash).Bind(2, (long)student.Value).Run();

    private static long Count(SqliteStatement statement)
    {
        var count = statement.Step() ? statement.Long(0) : 0;
        statement.Reset();
        return count;
    }
}
