using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>The limits of a runtime. Each has a bound; none grows by itself.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads that decide turns.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Messages that may be under way to a partition, taken and not answered: beyond them it is overloaded.
    /// </summary>
    public int MailboxMessagesMax { get; init; } = 4_096;

    /// <summary>Messages one turn takes at most.</summary>
    public int TurnMessagesMax { get; init; } = 1_024;

    /// <summary>
    /// Students whose deadlines one turn fires at most, so that a day on which a million entitlement periods lapse
    /// keeps its latency.
    /// </summary>
    public int TurnDeadlinesMax { get; init; } = 512;

    /// <summary>Bytes of records after which a turn ends.</summary>
    public int TurnBytesMax { get; init; } = 64 << 10;

    /// <summary>
    /// Turns of one partition that may be decided and not yet durable: one that commits, and the next.
    /// </summary>
    public int TurnsInFlightMax { get; init; } = 2;

    /// <summary>
    /// Bytes a partition appends before its state is snapshotted again: what its recovery has to replay, some
    /// half a second. A partition of a national year appends six or seven megabytes and takes none.
    /// </summary>
    public int SnapshotEveryBytes { get; init; } = 8 << 20;

    /// <summary>
    /// Bytes of frames that the partitions of a process keep in memory at most, so that what was written not long ago
    /// is read back without the store: about a national year's.
    /// </summary>
    public long RecentBytesMax { get; init; } = 128 << 20;

    /// <summary>How long a start may go without any partition reading on before it is given up.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a write waits while another process holds the lock of the journal's file. After it the write has
    /// failed: nothing of it was written, and its commands are answered unknown.
    /// </summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long writes, and answers from memory, wait for a database that is away. After it they are answered unknown,
    /// and their partition recovers from the log once the database is back.
    /// </summary>
    public TimeSpan WriteHeldMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the end waits for writes in flight; what they decided is answered unknown after it.</summary>
    public TimeSpan EndTimeout { get; init; } = TimeSpan.FromSeconds(10);

    internal TurnLimits TurnLimits => new(TurnMessagesMax, TurnDeadlinesMax, TurnBytesMax);

    /// <exception cref="ArgumentOutOfRangeException">A limit below its least.</exception>
    internal EngineOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MailboxMessagesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TurnMessagesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TurnDeadlinesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TurnBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(TurnsInFlightMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SnapshotEveryBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(RecentBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StartTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LockTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteHeldMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(EndTimeout, TimeSpan.Zero);
        return this;
    }
}
