using Npgsql;

namespace Amoe.Bench.Peers;

/// <summary>How the peers that speak to the database themselves connect to it.</summary>
internal static class PeerConnections
{
    /// <summary>More than a server of two cores has a use for, and fewer than it takes.</summary>
    public const int Max = 32;

    /// <summary>
    /// Statements are prepared once, a connection is not reset between commands, and one that waits in a long queue is
    /// not given up.
    /// </summary>
    public static string StringOf(PeerRun run) => StringOf(run.Place.Address.Connection);

    /// <param name="settings">Where the database is.</param>
    public static string StringOf(NpgsqlConnectionStringBuilder settings)
    {
        settings.MaxPoolSize = Max;
        settings.MaxAutoPrepare = 20;
        settings.AutoPrepareMinUsages = 2;
        settings.NoResetOnClose = true;
        (settings.Timeout, settings.CommandTimeout) = (120, 120);
        return settings.ConnectionString;
    }

    public static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
