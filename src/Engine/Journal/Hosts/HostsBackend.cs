using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>The server's process behind one connection: process ids come again, its beginning does not.</summary>
internal sealed record HostsBackend(int Pid, DateTime Start)
{
    // A quarter of a minute in steps of ten milliseconds: an append on its way is over long before.
    private const int StepsMax = 1_500;

    public static HostsBackend Of(NpgsqlConnection connection)
    {
        using var command = connection.Command("SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()");
        using var row = command.ExecuteReader();
        row.Read();
        return new HostsBackend(row.GetInt32(0), row.GetDateTime(1));
    }

    /// <summary>Ends it, and waits until whatever it had in hand is committed or undone.</summary>
    /// <returns>False when it would not end.</returns>
    public bool End(NpgsqlConnection from)
    {
        for (var step = 0; step < StepsMax; step++)
        {
            if (from.Truth("SELECT count(pg_terminate_backend(pid)) = 0 FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2", Pid, Start))
                return true;
            from.Run("SELECT pg_sleep(0.01)");
        }

        return false;
    }
}
