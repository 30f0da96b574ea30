using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Journal;

/// <summary>
/// The append-only log of every shard's segments, and what the journal was created with. As many threads append as
/// <see cref="AppendersMax"/> says, each for shards of its own; any thread may read, and a reader sees whole transactions only.
/// </summary>
public interface IJournal : IDisposable
{
    /// <summary>What the journal was created with; opening it under anything else is refused.</summary>
    JournalIdentity Identity { get; }

    /// <summary>The rulebooks adopted since, in order; the last one decides.</summary>
    IReadOnlyList<AdoptedRulebook> Adoptions { get; }

    /// <summary>How many threads may append at the same time.</summary>
    int AppendersMax => 1;

    /// <summary>
    /// Appends the segments of many shards in one durable transaction: all of them or none. Returns only after the
    /// store has promised that they survive a power failure.
    /// </summary>
    /// <exception cref="JournalException">
    /// Nothing was written: a segment does not begin at its shard's head, its epoch is an old one, the disk is full, the
    /// folder is read-only, … The message names the shard and offset, or the file, and what to do. Or it is not known whether anything was written, because
    /// the store did not answer: what it has then is found by reading.
    /// </exception>
    /// <exception cref="FencedException">Nothing was written, for certain: another host has owned a shard since.</exception>
    void Append(IReadOnlyList<Segment> segments);

    /// <summary>
    /// Makes sure that nobody else has owned these shards since: what is answered from a shard's memory without an append rests on it. Nothing to do
    /// where only one process can have the journal.
    /// </summary>
    /// <exception cref="FencedException">Somebody has.</exception>
    /// <exception cref="JournalException">The store does not answer.</exception>
    void Confirm(IReadOnlyList<ShardEpoch> shards);

    /// <summary>Records the next adopted rulebook and the marks that stand for it, in one durable transaction: all of it or nothing.</summary>
    /// <exception cref="JournalException">Nothing was written, as for <see cref="Append"/>, or the number is not the next one.</exception>
    void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks);

    /// <summary>The number of durable records of a shard: the offset at which its next segment begins. Read from the store.</summary>
    long Head(int shard);

    /// <summary>One shard's segments in order, from the segment that holds <paramref name="fromOffset"/> on, each checked.</summary>
    /// <exception cref="JournalException">A torn, corrupt or missing segment, named by shard and offset.</exception>
    IEnumerable<Segment> Read(int shard, long fromOffset = 0);

    /// <summary>The segments of one shard that begin at these offsets, in their order, each checked: no other is read.</summary>
    /// <param name="offsets">Ascending, each once.</param>
    /// <exception cref="JournalException">No segment begins at one of them, or it is torn or corrupt.</exception>
    IReadOnlyList<Segment> ReadAt(int shard, IReadOnlyList<long> offsets) => [.. offsets.Select(offset =>
        Read(shard, offset).FirstOrDefault() is { Count: > 0 } found && found.Offset == offset
            ? found
            : throw new JournalException($"no segment of shard {shard} begins at offset {offset}."))];

    /// <summary>Every segment in the order of commit (which keeps each shard's order), each checked: the fastest way to read a whole journal.</summary>
    /// <exception cref="JournalException">A torn, corrupt or missing segment, named by shard and offset.</exception>
    IEnumerable<Segment> ReadAll();

    /// <summary>Bytes of the payloads, and of the file with its indexes and write-ahead log.</summary>
    JournalSize Measure();
}

/// <summary>Sizes in bytes: the segments' payloads alone, and everything the store keeps for the log on disk.</summary>
public readonly record struct JournalSize(long SegmentBytes, long FileBytes);
