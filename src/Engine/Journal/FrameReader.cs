using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Journal;

/// <summary>
/// One connection that reads the frames of a journal file, for one reader at a time; a sequence is of one moment.
/// </summary>
internal sealed class FrameReader : IDisposable
{
    /// <summary>The bytes of a frame's head up to its first record's number, and some more.</summary>
    private const int HeadBytes = 40;

    private static readonly string Columns = JournalTable.ColumnsOf(JournalTable.FrameManifest);

    private readonly string _path;
    private readonly PartitionIds _ids;
    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _one;
    private readonly SqliteStatement _head;
    private readonly SqliteStatement _from;
    private readonly SqliteStatement _all;
    private readonly SqliteStatement _highest;
    private readonly SqliteStatement _bytes;
    private readonly SqliteStatement _pages;
    private readonly SqliteStatement _check;

    // Of the row last read by its sequence number, to be read and forgotten.
    private byte[] _buffer = [];

    public FrameReader(SqliteDatabase database, string path, PartitionIds ids)
    {
        (_database, _path, _ids) = (database, path, ids);
        _begin = database.Prepare("BEGIN");
        _one = database.Prepare($"SELECT {Columns} FROM journal WHERE persistence_id = ? AND sequence_number = ?");
        _head = database.Prepare($"SELECT substr(message, 1, {HeadBytes}) FROM journal WHERE persistence_id = ? AND sequence_number = ?");
        _from = database.Prepare($"SELECT {Columns} FROM journal WHERE persistence_id = ? AND sequence_number >= ? ORDER BY sequence_number");
        _all = database.Prepare($"SELECT {Columns} FROM journal WHERE persistence_id <> '{JournalTable.JournalId}' ORDER BY ordering");
        _highest = database.Prepare("SELECT MAX(sequence_number) FROM journal WHERE persistence_id = ?");
        _bytes = database.Prepare($"SELECT COALESCE(SUM(LENGTH(message)), 0) FROM journal WHERE persistence_id <> '{JournalTable.JournalId}'");
        _pages = database.Prepare("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size");
        _check = database.Prepare("PRAGMA integrity_check(1)");
    }

    /// <summary>The highest sequence number of a persistence id, 0 where it has none.</summary>
    public long Highest(string persistenceId)
    {
        _highest.Bind(1, persistenceId);
        return _highest.Step() ? Taken(_highest) : 0;
    }

    /// <summary>
    /// A partition's frames with these sequence numbers, in their order. The bytes of a frame are valid until the next
    /// one is asked for.
    /// </summary>
    /// <exception cref="JournalException">
    /// One is missing or damaged, named by persistence id and sequence number.
    /// </exception>
    public IEnumerable<Frame> At(int partition, IReadOnlyList<long> sequenceNumbers)
    {
        // In one transaction: each begins with an empty page cache where the writer has committed since.
        using var moment = Moment();
        foreach (var sequenceNumber in sequenceNumbers)
            yield return One(_ids[partition], sequenceNumber, ref _buffer).Frame;
    }

    /// <summary>The position after a partition's last frame.</summary>
    public FramePosition End(int partition)
    {
        var id = _ids[partition];
        return Highest(id) is > 0 and var highest ? PositionAfter(id, highest) : default;
    }

    /// <summary>True where a partition's log passes through a position: a snapshot taken there is of this log.</summary>
    /// <exception cref="JournalException">The frame before the position is damaged.</exception>
    public bool PassesThrough(int partition, in FramePosition position)
    {
        var id = _ids[partition];
        return Highest(id) >= position.SequenceNumber && PositionAfter(id, position.SequenceNumber) == position;
    }

    /// <summary>A partition's frames from the one that holds a record to the last.</summary>
    public IEnumerable<Frame> Read(int partition, long fromRecord)
    {
        using var moment = Moment();
        var (id, end) = (_ids[partition], End(partition));
        if (fromRecord > end.NextRecord)
            throw new JournalException($"{_path}: {id} ends at record {end.NextRecord} and was to be read from {fromRecord}. Restore the journal from a newer copy.");
        if (fromRecord == end.NextRecord)
            yield break;
        var first = Holding(id, fromRecord, end.SequenceNumber);
        var chain = new FrameChain(partition, first > 1 ? PositionAfter(id, first - 1) : default);
        _from.Bind(1, id).Bind(2, first);
        while (Step(_from, chain))
        {
            var frame = Follow(chain, JournalTable.Message(_from, _path), id);
            if (frame.NextRecord <= fromRecord)
                throw JournalTable.Damage(_path, id, frame.SequenceNumber, $"it should hold record {fromRecord}");
            yield return frame;
        }

        RequireEnd(chain, end);
    }

    /// <summary>Every partition's frames in the order of commit.</summary>
    public IEnumerable<Frame> ReadAll()
    {
        using var moment = Moment();
        FramePosition[] ends = [.. Enumerable.Range(0, _ids.Count).Select(End)];
        FrameChain[] chains = [.. Enumerable.Range(0, _ids.Count).Select(partition => new FrameChain(partition))];
        var last = chains[0];
        while (Step(_all, last))
        {
            var id = _all.Text(0);
            last = chains[_ids.PartitionOf(id)];
            yield return Follow(last, JournalTable.Message(_all, _path), id);
        }

        foreach (var chain in chains)
            RequireEnd(chain, ends[chain.Partition]);
    }

    /// <summary>The segments that begin at these records.</summary>
    public List<Segment> SegmentsAt(int partition, IReadOnlyList<long> records)
    {
        var segments = new List<Segment>(records.Count);
        using var moment = Moment();
        var (id, end) = (_ids[partition], End(partition));
        foreach (var record in records)
        {
            var frame = record < end.NextRecord ? One(id, Holding(id, record, end.SequenceNumber)) : null;
            segments.Add(frame?.SegmentsSealed().FirstOrDefault(segment => segment.Offset == record) is { Count: > 0 } found
                ? found
                : throw new JournalException($"{_path}: no segment of {id} begins with record {record}."));
        }

        return segments;
    }

    /// <summary>
    /// The bytes of all frames, and of the file. The pages are counted: a file being written has some in its
    /// write-ahead log, beside older versions of them.
    /// </summary>
    public JournalSize Measure()
    {
        using var moment = Moment();
        return new JournalSize(_bytes.Step() ? Taken(_bytes) : 0, _pages.Step() ? Taken(_pages) : 0);
    }

    /// <summary>Has SQLite look through every page and index of the file.</summary>
    /// <exception cref="JournalException">Something is not as SQLite wrote it.</exception>
    public bool RequireSound()
    {
        var finding = _check.Step() ? _check.Text(0) : "";
        _check.Reset();
        return finding == "ok" ? true : throw new JournalException($"{_path}: the file is damaged ({finding.Split('\n')[0]}). Restore it from a copy.");
    }

    public void Dispose() => _database.Dispose();

    private static long Taken(SqliteStatement statement)
    {
        var value = statement.Long(0);
        statement.Reset();
        return value;
    }

    /// <summary>
    /// The sequence number of the last frame that begins with a record or before it. Their heads tell, which is some
    /// reads for thousands of frames.
    /// </summary>
    private long Holding(string id, long record, long highest)
    {
        if (record == 0)
            return 1;
        var (low, high) = (1L, highest);
        while (low < high)
        {
            var middle = low + (high - low + 1) / 2;
            if (FirstRecord(id, middle) <= record)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private long FirstRecord(string id, long sequenceNumber)
    {
        if (!_head.Bind(1, id).Bind(2, sequenceNumber).Step())
            throw JournalTable.Damage(_path, id, sequenceNumber, "it is missing");
        var head = _head.Bytes(0);
        _head.Reset();
        try
        {
            return FrameCodec.FirstRecordOf(head);
        }
        catch (InvalidDataException e)
        {
            throw JournalTable.Damage(_path, id, sequenceNumber, e.Message, e);
        }
    }

    private FramePosition PositionAfter(string id, long sequenceNumber)
    {
        var (frame, checksum) = One(id, sequenceNumber, ref _buffer);
        return FramePosition.After(frame, checksum);
    }

    /// <summary>A frame to be kept.</summary>
    private Frame One(string id, long sequenceNumber)
    {
        byte[] kept = [];
        return One(id, sequenceNumber, ref kept).Frame;
    }

    private (Frame Frame, uint Checksum) One(string id, long sequenceNumber, ref byte[] buffer)
    {
        if (!_one.Bind(1, id).Bind(2, sequenceNumber).Step())
            throw JournalTable.Damage(_path, id, sequenceNumber, "it is missing");
        try
        {
            var (frame, checksum) = Decode(JournalTable.Message(_one, _path, ref buffer), id, sequenceNumber);
            return frame.Partition == _ids.PartitionOf(id) && frame.SequenceNumber == sequenceNumber
                ? (frame, checksum)
                : throw JournalTable.Damage(_path, id, sequenceNumber, $"it has the frame {frame.SequenceNumber} of partition {frame.Partition}");
        }
        finally
        {
            _one.Reset();
        }
    }

    private (Frame Frame, uint Checksum) Decode(ReadOnlyMemory<byte> bytes, string id, long sequenceNumber)
    {
        try
        {
            var (frame, _, checksum) = FrameCodec.Decode(bytes);
            return (frame, checksum);
        }
        catch (JournalException e)
        {
            throw JournalTable.Damage(_path, id, sequenceNumber, e.Message, e);
        }
    }

    private Frame Follow(FrameChain chain, byte[] bytes, string id)
    {
        try
        {
            return chain.Follow(bytes);
        }
        catch (JournalException e)
        {
            throw new JournalException($"{_path}: {id} is damaged: {e.Message}", e);
        }
    }

    private void RequireEnd(FrameChain chain, FramePosition end)
    {
        if (chain.Position != end)
            throw JournalTable.Damage(_path, _ids[chain.Partition], end.SequenceNumber, $"it is the last one, and reading ended behind {chain.Position.SequenceNumber}");
    }

    /// <summary>A damaged page belongs to no event: the line says how far reading came.</summary>
    private bool Step(SqliteStatement statement, FrameChain last)
    {
        try
        {
            return statement.Step();
        }
        catch (JournalException failure) when (failure is not JournalUnavailableException && last.Position.SequenceNumber > 0)
        {
            throw new JournalException($"{failure.Message} The last event read was {last.Position.SequenceNumber} of {_ids[last.Partition]}.", failure);
        }
    }

    /// <summary>Until it is disposed, what is read is of one moment.</summary>
    private Transaction Moment()
    {
        _begin.Run();
        return new Transaction(this);
    }

    private sealed class Transaction(FrameReader reader) : IDisposable
    {
        public void Dispose()
        {
            reader._from.Reset();
            reader._all.Reset();
            reader._database.Rollback();
        }
    }
}
