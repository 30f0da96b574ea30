namespace Amoe.Engine.Journal;

/// <summary>
/// Reads a journal: every partition's segments, and what the journal was created with. Any thread may read, and a
/// reader sees whole transactions only.
/// </summary>
public interface IJournal : IDisposable
{
    /// <summary>The identity with which the journal was created; opening it under another is refused.</summary>
    JournalIdentity Identity { get; }

    /// <summary>The rulebooks adopted since, in order; the last one decides.</summary>
    IReadOnlyList<AdoptedRulebook> Adoptions { get; }

    /// <summary>
    /// Reads what the journal says of itself by now, the days opened included; null of a journal in memory, which keeps
    /// no days and adopts no rulebook.
    /// </summary>
    /// <exception cref="JournalException">It is damaged.</exception>
    JournalBook? ReadBook() => null;

    /// <summary>
    /// The number of durable records of a partition: the offset at which its next segment begins. Read from the store.
    /// </summary>
    long Head(int partition);

    /// <summary>
    /// One partition's segments in order, from the segment that holds <paramref name="fromOffset"/> on, each checked.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    IEnumerable<Segment> Read(int partition, long fromOffset = 0);

    /// <summary>
    /// The segments of one partition that begin at these offsets, in their order, each checked: no other is read.
    /// </summary>
    /// <param name="offsets">Ascending, each once.</param>
    /// <exception cref="JournalException">No segment begins at one of them, or it is torn or corrupt.</exception>
    IReadOnlyList<Segment> ReadAt(int partition, IReadOnlyList<long> offsets) => [.. offsets.Select(offset =>
        Read(partition, offset).FirstOrDefault() is { Count: > 0 } found && found.Offset == offset
            ? found
            : throw new JournalException($"no segment of partition {partition} begins at offset {offset}."))];

    /// <summary>
    /// Every segment in the order of commit (which keeps each partition's order), each checked: the fastest way to read
    /// a whole journal.
    /// </summary>
    /// <exception cref="JournalException">
    /// A torn, corrupt or missing segment, named by partition and offset.
    /// </exception>
    IEnumerable<Segment> ReadAll();

    /// <summary>Bytes of the payloads, and of the file or tables with their indexes.</summary>
    JournalSize Measure();

    /// <summary>
    /// Checks what the store keeps beside the segments: pages and indexes. Nothing to do where a server checks its
    /// own.
    /// </summary>
    /// <exception cref="JournalException">Something of it is damaged.</exception>
    void CheckStore()
    {
    }
}

/// <summary>
/// Sizes in bytes: what turns wrote alone, segments or frames, and what the store keeps of them on disk, a write-ahead
/// log apart.
/// </summary>
public readonly record struct JournalSize(long SegmentBytes, long FileBytes);
