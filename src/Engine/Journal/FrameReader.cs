using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Journal;

/// <summary>
/// Reads the frames of a journal, each checked and none left out, for one reader at a time; a sequence is of one
/// moment.
/// </summary>
internal sealed class FrameReader(IEventRows rows, string journal, PartitionIds ids) : IDisposable
{
    /// <summary>The bytes of a frame's head up to its first record's number, and some more.</summary>
    private const int HeadBytes = 40;

    /// <summary>
    /// A partition's frames with these sequence numbers, in their order. The bytes of a frame are valid until the next
    /// one is asked for.
    /// </summary>
    /// <exception cref="JournalException">
    /// One is missing or damaged, named by persistence id and sequence number.
    /// </exception>
    public IEnumerable<Frame> At(int partition, IReadOnlyList<long> sequenceNumbers)
    {
        var (id, read) = (ids[partition], 0);
        foreach (var (sequenceNumber, message) in rows.At(id, sequenceNumbers))
        {
            if (sequenceNumber != sequenceNumbers[read])
                break;
            read++;
            yield return Checked(message, id, sequenceNumber).Frame;
        }

        if (read < sequenceNumbers.Count)
            throw JournalTable.Damage(journal, id, sequenceNumbers[read], "it is missing");
    }

    /// <summary>The position after a partition's last frame.</summary>
    public FramePosition End(int partition)
    {
        var id = ids[partition];
        return rows.Highest(id) is > 0 and var highest ? PositionAfter(id, highest) : default;
    }

    /// <summary>
    /// True where a partition's log passes through a position: a snapshot taken there is of this log.
    /// </summary>
    /// <exception cref="JournalException">The frame before the position is damaged.</exception>
    public bool PassesThrough(int partition, in FramePosition position)
    {
        var id = ids[partition];
        return rows.Highest(id) >= position.SequenceNumber && PositionAfter(id, position.SequenceNumber) == position;
    }

    /// <summary>True where a row's message is these bytes.</summary>
    public bool Has(string persistenceId, long sequenceNumber, byte[] message) =>
        rows.Head(persistenceId, sequenceNumber, message.Length + 1) is { } found
            && found.AsSpan().SequenceEqual(message);

    /// <summary>A partition's frames from the one that holds a record to the last.</summary>
    public IEnumerable<Frame> Read(int partition, long fromRecord)
    {
        using var moment = rows.Moment();
        var (id, end) = (ids[partition], End(partition));
        if (fromRecord > end.NextRecord)
            throw new JournalException(
                $"{journal}: {id} ends at record {end.NextRecord} and was to be read from {fromRecord}. Restore the journal from a newer copy.");
        if (fromRecord == end.NextRecord)
            yield break;
        var first = Holding(id, fromRecord, end.SequenceNumber);
        var chain = new FrameChain(partition, first > 1 ? PositionAfter(id, first - 1) : default);
        foreach (var (_, message) in Naming(rows.From(id, first, JournalTable.FrameManifest), () => chain))
        {
            var frame = Follow(chain, message, id);
            if (frame.NextRecord <= fromRecord)
                throw JournalTable.Damage(journal, id, frame.SequenceNumber, $"it should hold record {fromRecord}");
            yield return frame;
        }

        RequireEnd(chain, end);
    }

    /// <summary>Every partition's frames; where the store keeps it, in the order of commit.</summary>
    public IEnumerable<Frame> ReadAll()
    {
        using var moment = rows.Moment();
        FramePosition[] ends = [.. Enumerable.Range(0, ids.Count).Select(End)];
        FrameChain[] chains = [.. Enumerable.Range(0, ids.Count).Select(partition => new FrameChain(partition))];
        var last = chains[0];
        foreach (var (id, message) in Naming(rows.All(ids), () => last))
        {
            last = chains[ids.PartitionOf(id)];
            yield return Follow(last, message, id);
        }

        foreach (var chain in chains)
            RequireEnd(chain, ends[chain.Partition]);
    }

    /// <summary>The segments that begin at these records.</summary>
    public List<Segment> SegmentsAt(int partition, IReadOnlyList<long> records)
    {
        var segments = new List<Segment>(records.Count);
        using var moment = rows.Moment();
        var (id, end) = (ids[partition], End(partition));
        foreach (var record in records)
        {
            var frame = record < end.NextRecord ? One(id, Holding(id, record, end.SequenceNumber)).Frame : null;
            segments.Add(frame?.SegmentsSealed()
                .FirstOrDefault(segment => segment.Offset == record) is { Count: > 0 } found
                ? found
                : throw new JournalException($"{journal}: no segment of {id} begins with record {record}."));
        }

        return segments;
    }

    /// <inheritdoc cref="IEventRows.Measure"/>
    public JournalSize Measure() => rows.Measure();

    /// <inheritdoc cref="IEventRows.RequireSound"/>
    public void RequireSound() => rows.RequireSound();

    public void Dispose() => rows.Dispose();

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
        var head = rows.Head(id, sequenceNumber, HeadBytes)
            ?? throw JournalTable.Damage(journal, id, sequenceNumber, "it is missing");
        try
        {
            return FrameCodec.FirstRecordOf(head);
        }
        catch (InvalidDataException e)
        {
            throw JournalTable.Damage(journal, id, sequenceNumber, e.Message, e);
        }
    }

    private FramePosition PositionAfter(string id, long sequenceNumber)
    {
        var (frame, checksum) = One(id, sequenceNumber);
        return FramePosition.After(frame, checksum);
    }

    private (Frame Frame, uint Checksum) One(string id, long sequenceNumber) =>
        Checked(
            rows.Find(id, sequenceNumber) ?? throw JournalTable.Damage(journal, id, sequenceNumber, "it is missing"),
            id, sequenceNumber);

    private (Frame Frame, uint Checksum) Checked(ReadOnlyMemory<byte> bytes, string id, long sequenceNumber)
    {
        try
        {
            var (frame, _, checksum) = FrameCodec.Decode(bytes);
            return frame.Partition == ids.PartitionOf(id) && frame.SequenceNumber == sequenceNumber
                ? (frame, checksum)
                : throw new JournalException($"it has the frame {frame.SequenceNumber} of partition {frame.Partition}");
        }
        catch (JournalException e)
        {
            throw JournalTable.Damage(journal, id, sequenceNumber, e.Message, e);
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
            throw new JournalException($"{journal}: {id} is damaged: {e.Message}", e);
        }
    }

    private void RequireEnd(FrameChain chain, FramePosition end)
    {
        if (chain.Position != end)
            throw JournalTable.Damage(
                journal, ids[chain.Partition], end.SequenceNumber,
                $"it is the last one, and reading ended behind {chain.Position.SequenceNumber}");
    }

    /// <summary>A damaged page belongs to no event: the line says how far reading came.</summary>
    private IEnumerable<T> Naming<T>(IEnumerable<T> read, Func<FrameChain> last)
    {
        using var each = read.GetEnumerator();
        while (MoveNext(each, last))
            yield return each.Current;
    }

    private bool MoveNext<T>(IEnumerator<T> each, Func<FrameChain> last)
    {
        try
        {
            return each.MoveNext();
        }
        catch (JournalException failure) when (failure is not JournalUnavailableException
            && last().Position.SequenceNumber > 0)
        {
            throw new JournalException(
                $"{failure.Message} The last event read was {last().Position.SequenceNumber} of {ids[last().Partition]}.",
                failure);
        }
    }
}
