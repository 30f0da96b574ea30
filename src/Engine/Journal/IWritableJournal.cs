using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Journal;

/// <summary>
/// A journal that takes segments. As many threads append as <see cref="AppendersMax"/> says, each for shards of its
/// own.
/// </summary>
public interface IWritableJournal : IJournal
{
    /// <summary>How many threads may append at the same time.</summary>
    int AppendersMax => 1;

    /// <summary>
    /// Appends the segments of many shards in one durable transaction: all of them or none. Returns only after the
    /// store has promised that they survive a power failure.
    /// </summary>
    /// <exception cref="JournalException">
    /// Nothing was written: a segment does not begin at its shard's head, its epoch is an old one, the disk is full,
    /// the folder is read-only, … The message names the shard and offset, or the file, and what to do. Or it is not
    /// known whether anything was written, because the store did not answer: what it has then is found by reading.
    /// </exception>
    /// <exception cref="FencedException">Nothing was written, for certain: another host has owned a shard
    /// since.</exception>
    void Append(IReadOnlyList<Segment> segments);

    /// <summary>
    /// Makes sure that nobody else has owned these shards since: what is answered from a shard's memory without an
    /// append rests on it. Nothing to do where only one process can have the journal.
    /// </summary>
    /// <exception cref="FencedException">Somebody has.</exception>
    /// <exception cref="JournalException">The store does not answer.</exception>
    void Confirm(IReadOnlyList<ShardEpoch> shards);

    /// <summary>
    /// Records the next adopted rulebook and the marks that stand for it, in one durable transaction: all of it or
    /// nothing.
    /// </summary>
    /// <param name="marks">One for each shard of students at most, each at its shard's head.</param>
    /// <exception cref="JournalException">
    /// Nothing was written: the disk is full, a mark is not at the head, or the number is not the next one.
    /// </exception>
    void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks);
}
