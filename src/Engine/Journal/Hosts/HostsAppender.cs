using Amoe.Engine.Journal.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>
/// One connection that appends, for one thread at a time. An append is one statement sent in one piece: the server has all of it before it locks a row,
/// and commits without another word from us, so a host frozen at whatever moment holds nobody up (docs/adr/0006).
/// </summary>
internal sealed class HostsAppender : IDisposable
{
    // The shards' rows are locked in order and read as they are then; where one does not fit, nothing is moved and nothing written, and they are named.
    private const string Statement = """
        WITH wanted AS (SELECT unnest($1) AS id, unnest($2) AS epoch, unnest($3) AS first, unnest($4) AS next, unnest($5) AS bytes),
        found AS MATERIALIZED (SELECT id, epoch, head FROM shard WHERE id = ANY ($1) ORDER BY id FOR UPDATE),
        refused AS MATERIALIZED (
            SELECT wanted.id, found.epoch, found.head FROM wanted LEFT JOIN found USING (id)
            WHERE found.epoch IS DISTINCT FROM wanted.epoch OR found.head IS DISTINCT FROM wanted.first),
        moved AS (
            UPDATE shard SET head = wanted.next, payload_bytes = payload_bytes + wanted.bytes FROM wanted
            WHERE shard.id = wanted.id AND NOT EXISTS (SELECT FROM refused)),
        written AS (
            INSERT INTO segment (shard, "offset", epoch, count, checksum, payload)
            SELECT * FROM (SELECT unnest($6), unnest($7), unnest($8), unnest($9), unnest($10), unnest($11)) AS segments WHERE NOT EXISTS (SELECT FROM refused))
        SELECT id, epoch, head FROM refused ORDER BY id
        """;

    private static readonly NpgsqlDbType[] _types =
    [
        NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint,
        NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea,
    ];

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _append;

    /// <exception cref="NpgsqlException">The server failed.</exception>
    public HostsAppender(PostgresDatabase database)
    {
        ApplicationName = database.ApplicationName;
        _connection = database.Open(PostgresUse.Append);
        try
        {
            // What was answered is durable, whatever the server's settings say.
            _connection.Run("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'");
            Backend = HostsBackend.Of(_connection);
            _append = new NpgsqlCommand(Statement, _connection);
            foreach (var type in _types)
                _append.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
            _append.Prepare();
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Whose connection it is.</summary>
    public string ApplicationName { get; }

    /// <summary>The server's process at the other end.</summary>
    public HostsBackend Backend { get; }

    /// <summary>A transaction over several statements, for what is rare.</summary>
    public NpgsqlTransaction Begin() => _connection.BeginTransaction();

    /// <summary>Within <see cref="Begin"/>'s transaction.</summary>
    public void WriteAdoption(AdoptedRulebook adopted) =>
        _connection.Run("INSERT INTO rulebook (number, day, text) VALUES ($1, $2, $3)", adopted.Number, adopted.On.DayNumber, adopted.Text);

    /// <summary>Returns the shards whose epoch or head is another one; unless there are none, nothing was written.</summary>
    /// <exception cref="NpgsqlException">The server refused, or did not answer: whether it was written is then for it alone to say.</exception>
    public IReadOnlyList<RefusedShard> Append(HostsAppend append)
    {
        var values = append.Values;
        for (var i = 0; i < values.Length; i++)
            _append.Parameters[i].Value = values[i];
        using var row = _append.ExecuteReader();
        List<RefusedShard> refused = [];
        while (row.Read())
            refused.Add(new RefusedShard(row.GetInt32(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2)));
        // It is committed once the server is ready for the next statement.
        row.Close();
        return refused;
    }

    public void Dispose()
    {
        _append.Dispose();
        _connection.Dispose();
    }
}

/// <summary>A shard as the store has it, where that is not what an append took it for; without anything if the store has no such shard.</summary>
internal readonly record struct RefusedShard(int Shard, long? Epoch, long? Head);
