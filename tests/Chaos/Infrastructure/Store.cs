using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Chaos.Infrastructure;

/// <summary>
/// The store as an observer sees it, past every proxy: which host holds which partition, and which session waits.
/// </summary>
internal sealed class Store(PrivateDatabase database)
{
    /// <summary>
    /// Pooled: conditions are polled every few milliseconds, and a login costs server and client more than the answer.
    /// </summary>
    private readonly string _pooled =
        new NpgsqlConnectionStringBuilder(database.Superuser) { Pooling = true }.ToString();

    private const int HoldsTried = 10;
    private static readonly TimeSpan _blockedWithin = TimeSpan.FromSeconds(5);

    public PrivateDatabase Database => database;

    /// <summary>Every partition that a host has ever held; null while the store does not answer.</summary>
    public IReadOnlyList<Holding>? Holdings() => Read(
        "SELECT partition, coalesce(host, 0) FROM amoe.holding ORDER BY partition",
        row => new Holding(row.GetInt32(0), row.GetInt64(1)));

    /// <summary>Hosts that live and have joined; null while the store does not answer.</summary>
    public IReadOnlyList<LiveHost>? Hosts() => Read(
        "SELECT id, endpoint, lasts_until FROM amoe.host WHERE NOT dead AND lasts_until > now() AND joined IS NOT NULL ORDER BY id",
        row => new LiveHost(row.GetInt64(0), row.GetString(1), row.GetDateTime(2)));

    /// <summary>Every host that is known, in a line each: for a person who looks into a failure.</summary>
    public IReadOnlyList<string> Described() =>
    [
        .. Read(
            "SELECT h::text || ' holds ' || (SELECT count(*) FROM amoe.holding WHERE host = h.id) || ', now ' || now() FROM amoe.host AS h ORDER BY id",
            row => row.GetString(0))
            ?? ["the store does not answer"],
        .. Read(
            "SELECT 'partition ' || partition || ' is free' FROM amoe.holding WHERE host IS NULL",
            row => row.GetString(0)) ?? [],
    ];

    /// <summary>How many of a host's sessions wait for a lock.</summary>
    private int Blocked(long host) =>
        Read($"SELECT 1 FROM pg_stat_activity WHERE {SessionsOf(host)} AND wait_event_type = 'Lock'", _ => 1)?.Count
            ?? 0;

    /// <summary>Ends the sessions of a host, or of all.</summary>
    /// <returns>How many there were.</returns>
    public int Terminate(long? host = null) => Read(
        $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{PrivatePostgres.AppRole}' AND {(host is { } one ? SessionsOf(one) : "application_name LIKE 'amoe%'")}",
        row => row.GetBoolean(0))?.Count(ended => ended) ?? 0;

    /// <summary>
    /// Holds up a host's appends until disposed: an open transaction has inserted the next event of one of its
    /// partitions, so the host's own insert of it waits. All partitions of a host share its transactions.
    /// </summary>
    /// <remarks>
    /// That partition may be on its way to another host. There it waits for this transaction, and all others wait for
    /// its day: once no append of the named host came to wait for a minute and a half.
    /// </remarks>
    public async Task<NpgsqlConnection> HoldAppendsOf(long host)
    {
        for (var tries = 0; tries < HoldsTried; tries++)
        {
            var connection = new NpgsqlConnection(database.Superuser);
            try
            {
                // The host may be first with that number; then it is tried with the one after it.
                await connection.OpenAsync();
                await Cluster.Until(
                    () => TryInsertNext(connection, host),
                    $"no next event of a partition of host {host} can be inserted");
                if (await Cluster.Comes(() => Blocked(host) > 0, _blockedWithin))
                    return connection;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }

            await connection.DisposeAsync();
        }

        throw new TimeoutException($"no append of host {host} waits, whichever of its partitions is held up");
    }

    private static bool TryInsertNext(NpgsqlConnection connection, long host)
    {
        using var command = new NpgsqlCommand(
            $"""
            BEGIN;
            INSERT INTO amoe.journal (created, deleted, persistence_id, sequence_number, message)
                SELECT 0, false, persistence_id, max(sequence_number) + 1, '' FROM amoe.journal
                WHERE persistence_id = (SELECT 'partition-' || min(partition) FROM amoe.holding WHERE host = {host})
                GROUP BY persistence_id
                ON CONFLICT DO NOTHING
            """,
            connection);
        if (command.ExecuteNonQuery() == 1)
            return true;
        command.CommandText = "ROLLBACK";
        command.ExecuteNonQuery();
        return false;
    }

    /// <summary>In SQL.</summary>
    private static string SessionsOf(long host) => $"application_name LIKE 'amoe %:host {host}'";

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

/// <param name="Host">The host that holds it; 0 for none.</param>
internal readonly record struct Holding(int Partition, long Host);

internal readonly record struct LiveHost(long Id, string Endpoint, DateTime LastsUntil);
