using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Host.Tests;

/// <summary>Watches the growth of a journal in a database.</summary>
internal static class JournalGrowth
{
    /// <summary>Waits until it has so many bytes of events.</summary>
    public static async Task ReachesAsync(this PrivateDatabase database, long bytes)
    {
        // One connection for all questions: the server takes some 20 ms of processor time to begin one, and the run
        // that is waited for needs them.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var connection = new NpgsqlConnection(database.Superuser);
        await connection.OpenAsync(patience.Token);
        while (JournalBytes(connection) < bytes)
            await Task.Delay(20, patience.Token);
    }

    public static long JournalBytes(this PrivateDatabase database)
    {
        using var connection = new NpgsqlConnection(database.Superuser);
        connection.Open();
        return JournalBytes(connection);
    }

    private static long JournalBytes(NpgsqlConnection connection) =>
        Scalar<bool>(connection, "SELECT to_regclass('amoe.journal') IS NULL")
            ? 0
            : Scalar<long>(connection, "SELECT coalesce(sum(length(message)), 0)::bigint FROM amoe.journal");

    private static T Scalar<T>(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return (T)command.ExecuteScalar()!;
    }
}
