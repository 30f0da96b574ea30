using Amoe.Engine.Bytes;
using Amoe.Engine.Journal.Postgres;
using Npgsql;

namespace Amoe.Engine.Journal.Hosts;

/// <summary>
/// Snapshots in a table beside the log's, on a connection of their own. Losing one loses nothing, so trouble is told to <c>warn</c> and never stops the
/// engine; the next call opens another connection.
/// </summary>
internal sealed class HostsSnapshotStore(PostgresDatabase database, Action<string> warn) : ISnapshotStore
{
    private readonly Lock _gate = new();
    private NpgsqlConnection? _connection;
    private bool _disposed;
    private bool _isAway;

    public long SnapshotBytes
    {
        get
        {
            lock (_gate)
                return Try("the snapshots were not measured", connection => Scalar(connection, "SELECT coalesce(sum(length(payload)), 0)::bigint FROM snapshot"));
        }
    }

    public void Save(int shard, long offset, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var (kept, checksum) = (payload.ToArray(), (long)Sum(shard, offset, payload));
        lock (_gate)
        {
            Try($"the snapshot of shard {shard} was not kept", connection => connection.Run(
                """
                INSERT INTO snapshot (shard, "offset", checksum, payload) VALUES ($1, $2, $3, $4)
                ON CONFLICT (shard) DO UPDATE SET "offset" = excluded."offset", checksum = excluded.checksum, payload = excluded.payload
                """,
                shard, offset, checksum, kept));
        }
    }

    public Snapshot? Load(int shard)
    {
        lock (_gate)
        {
            return Try($"the snapshot of shard {shard} was not read", connection =>
            {
                using var command = connection.Command("SELECT \"offset\", checksum, payload FROM snapshot WHERE shard = $1", shard);
                using var row = command.ExecuteReader();
                if (!row.Read())
                    return null;
                var (offset, checksum, payload) = (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
                if (checksum == Sum(shard, offset, payload))
                    return new Snapshot(shard, offset, payload);
                warn($"{database.Name}: the snapshot of shard {shard} is damaged and ignored; the journal is replayed instead.");
                return null;
            });
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _connection?.Dispose();
        }
    }

    private T? Try<T>(string otherwise, Func<NpgsqlConnection, T> action)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var isKept = _connection is not null;
        try
        {
            _connection ??= database.Open(PostgresUse.Append);
            var result = action(_connection);
            _isAway = false;
            return result;
        }
        catch (Exception e) when (e is JournalException or NpgsqlException or TimeoutException or IOException or InvalidOperationException)
        {
            _connection?.Dispose();
            _connection = null;
            // A connection that was kept may be one of before the server was started again.
            if (isKept && !PostgresFailure.IsRefusal(e))
                return Try(otherwise, action);
            var failure = e as JournalException ?? database.Failure(e);

            // Told once, however many shards' snapshots are asked for while the server is away.
            if (!_isAway)
                warn($"{failure.Message} So {otherwise}.");
            _isAway = failure is JournalUnavailableException;
            return default;
        }
    }

    private static long Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = connection.Command(sql);
        return (long)command.ExecuteScalar()!;
    }

    private static uint Sum(int shard, long offset, ReadOnlySpan<byte> payload) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Append(Crc32C.Start, (ulong)shard), (ulong)offset), payload));
}
