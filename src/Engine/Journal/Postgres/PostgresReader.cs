using System.Data;
using Amoe.Engine.Cluster;
using Npgsql;
using NpgsqlTypes;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>One connection that reads a journal, for one reader at a time; what it yields is one moment's journal, and checked.</summary>
internal sealed class PostgresReader : IDisposable
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlCommand _heads;
    private readonly NpgsqlCommand _head;
    private readonly NpgsqlCommand _segments;
    private readonly NpgsqlCommand _lost;

    public PostgresReader(PostgresDatabase database)
    {
        _database = database;
        Connection = database.Open(PostgresUse.Read);
        try
        {
            // Tables that grew since the server last looked at them are not small, whatever it thinks: a shard is read by its key.
            Connection.Run("SET enable_seqscan = off");
            _heads = Prepared("SELECT id, head, epoch, payload_bytes FROM shard ORDER BY id");
            _head = Prepared("SELECT head, epoch, payload_bytes FROM shard WHERE id = $1", NpgsqlDbType.Integer);
            _segments = Prepared(
                """
                SELECT "offset", epoch, count, checksum, payload FROM segment
                WHERE shard = $1 AND "offset" >= coalesce((SELECT max("offset") FROM segment WHERE shard = $1 AND "offset" <= $2), 0) AND "offset" < $3
                ORDER BY "offset"
                """,
                NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint);
            _lost = Prepared(
                "SELECT w.id FROM (SELECT unnest($1) AS id, unnest($2) AS epoch) AS w LEFT JOIN shard USING (id) WHERE shard.epoch IS DISTINCT FROM w.epoch ORDER BY id",
                NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
        }
        catch
        {
            Connection.Dispose();
            throw;
        }
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>True when the server is gone, or ended the connection.</summary>
    public bool IsBroken => Connection.FullState != ConnectionState.Open;

    /// <summary>One shard's head.</summary>
    public ShardHead Head(int shard)
    {
        _head.Parameters[0].Value = shard;
        using var row = _head.ExecuteReader();
        return row.Read() ? new ShardHead(row.GetInt64(0), row.GetInt64(1), 0, row.GetInt64(2)) : throw NoHead(shard);
    }

    /// <summary>Every shard's head, by shard.</summary>
    public ShardHead[] Heads(int shardCount)
    {
        var heads = new ShardHead[shardCount];
        var shard = 0;
        using var row = _heads.ExecuteReader();
        while (shard < shardCount && row.Read() && row.GetInt32(0) == shard)
            heads[shard++] = new ShardHead(row.GetInt64(1), row.GetInt64(2), 0, row.GetInt64(3));
        return shard == shardCount ? heads : throw NoHead(shard);
    }

    /// <summary>Those of the shards that are under another epoch.</summary>
    public IReadOnlyList<int> Lost(IReadOnlyList<ShardEpoch> shards)
    {
        _lost.Parameters[0].Value = shards.Select(shard => shard.Shard).ToArray();
        _lost.Parameters[1].Value = shards.Select(shard => shard.Epoch).ToArray();
        List<int> lost = [];
        using var row = _lost.ExecuteReader();
        while (row.Read())
            lost.Add(row.GetInt32(0));
        return lost;
    }

    /// <summary>Bytes of the tables that keep the log, with their indexes.</summary>
    public long MeasureTables()
    {
        using var command = Connection.Command("SELECT sum(pg_total_relation_size(name::regclass))::bigint FROM unnest(ARRAY['journal', 'rulebook', 'shard', 'segment']) AS name");
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Holds on to one moment until it is disposed.</summary>
    public NpgsqlTransaction Moment() => Connection.BeginTransaction(IsolationLevel.RepeatableRead);

    /// <summary>A shard's segments from the one that holds an offset to its head of this moment.</summary>
    public IEnumerable<Segment> Segments(int shard, long fromOffset, ShardHead head)
    {
        if (fromOffset == head.Offset)
            yield break;
        (_segments.Parameters[0].Value, _segments.Parameters[1].Value, _segments.Parameters[2].Value) = (shard, fromOffset, head.Offset);
        using var row = _segments.ExecuteReader();
        ShardHead? reached = fromOffset == 0 ? default(ShardHead) : null;
        while (row.Read())
        {
            var segment = new Segment(shard, row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), (uint)row.GetInt64(3), row.GetFieldValue<byte[]>(4));
            reached = (reached ?? new ShardHead(Math.Min(segment.Offset, fromOffset), 0, 0, 0)).Follow(segment, 0, _database.Name);
            yield return segment;
        }

        var end = reached ?? new ShardHead(fromOffset, 0, 0, 0);
        var committed = head with { Epoch = end.Epoch, PayloadBytes = fromOffset == 0 ? head.PayloadBytes : end.PayloadBytes };
        end.RequireSame(committed, shard, _database.Name);
    }

    public void Dispose() => Connection.Dispose();

    private NpgsqlCommand Prepared(string sql, params ReadOnlySpan<NpgsqlDbType> types)
    {
        var command = new NpgsqlCommand(sql, Connection);
        foreach (var type in types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        command.Prepare();
        return command;
    }

    private JournalException NoHead(int shard) => new($"{_database.Name}: the journal is damaged: there is no head of shard {shard}. Restore it from a copy.");
}
