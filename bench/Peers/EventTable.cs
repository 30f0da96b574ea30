using Amoe.Engine.Domain;
using Npgsql;
using NpgsqlTypes;

namespace Amoe.Bench.Peers;

/// <summary>
/// A row for each event, keyed by student and number: the store of the peers that bring none. The key is the optimistic
/// check.
/// </summary>
internal static class EventTable
{
    public const string Definition =
        "CREATE TABLE student_event (student bigint, number int, payload bytea, PRIMARY KEY (student, number))";

    private const string Select = "SELECT payload FROM student_event WHERE student = $1 ORDER BY number";

    /// <summary>One durable transaction.</summary>
    public static async Task AppendAsync(NpgsqlDataSource source, StudentId student, int number, byte[] e)
    {
        await using var insert = source.CreateCommand("INSERT INTO student_event VALUES ($1, $2, $3)");
        insert.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)student.Value });
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        insert.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = e, NpgsqlDbType = NpgsqlDbType.Bytea });
        await insert.ExecuteNonQueryAsync().ConfigureAwait(false);
    }

    /// <summary>A student's events, oldest first.</summary>
    public static async Task<List<byte[]>> LoadAsync(NpgsqlDataSource source, StudentId student)
    {
        await using var select = source.CreateCommand(Select);
        select.Parameters.Add(new NpgsqlParameter<long> { TypedValue = (long)student.Value });
        await using var reader = await select.ExecuteReaderAsync().ConfigureAwait(false);
        var events = new List<byte[]>();
        while (await reader.ReadAsync().ConfigureAwait(false))
            events.Add(reader.GetFieldValue<byte[]>(0));
        return events;
    }
}
