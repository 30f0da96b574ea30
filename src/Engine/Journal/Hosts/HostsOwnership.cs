using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>
/// Hosts, leases and the ownership of shards in the tables beside the log, on a connection of its own. The database's <c>now()</c> is the only clock.
/// Rows of shards are locked in shard order, as appends lock them.
/// </summary>
/// <param name="use">Whether other hosts are there, and by that how long a call may take.</param>
/// <param name="lease">How long a host has its shards after its last beat.</param>
/// <param name="adoptions">How many rulebooks had been adopted when this process read them: under a later one it may not decide.</param>
internal sealed class HostsOwnership(PostgresDatabase database, PostgresUse use, TimeSpan lease, Func<int> adoptions) : IOwnershipStore
{
    /// <summary>What the name of a host's connections begins with, before its id.</summary>
    private const string ApplicationNamePrefix = "amoe host ";

    // Whose lease has run out is read before rows are locked, and by his name: who took a shard while we waited for its row is not among those.
    // Nor is the host itself, however late it comes: it would end its own sessions and take twice what it has just taken.
    private const string Free = "format <= (SELECT format FROM host WHERE id = $1) AND (owner IS NULL OR owner IN (SELECT id FROM host WHERE lease_until <= now() AND id <> $1)) AND (SELECT count(*) FROM rulebook) = $3";

    private const string View = """
        SELECT NULL::integer AS shard, id AS host, 0::bigint AS epoch, 0::bigint AS head, format, endpoint, leaving FROM host WHERE lease_until > now()
        UNION ALL SELECT id, owner, epoch, head, format, NULL, NULL FROM shard
        ORDER BY shard, host
        """;

    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;

    public HostId Join(string endpoint, int format) => Call(isRepeatable: false, connection =>
    {
        using var insert = connection.Command("INSERT INTO host (endpoint, format, lease_until) VALUES ($1, $2, now() + $3) RETURNING id", endpoint, format, lease);
        var host = new HostId((long)insert.ExecuteScalar()!);
        // By this name a successor finds what we leave behind; connections that append are opened anew under it.
        database.ApplicationName = ApplicationNamePrefix + host;
        connection.Text("SELECT set_config('application_name', $1, false)", database.ApplicationName);
        return host;
    });

    public ClusterView Beat(HostId host, bool isLeaving) => Call(isRepeatable: true, connection =>
    {
        using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE host SET lease_until = now() + $2, leaving = $3 WHERE id = $1 RETURNING id")
        {
            Parameters = { new() { Value = host.Value }, new() { Value = lease }, new() { Value = isLeaving } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(View));
        using var row = batch.ExecuteReader();
        if (!row.Read())
            throw StruckOff(host);
        row.NextResult();
        return Read(row);
    });

    public ClusterView Look() => Call(isRepeatable: true, connection =>
    {
        using var command = connection.Command(View);
        using var row = command.ExecuteReader();
        return Read(row);
    });

    public IReadOnlyList<ShardEpoch> Take(HostId host, IReadOnlyList<int> shards) => Call(isRepeatable: false, connection =>
    {
        int[] wanted = [.. shards];
        var taken = Take(connection, host, wanted, "SKIP LOCKED");
        if (taken.Count == 0)
            RequireFit(connection, host);
        if (EndDeadHosts(connection, host, wanted))
            taken.AddRange(TakeIfFree(connection, host, wanted));
        connection.Run("DELETE FROM host WHERE lease_until <= now() AND NOT EXISTS (SELECT FROM shard WHERE owner = host.id)");
        return taken;
    });

    public void Release(HostId host, IReadOnlyList<ShardEpoch> shards) => Call(isRepeatable: true, connection => connection.Run(
        """
        WITH given AS (SELECT unnest($2) AS id, unnest($3) AS epoch),
        mine AS MATERIALIZED (SELECT shard.id FROM shard JOIN given USING (id, epoch) WHERE owner = $1 ORDER BY shard.id FOR UPDATE OF shard)
        UPDATE shard SET owner = NULL FROM mine WHERE shard.id = mine.id
        """,
        host.Value, shards.Select(shard => shard.Shard).ToArray(), shards.Select(shard => shard.Epoch).ToArray()));

    public void Leave(HostId host) => Call(isRepeatable: true, connection => connection.Run(
        """
        WITH mine AS MATERIALIZED (SELECT id FROM shard WHERE owner = $1 ORDER BY id FOR UPDATE),
        freed AS (UPDATE shard SET owner = NULL FROM mine WHERE shard.id = mine.id)
        DELETE FROM host WHERE id = $1
        """,
        host.Value));

    public void Dispose()
    {
        lock (_gate)
            _connection?.Dispose();
    }

    private List<ShardEpoch> Take(NpgsqlConnection connection, HostId host, int[] wanted, string whenLocked)
    {
        using var command = connection.Command(
            $"""
            WITH free AS MATERIALIZED (SELECT id FROM shard WHERE id = ANY ($2) AND {Free} ORDER BY id FOR UPDATE {whenLocked})
            UPDATE shard SET owner = $1, epoch = epoch + 1, format = greatest(shard.format, host.format) FROM free, host
            WHERE shard.id = free.id AND host.id = $1 RETURNING shard.id, shard.epoch
            """,
            host.Value, wanted, (long)adoptions());
        using var row = command.ExecuteReader();
        List<ShardEpoch> taken = [];
        while (row.Read())
            taken.Add(new ShardEpoch(row.GetInt32(0), row.GetInt64(1)));
        row.Close();
        taken.Sort((one, other) => one.Shard.CompareTo(other.Shard));
        return taken;
    }

    /// <summary>
    /// What is free and was not taken is locked: by a session of an owner who is dead or frozen, and whose lease has run out. Ends all of his.
    /// </summary>
    /// <returns>True when there was such an owner.</returns>
    private bool EndDeadHosts(NpgsqlConnection connection, HostId host, int[] wanted)
    {
        using var command = connection.Command(
            $"""
            WITH dead AS MATERIALIZED (SELECT DISTINCT owner FROM shard WHERE id = ANY ($2) AND {Free} AND owner IS NOT NULL)
            SELECT count(*), count(pg_terminate_backend(pid)) FROM dead
            LEFT JOIN pg_stat_activity ON application_name = '{ApplicationNamePrefix}' || owner AND datname = current_database()
                AND usename = current_user AND pid <> pg_backend_pid()
            """,
            host.Value, wanted, (long)adoptions());
        using var row = command.ExecuteReader();
        return row.Read() && row.GetInt64(0) > 0;
    }

    private List<ShardEpoch> TakeIfFree(NpgsqlConnection connection, HostId host, int[] wanted)
    {
        try
        {
            return Take(connection, host, wanted, "");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // Somebody else's lock, or a session slow to end. Who takes shards asks again soon.
            return [];
        }
    }

    private static ClusterView Read(NpgsqlDataReader row)
    {
        List<HostEntry> hosts = [];
        List<ShardEntry> shards = [];
        while (row.Read())
        {
            var host = row.IsDBNull(1) ? HostId.None : new HostId(row.GetInt64(1));
            if (row.IsDBNull(0))
                hosts.Add(new HostEntry(host, row.GetString(5), row.GetInt32(4), row.GetBoolean(6)));
            else
                shards.Add(new ShardEntry(row.GetInt32(0), host, row.GetInt64(2), row.GetInt64(3), row.GetInt32(4)));
        }

        return new ClusterView(hosts, shards);
    }

    /// <summary>Nothing was taken: perhaps because this host may not.</summary>
    private void RequireFit(NpgsqlConnection connection, HostId host)
    {
        if (!connection.Truth("SELECT EXISTS (SELECT FROM host WHERE id = $1)", host.Value))
            throw StruckOff(host);
        if (connection.Number("SELECT count(*) FROM rulebook") != adoptions())
            throw new JournalException($"{database.Name}: a rulebook was adopted since this host was started. Start it again: it has to decide by that one.");
    }

    private LeaseLostException StruckOff(HostId host) =>
        new($"{database.Name}: host {host} was struck off, because it had not been heard of for longer than its lease. It has lost every shard: join anew.");

    /// <summary>One call. A connection that died since the last one is opened again, and the call made again where that does no harm.</summary>
    private T Call<T>(bool isRepeatable, Func<NpgsqlConnection, T> call)
    {
        lock (_gate)
        {
            var isKept = _connection is not null;
            try
            {
                _connection ??= database.Open(use);
                return call(_connection);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                if (!PostgresFailure.IsRefusal(e))
                {
                    _connection?.Dispose();
                    _connection = null;
                    if (isRepeatable && isKept)
                        return Call(isRepeatable: false, call);
                }

                throw database.Failure(e);
            }
        }
    }
}
