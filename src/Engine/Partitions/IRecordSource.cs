using Amoe.Engine.Journal.Frames;

namespace Amoe.Engine.Partitions;

/// <summary>
/// Where a partition's records are read back from: the store, and the turns that are not durable yet.
/// </summary>
internal interface IRecordSource
{
    /// <summary>The partition's number of records, with those of turns that are not durable yet.</summary>
    long End { get; }

    /// <summary>
    /// The frames that begin with these records, in their order. The bytes of a frame are valid until the next one is
    /// asked for: most of them are of no interest, and a copy of each was a fifth of what a year allocates.
    /// </summary>
    /// <param name="firstRecords">Ascending, each once.</param>
    /// <exception cref="Journal.JournalException">One is missing or damaged.</exception>
    /// <exception cref="Journal.JournalUnavailableException">The store does not answer.</exception>
    IEnumerable<Frame> At(IReadOnlyList<long> firstRecords);

    /// <summary>
    /// The frames from the one that holds a record on, up to the end. The bytes of a frame are valid until the next
    /// one is asked for.
    /// </summary>
    /// <exception cref="Journal.JournalException">One is missing or damaged.</exception>
    /// <exception cref="Journal.JournalUnavailableException">The store does not answer.</exception>
    IEnumerable<Frame> From(long record);
}
