using System.Data;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Journal.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>One connection that reads a journal, for one reader at a time; what it yields is one moment's journal, and checked.</summary>
internal sealed class HostsReader : IDisposable
{
    private const string OneHead = "SELECT head, epoch, payload_bytes FROM shard WHERE id = $1";

    private const string ShardSegments = """
        SELECT "offset", epoch, count, checksum, payload FROM segment
        WHERE shard = $1 AND "offset" >= coalesce((SELECT max("offset") FROM segment WHERE shard = $1 AND "offset" <= $2), 0)
        ORDER BY "offset"
        """;

    private const string SegmentsAt = """
        SELECT "offset", epoch, count, checksum, payload FROM segment WHERE shard = $1 AND "offset" = ANY($2) ORDER BY "offset"
        """;

    private readonly PostgresDatabase _database;
    private readonly NpgsqlCommand _heads;
    private readonly NpgsqlCommand _head;
    private readonly NpgsqlCommand _segments;
    private readonly NpgsqlCommand _segmentsAt;
    private readonly NpgsqlCommand _lost;
    private readonly NpgsqlBatch _headAndSegments;

    public HostsReader(PostgresDatabase database)
    {
        _database = database;
        Connection = database.Open(PostgresUse.Read);
        try
        {
            // Tables that grew since the server last looked at them are not small, whatever it thinks: a shard is read by its key.
            Connection.Run("SET enable_seqscan = off");
            _heads = Prepared("SELECT id, head, epoch, payload_bytes FROM shard ORDER BY id");
            _head = Prepared(OneHead, NpgsqlDbType.Integer);
            _segments = Prepared(ShardSegments, NpgsqlDbType.Integer, NpgsqlDbType.Bigint);
            _segmentsAt = Prepared(SegmentsAt, NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
            _lost = Prepared(
                "SELECT w.id FROM (SELECT unnest($1) AS id, unnest($2) AS epoch) AS w LEFT JOIN shard USING (id) WHERE shard.epoch IS DISTINCT FROM w.epoch ORDER BY id",
                NpgsqlDbType.Array | NpgsqlDbType.Integer, NpgsqlDbType.Array | NpgsqlDbType.Bigint);
            _headAndSegments = new NpgsqlBatch(Connection);
            Add("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Add(OneHead, NpgsqlDbType.Integer);
            Add(ShardSegments, NpgsqlDbType.Integer, NpgsqlDbType.Bigint);
            Add("COMMIT");
            _headAndSegments.Prepare();
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
        return row.Read() ? Head(row) : throw NoHead(shard);
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

    /// <summary>
    /// A shard's segments from the one that holds an offset to its head, of one moment and in one round trip: asked for now, and streamed as they are
    /// enumerated.
    /// </summary>
    public IEnumerable<Segment> Read(int shard, long fromOffset)
    {
        var (ofHead, ofSegments) = (_headAndSegments.BatchCommands[1].Parameters, _headAndSegments.BatchCommands[2].Parameters);
        (ofHead[0].Value, ofSegments[0].Value, ofSegments[1].Value) = (shard, shard, fromOffset);
        var row = _headAndSegments.ExecuteReader();
        if (!row.Read())
            throw NoHead(shard);
        var head = Head(row);
        if (fromOffset > head.Offset)
            throw new JournalException($"{_database.Name}: shard {shard} ends at offset {head.Offset} and was to be read from {fromOffset}. Discard the snapshot that says so, or restore the journal from a newer copy.");
        row.NextResult();
        return Segments(row, shard, fromOffset, head);
    }

    /// <summary>The segments of a shard that begin at these offsets, as far as there are any, by offset and unchecked: one round trip.</summary>
    public List<Segment> ReadAt(int shard, long[] offsets)
    {
        (_segmentsAt.Parameters[0].Value, _segmentsAt.Parameters[1].Value) = (shard, offsets);
        var segments = new List<Segment>(offsets.Length);
        using var row = _segmentsAt.ExecuteReader();
        while (row.Read())
            segments.Add(Current(row, shard));
        return segments;
    }

    /// <summary>Every shard's segments of one moment, shard after shard: the heads read now, the rest as it is enumerated.</summary>
    public IEnumerable<Segment> ReadAll(int shardCount)
    {
        var moment = Connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return All(moment, Heads(shardCount));
    }

    public void Dispose() => Connection.Dispose();

    private static ShardHead Head(NpgsqlDataReader row) => new(row.GetInt64(0), row.GetInt64(1), 0, row.GetInt64(2));

    private static Segment Current(NpgsqlDataReader row, int shard) =>
        new(shard, row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), (uint)row.GetInt64(3), row.GetFieldValue<byte[]>(4));

    private IEnumerable<Segment> All(NpgsqlTransaction moment, ShardHead[] heads)
    {
        using (moment)
        {
            for (var shard = 0; shard < heads.Length; shard++)
            {
                (_segments.Parameters[0].Value, _segments.Parameters[1].Value) = (shard, 0L);
                foreach (var segment in Segments(_segments.ExecuteReader(), shard, 0, heads[shard]))
                    yield return segment;
            }
        }
    }

    private IEnumerable<Segment> Segments(NpgsqlDataReader row, int shard, long fromOffset, ShardHead head)
    {
        using (row)
        {
            if (fromOffset == head.Offset && fromOffset > 0)
                yield break;
            ShardHead? reached = fromOffset == 0 ? default(ShardHead) : null;
            while (row.Read())
            {
                var segment = Current(row, shard);
                reached = (reached ?? new ShardHead(Math.Min(segment.Offset, fromOffset), 0, 0, 0)).Follow(segment, 0, _database.Name);
                yield return segment;
            }

            var end = reached ?? new ShardHead(fromOffset, 0, 0, 0);
            var committed = head with { Epoch = end.Epoch, PayloadBytes = fromOffset == 0 ? head.PayloadBytes : end.PayloadBytes };
            end.RequireSame(committed, shard, _database.Name);
        }
    }

    private void Add(string sql, params ReadOnlySpan<NpgsqlDbType> types)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var type in types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        _headAndSegments.BatchCommands.Add(command);
    }

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
