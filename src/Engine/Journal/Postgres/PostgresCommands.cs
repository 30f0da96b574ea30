using System.Globalization;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>Short ways to run statements whose parameters are <c>$1</c>, <c>$2</c>, …</summary>
internal static class PostgresCommands
{
    public static NpgsqlCommand Command(
        this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }

    public static int Run(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteNonQuery();
    }

    public static string Text(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) =>
        (string)connection.Scalar(sql, values);

    public static bool Truth(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) =>
        (bool)connection.Scalar(sql, values);

    public static int Number(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) =>
        Convert.ToInt32(connection.Scalar(sql, values), CultureInfo.InvariantCulture);

    /// <summary>
    /// Reads the rows of statements that are one transaction and are sent in one piece. A process that freezes in the
    /// middle holds up no other: the server needs nothing more from it to commit.
    /// </summary>
    /// <param name="read">Reads the first result; a statement that returns nothing has none.</param>
    /// <param name="values">The parameters of every statement.</param>
    public static T Transaction<T>(
        this NpgsqlConnection connection, Func<NpgsqlDataReader, T> read, object[] values,
        params ReadOnlySpan<string> statements)
    {
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN ISOLATION LEVEL READ COMMITTED"));
        foreach (var sql in statements)
        {
            var statement = new NpgsqlBatchCommand(sql);
            foreach (var value in values)
                statement.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(statement);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        using var rows = batch.ExecuteReader();
        var result = read(rows);

        // What fails behind the rows is thrown here, the commit above all.
        while (rows.NextResult())
        {
        }

        return result;
    }

    private static object Scalar(this NpgsqlConnection connection, string sql, ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteScalar() ?? throw new InvalidOperationException($"no row from: {sql}");
    }
}
