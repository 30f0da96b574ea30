using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Host.Identity;

/// <summary>A row of a person.</summary>
/// <param name="Numbers">The hashes of all numbers the person has, or had before a correction.</param>
/// <param name="Data">What <see cref="Seal"/> made.</param>
internal sealed record PersonRow(byte[] Numbers, byte[] Data);

/// <summary>
/// <c>vault.db</c>: sealed persons with the hashes of their numbers, and the students who were erased. Rows are
/// appended, and a student's is at the same place as the student's key in <c>keys.db</c>.
/// </summary>
internal sealed class PersonFile : VaultFile
{
    private readonly SqliteStatement _row;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _delete;
    private readonly SqliteStatement _insertErased;

    public PersonFile(SqliteDatabase database)
        : base(database)
    {
        _row = Prepare("SELECT numbers, sealed FROM person WHERE place = ?1 AND student = ?2");
        _insert = Prepare("INSERT INTO person (place, student, numbers, sealed) VALUES (?1, ?2, ?3, ?4)");
        _update = Prepare("UPDATE person SET numbers = ?3, sealed = ?4 WHERE place = ?1 AND student = ?2");
        _delete = Prepare("DELETE FROM person WHERE place = ?1 AND student = ?2");
        _insertErased = Prepare("INSERT OR IGNORE INTO erased (student) VALUES (?1)");
    }

    public long Persons => Scalar("SELECT COUNT(*) FROM person");

    public long Erasures => Scalar("SELECT COUNT(*) FROM erased");

    public PersonRow? RowAt(int place, StudentId student) =>
        First(At(_row, place, student), row => new PersonRow(row.Bytes(0), row.Bytes(1)));

    public void Insert(int place, StudentId student, PersonRow row) =>
        At(_insert, place, student).Bind(3, row.Numbers).Bind(4, row.Data).Run();

    public void Update(int place, StudentId student, PersonRow row) =>
        At(_update, place, student).Bind(3, row.Numbers).Bind(4, row.Data).Run();

    /// <summary>Removes a student's row. The student's number is never given again.</summary>
    /// <param name="place">Null when there is no row, as in an older copy.</param>
    public void Erase(int? place, StudentId student)
    {
        if (place is { } at)
            At(_delete, at, student).Run();
        _insertErased.Bind(1, (long)student.Value).Run();
    }

    /// <summary>Reads all that the index has of this file.</summary>
    public void Load(VaultIndex index)
    {
        using var rows = Query("SELECT place, student, numbers FROM person");
        while (rows.Step())
            index.Load((int)rows.Long(0), StudentOf(rows, 1), rows.Bytes(2));
        using var erased = Query("SELECT student FROM erased");
        while (erased.Step())
            index.LoadErased(StudentOf(erased, 0));
    }
}
