using Npgsql;

namespace Amoe.Engine.Journal.Postgres;

/// <summary>The events of a journal in a database, read on a connection of its own.</summary>
internal sealed class PostgresEventRows : IEventRows
{
    private const int MessageColumn = 4;

    private const string SelectFrame =
        "SELECT sequence_number, NOT deleted, identifier IS NOT DISTINCT FROM $3, manifest IS NOT DISTINCT FROM $4, message FROM journal WHERE persistence_id = $1";

    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly Dictionary<string, NpgsqlCommand> _prepared = [];

    // Of the row last read, to be read and forgotten.
    private byte[] _buffer = [];

    public PostgresEventRows(PostgresDatabase database)
    {
        _database = database;
        _connection = database.Open(PostgresUse.Read);

        // Tables that grew since the server last looked at them are not small, whatever it thinks: a partition is read
        // by its key.
        Try(() => _connection.Run("SET enable_seqscan = off"));
    }

    public NpgsqlConnection Connection => _connection;

    public IDisposable Moment() => Try(() =>
    {
        _connection.Run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        return new Transaction(_connection);
    });

    public long Highest(string persistenceId) => Try(
        () =>
            (long)Prepared(
                "SELECT coalesce(max(sequence_number), 0) FROM journal WHERE persistence_id = $1", persistenceId)
                    .ExecuteScalar()!);

    public byte[]? Find(string persistenceId, long sequenceNumber) => Try(() =>
    {
        using var row = Frames("AND sequence_number = $2", persistenceId, sequenceNumber, JournalTable.FrameManifest)
            .ExecuteReader();
        return row.Read() ? Message(row, persistenceId) : null;
    });

    public byte[]? Head(string persistenceId, long sequenceNumber, int length) =>
        Try(() =>
            (byte[]?)Prepared(
                "SELECT substr(message, 1, $3) FROM journal WHERE persistence_id = $1 AND sequence_number = $2",
                persistenceId, sequenceNumber, length).ExecuteScalar());

    public IEnumerable<(long SequenceNumber, ReadOnlyMemory<byte> Message)> At(
        string persistenceId, IReadOnlyList<long> sequenceNumbers)
    {
        using var rows = Try(() =>
            Frames(
                "AND sequence_number = ANY ($2) ORDER BY sequence_number", persistenceId, sequenceNumbers.ToArray(),
                JournalTable.FrameManifest).ExecuteReader());
        while (Try(rows.Read))
            yield return (rows.GetInt64(0), Try(() => Buffered(rows, persistenceId)));
    }

    public IEnumerable<(long SequenceNumber, byte[] Message)> From(
        string persistenceId, long sequenceNumber, string manifest)
    {
        using var rows = Try(() =>
            Frames("AND sequence_number >= $2 ORDER BY sequence_number", persistenceId, sequenceNumber, manifest)
                .ExecuteReader());
        while (Try(rows.Read))
            yield return (rows.GetInt64(0), Try(() => Message(rows, persistenceId)));
    }

    /// <summary>Partition after partition: the order of commit across them is not kept.</summary>
    public IEnumerable<(string PersistenceId, byte[] Message)> All(PartitionIds ids) =>
        Enumerable.Range(0, ids.Count).SelectMany(partition =>
            From(ids[partition], 1, JournalTable.FrameManifest).Select(row => (ids[partition], row.Message)));

    public IEnumerable<(string PersistenceId, long First, long Last, long Count)> Ranges() => Try(() =>
    {
        using var command = _connection.Command(
            "SELECT persistence_id, min(sequence_number), max(sequence_number), count(*) FROM journal GROUP BY persistence_id");
        using var row = command.ExecuteReader();
        var ranges = new List<(string, long, long, long)>();
        while (row.Read())
            ranges.Add((row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));
        return ranges;
    });

    /// <summary>Tables with their indexes; of the write-ahead log the server knows.</summary>
    public JournalSize Measure() => Try(() =>
    {
        using var command = _connection.Command(
            "SELECT coalesce(sum(length(message)), 0)::bigint, pg_total_relation_size('journal') FROM journal WHERE persistence_id <> $1",
            JournalTable.JournalId);
        using var row = command.ExecuteReader();
        row.Read();
        return new JournalSize(row.GetInt64(0), row.GetInt64(1));
    });

    /// <summary>The server checks its own pages, where its cluster was made with checksums.</summary>
    public void RequireSound()
    {
    }

    public void Dispose() => _connection.Dispose();

    private NpgsqlCommand Frames(string which, string persistenceId, object sequenceNumbers, string manifest) =>
        Prepared($"{SelectFrame} {which}", persistenceId, sequenceNumbers, JournalTable.SerializerId, manifest);

    private NpgsqlCommand Prepared(string sql, params ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            _prepared[sql] = command = _connection.Command(sql, values);
            command.Prepare();
        }

        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        return command;
    }

    private byte[] Message(NpgsqlDataReader row, string persistenceId)
    {
        Require(row, persistenceId);
        return row.GetFieldValue<byte[]>(MessageColumn);
    }

    private ReadOnlyMemory<byte> Buffered(NpgsqlDataReader row, string persistenceId)
    {
        Require(row, persistenceId);
        var length = (int)row.GetBytes(MessageColumn, 0, null, 0, 0);
        if (length > _buffer.Length)
            _buffer = new byte[length];
        row.GetBytes(MessageColumn, 0, _buffer, 0, length);
        return _buffer.AsMemory(0, length);
    }

    private void Require(NpgsqlDataReader row, string persistenceId) => JournalTable.Require(
        _database.Name, persistenceId, row.GetInt64(0), isKept: row.GetBoolean(1), isOfSerializer: row.GetBoolean(2),
        isOfManifest: row.GetBoolean(3));

    private T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (PostgresFailure.IsOfServer(e))
        {
            throw _database.Failure(e);
        }
    }

    private sealed class Transaction(NpgsqlConnection connection) : IDisposable
    {
        public void Dispose()
        {
            try
            {
                connection.Run("ROLLBACK");
            }
            catch (Exception e) when (PostgresFailure.IsOfServer(e))
            {
                // Of a connection that broke there is nothing to end: its next user finds out.
            }
        }
    }
}
