using Amoe.Engine.Journal;

namespace Amoe.Engine.Tests.Journal;

/// <summary>A journal to which a test appends ready segments, so that one contract covers every store.</summary>
internal interface ISegmentJournal : IJournal
{
    /// <summary>Appends segments in one transaction.</summary>
    void Append(params IReadOnlyList<Segment> segments);
}

/// <summary>A journal in memory, under a contract.</summary>
internal sealed class MemorySegments(MemoryJournal journal) : ISegmentJournal
{
    public JournalIdentity Identity => journal.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => journal.Adoptions;

    public void Append(params IReadOnlyList<Segment> segments) => journal.Append(segments);

    public long Head(int partition) => journal.Head(partition);

    public IEnumerable<Segment> Read(int partition, long fromOffset = 0) => journal.Read(partition, fromOffset);

    public IReadOnlyList<Segment> ReadAt(int partition, IReadOnlyList<long> offsets) =>
        journal.ReadAt(partition, offsets);

    public IEnumerable<Segment> ReadAll() => journal.ReadAll();

    public JournalSize Measure() => journal.Measure();

    public void Dispose() => journal.Dispose();
}
