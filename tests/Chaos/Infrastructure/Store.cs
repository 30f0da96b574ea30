using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Chaos.Infrastructure;

/// <summary>The store as somebody sees it who only looks, past every proxy: who has what, how far each log is, who waits for whom.</summary>
internal sealed class Store(PrivateDatabase database)
{
    /// <summary>
    /// Pooled: conditions are polled every few milliseconds, and a login costs server and client more than the answer.
    /// </summary>
    private readonly string _pooled = new NpgsqlConnectionStringBuilder(database.Superuser) { Pooling = true }.ToString();

    public PrivateDatabase Database => database;

    /// <summary>Every shard; null while the store does not answer.</summary>
    public IReadOnlyList<ShardRow>? Shards() => Read("SELECT id, coalesce(owner, 0), epoch, head FROM amoe.shard ORDER BY id",
        row => new ShardRow(row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));

    /// <summary>Hosts whose lease has not run out; null while the store does not answer.</summary>
    public IReadOnlyList<HostRow>? Hosts() => Read("SELECT id, endpoint, lease_until FROM amoe.host WHERE lease_until > now() ORDER BY id",
        row => new HostRow(row.GetInt64(0), row.GetString(1), row.GetDateTime(2)));

    /// <summary>How many of a host's sessions wait for a lock.</summary>
    public int Blocked(long host) => Read($"SELECT 1 FROM pg_stat_activity WHERE application_name = 'amoe host {host}' AND wait_event_type = 'Lock'", _ => 1)?.Count ?? 0;

    /// <summary>Ends the sessions of a host, or of all.</summary>
    /// <returns>How many there were.</returns>
    public int Terminate(long? host = null) => Read(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{PrivatePostgres.AppRole}' AND application_name {(host is { } one ? $"= 'amoe host {one}'" : "LIKE 'amoe%'")}",
        row => row.GetBoolean(0))?.Count(ended => ended) ?? 0;

    /// <summary>Holds the rows of a host's shards locked until disposed: its appends wait.</summary>
    public NpgsqlConnection LockShardsOf(long host)
    {
        var connection = new NpgsqlConnection(database.Superuser);
        connection.Open();
        using var command = new NpgsqlCommand($"BEGIN; SELECT id FROM amoe.shard WHERE owner = {host} ORDER BY id FOR UPDATE", connection);
        command.ExecuteNonQuery();
        return connection;
    }

    private List<T>? Read<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        try
        {
            return ReadOnce(sql, read);
        }
        catch (NpgsqlException)
        {
            // The connection may be one of before the server was stopped: none of them is used again.
            using var connection = new NpgsqlConnection(_pooled);
            NpgsqlConnection.ClearPool(connection);
        }

        try
        {
            return ReadOnce(sql, read);
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    private List<T> ReadOnce<T>(string sql, Func<NpgsqlDataReader, T> read)
    {
        using var connection = new NpgsqlConnection(_pooled);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        using var row = command.ExecuteReader();
        var rows = new List<T>();
        while (row.Read())
            rows.Add(read(row));
        return rows;
    }
}

/// <param name="Owner">The host that has it; 0 for nobody.</param>
internal readonly record struct ShardRow(int Shard, long Owner, long Epoch, long Head);

internal readonly record struct HostRow(long Id, string Endpoint, DateTime LeaseUntil);
