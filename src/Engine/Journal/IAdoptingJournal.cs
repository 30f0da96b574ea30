namespace Amoe.Engine.Journal;

/// <summary>A journal in which this process may adopt rulebooks.</summary>
public interface IAdoptingJournal : IJournal
{
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
