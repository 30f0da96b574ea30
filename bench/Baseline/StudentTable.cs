using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Dapper;
using Npgsql;

namespace Amoe.Bench.Baseline;

/// <summary>
/// Every student's records in a table of rows, keyed by student and number: read whole before a decision, one row added
/// after it. The key is the optimistic check: of two writers that decided on the same state, one has its row refused.
/// </summary>
internal sealed class StudentTable(NpgsqlConnection connection)
{
    private const string Definition = """
        DROP TABLE IF EXISTS student_record;
        CREATE TABLE student_record (student bigint, number int, count int NOT NULL, payload bytea NOT NULL, PRIMARY KEY (student, number))
        """;

    private const string Select =
        "SELECT number, count, payload FROM student_record WHERE student = @student ORDER BY number";
    private const string Insert = "INSERT INTO student_record VALUES (@Student, @Number, @Count, @Payload)";

    public static void Create(NpgsqlConnection connection) => connection.Execute(Definition);

    /// <summary>The student's records in order, read in one snapshot; no transaction stays open.</summary>
    public List<Segment> Load(StudentId student)
    {
        var rows = connection.Query<Row>(Select, new { student = (long)student.Value }).AsList();
        return rows.ConvertAll(row => new Segment(0, row.Number, 0, row.Count, 0, row.Payload));
    }

    /// <summary>One durable transaction.</summary>
    /// <exception cref="PostgresException">
    /// A unique violation: another writer has decided about this student since the records were read.
    /// </exception>
    public void Append(StudentId student, in Segment segment) => connection.Execute(
        Insert,
        new
        {
            Student = (long)student.Value,
            Number = (int)segment.Offset,
            segment.Count,
            Payload = segment.Payload.ToArray(),
        });

    private sealed record Row(int Number, int Count, byte[] Payload);
}
