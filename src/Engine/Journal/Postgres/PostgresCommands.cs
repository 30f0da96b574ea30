using System.Globalization;
using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>Short ways to run statements whose parameters are <c>$1</c>, <c>$2</c>, …</summary>
internal static class PostgresCommands
{
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
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

    public static string Text(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) => (string)connection.Scalar(sql, values);

    public static bool Truth(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) => (bool)connection.Scalar(sql, values);

    public static int Number(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values) =>
        Convert.ToInt32(connection.Scalar(sql, values), CultureInfo.InvariantCulture);

    private static object Scalar(this NpgsqlConnection connection, string sql, ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteScalar() ?? throw new InvalidOperationException($"no row from: {sql}");
    }
}
