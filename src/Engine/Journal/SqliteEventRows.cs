using System.Globalization;

namespace Amoe.Engine.Journal;

/// <summary>The events of a journal file.</summary>
/// <param name="database">Disposed with this.</param>
/// <param name="path">What messages call it.</param>
internal sealed class SqliteEventRows(SqliteDatabase database, string path) : IEventRows
{
    private const int MessageColumn = 5;

    private static readonly string FrameColumns = ColumnsOf(JournalTable.FrameManifest);

    private readonly SqliteStatement _begin = database.Prepare("BEGIN");
    private readonly SqliteStatement _one = database.Prepare(
        $"SELECT {FrameColumns} FROM journal WHERE persistence_id = ? AND sequence_number = ?");
    private readonly SqliteStatement _head = database.Prepare(
        "SELECT substr(message, 1, ?) FROM journal WHERE persistence_id = ? AND sequence_number = ?");
    private readonly SqliteStatement _highest = database.Prepare(
        "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?");

    // Of the row last read, to be read and forgotten.
    private byte[] _buffer = [];

    public IDisposable Moment()
    {
        _begin.Run();
        return new Transaction(database);
    }

    public long Highest(string persistenceId)
    {
        _highest.Bind(1, persistenceId);
        return _highest.Step() ? Taken(_highest) : 0;
    }

    public byte[]? Find(string persistenceId, long sequenceNumber)
    {
        try
        {
            return _one.Bind(1, persistenceId).Bind(2, sequenceNumber).Step() ? Message(_one) : null;
        }
        finally
        {
            _one.Reset();
        }
    }

    public byte[]? Head(string persistenceId, long sequenceNumber, int length)
    {
        try
        {
            return _head.Bind(1, length).Bind(2, persistenceId).Bind(3, sequenceNumber).Step() ? _head.Bytes(0) : null;
        }
        finally
        {
            _head.Reset();
        }
    }

    public IEnumerable<(long SequenceNumber, ReadOnlyMemory<byte> Message)> At(
        string persistenceId, IReadOnlyList<long> sequenceNumbers)
    {
        // In one transaction: each begins with an empty page cache where the writer has committed since.
        using var moment = Moment();
        foreach (var sequenceNumber in sequenceNumbers)
        {
            ReadOnlyMemory<byte> message;
            try
            {
                if (!_one.Bind(1, persistenceId).Bind(2, sequenceNumber).Step())
                    continue;
                Require(_one);
                message = _one.Bytes(MessageColumn, ref _buffer);
            }
            finally
            {
                _one.Reset();
            }

            yield return (sequenceNumber, message);
        }
    }

    public IEnumerable<(long SequenceNumber, byte[] Message)> From(
        string persistenceId, long sequenceNumber, string manifest)
    {
        using var rows = database.Query(
            $"SELECT {ColumnsOf(manifest)} FROM journal WHERE persistence_id = ? AND sequence_number >= ? ORDER BY sequence_number");
        rows.Bind(1, persistenceId).Bind(2, sequenceNumber);
        while (rows.Step())
            yield return (rows.Long(1), Message(rows));
    }

    public IEnumerable<(string PersistenceId, byte[] Message)> All(PartitionIds ids)
    {
        using var rows = database.Query(
            $"SELECT {FrameColumns} FROM journal WHERE persistence_id <> '{JournalTable.JournalId}' ORDER BY ordering");
        while (rows.Step())
            yield return (rows.Text(0), Message(rows));
    }

    public IEnumerable<(string PersistenceId, long First, long Last, long Count)> Ranges()
    {
        using var rows = database.Query(
            "SELECT persistence_id, MIN(sequence_number), MAX(sequence_number), COUNT(*) FROM journal GROUP BY persistence_id");
        while (rows.Step())
            yield return (rows.Text(0), rows.Long(1), rows.Long(2), rows.Long(3));
    }

    /// <summary>
    /// The pages are counted: a file being written has some in its write-ahead log, beside older versions of them.
    /// </summary>
    public JournalSize Measure()
    {
        using var moment = Moment();
        return new JournalSize(
            database.Scalar(
                $"SELECT COALESCE(SUM(LENGTH(message)), 0) FROM journal WHERE persistence_id <> '{JournalTable.JournalId}'"),
            database.Scalar("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"));
    }

    public void RequireSound()
    {
        using var check = database.Query("PRAGMA integrity_check(1)");
        var finding = check.Step() ? check.Text(0) : "";
        if (finding != "ok")
            throw new JournalException(
                $"{path}: the file is damaged ({finding.Split('\n')[0]}). Restore it from a copy.");
    }

    public void Dispose() => database.Dispose();

    /// <summary>
    /// The columns that <see cref="Message"/> wants, in their order. Comparisons with IS tell the number 0 from a text
    /// that reads as 0.
    /// </summary>
    private static string ColumnsOf(string manifest) => string.Create(
        CultureInfo.InvariantCulture,
        $"persistence_id, sequence_number, deleted IS 0, identifier IS {JournalTable.SerializerId}, manifest IS '{manifest}', message");

    private static long Taken(SqliteStatement statement)
    {
        var value = statement.Long(0);
        statement.Reset();
        return value;
    }

    private byte[] Message(SqliteStatement row)
    {
        Require(row);
        return row.Bytes(MessageColumn);
    }

    private void Require(SqliteStatement row) =>
        JournalTable.Require(
            path, row.Text(0), row.Long(1), isKept: row.Long(2) != 0, isOfSerializer: row.Long(3) != 0,
            isOfManifest: row.Long(4) != 0);

    private sealed class Transaction(SqliteDatabase database) : IDisposable
    {
        public void Dispose() => database.Rollback();
    }
}
