namespace Amoe.Engine.Journal;

/// <summary>
/// One connection to the table in which Akka.Persistence.Sql keeps a journal's events, for one reader at a time. Every
/// column of a row that has a meaning is checked before its message is given out.
/// </summary>
internal interface IEventRows : IDisposable
{
    /// <summary>Until it is disposed, what is read is of one moment.</summary>
    IDisposable Moment();

    /// <summary>The highest sequence number of a persistence id, 0 where it has none.</summary>
    long Highest(string persistenceId);

    /// <summary>The message of a frame's row, null where there is none.</summary>
    /// <exception cref="JournalException">The row is not as it was written.</exception>
    byte[]? Find(string persistenceId, long sequenceNumber);

    /// <summary>The first bytes of a frame's message, null where there is none.</summary>
    byte[]? Head(string persistenceId, long sequenceNumber, int length);

    /// <summary>
    /// The frames with these sequence numbers, as far as they are there. A message is valid until the next one is asked
    /// for.
    /// </summary>
    /// <param name="sequenceNumbers">Ascending.</param>
    /// <exception cref="JournalException">A row is not as it was written.</exception>
    IEnumerable<(long SequenceNumber, ReadOnlyMemory<byte> Message)> At(
        string persistenceId, IReadOnlyList<long> sequenceNumbers);

    /// <summary>The rows of a persistence id in the order of their sequence numbers, each to be kept.</summary>
    /// <param name="manifest">What their messages are.</param>
    /// <exception cref="JournalException">A row is not as it was written.</exception>
    IEnumerable<(long SequenceNumber, byte[] Message)> From(string persistenceId, long sequenceNumber, string manifest);

    /// <summary>
    /// Every frame, each partition's in its order; where the store keeps it, in the order of commit.
    /// </summary>
    /// <exception cref="JournalException">A row is not as it was written.</exception>
    IEnumerable<(string PersistenceId, byte[] Message)> All(PartitionIds ids);

    /// <summary>Each persistence id with its lowest and highest sequence number, and how many rows it has.</summary>
    IEnumerable<(string PersistenceId, long First, long Last, long Count)> Ranges();

    /// <summary>The bytes of all frames, and of what the store keeps.</summary>
    JournalSize Measure();

    /// <summary>Has the store look through its own pages and indexes, where it can.</summary>
    /// <exception cref="JournalException">Something is not as the store wrote it.</exception>
    void RequireSound();
}
