namespace Amoe.Engine.Partitions.Sessions;

/// <summary>The sender's bounds and times.</summary>
internal sealed record SessionOptions
{
    /// <summary>Items of one partition that have no answer yet: sent and waiting ones together.</summary>
    public int ItemsMax { get; init; } = 4_096;

    /// <summary>Items of a batch, of which <see cref="Wire.SessionCodec.ItemsMax"/> can travel.</summary>
    public int BatchItemsMax { get; init; } = 1_024;

    /// <summary>
    /// Bytes of a batch. Remoting carries batches of 8 to 64 kB best, and a larger message delays heartbeats.
    /// </summary>
    public int BatchBytesMax { get; init; } = 64 * 1_024;

    /// <summary>
    /// Batches in flight. Items that come one by one gather behind them, so that a batch is worth its message.
    /// </summary>
    public int BatchesMax { get; init; } = 16;

    /// <summary>
    /// Items of the only batch in flight until a reopened session has answered it: a partition that recovers is not
    /// flooded.
    /// </summary>
    public int ItemsAfterReopening { get; init; } = 64;

    /// <summary>
    /// Time until an item is given up. It is the same for all, so the oldest item is always the first.
    /// </summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Time without a word about the oldest batch until the partition is asked, and between two probes.
    /// </summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time from the first probe without an answer until the session ends.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Time between two attempts to open. It doubles up to <see cref="OpenRetryMax"/> until a batch is answered.
    /// </summary>
    public TimeSpan OpenRetryMin { get; init; } = TimeSpan.FromMilliseconds(300);

    public TimeSpan OpenRetryMax { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>The partition's bounds: together they limit what all senders can make it hold.</summary>
/// <param name="Sessions">Senders with a session at the same time.</param>
/// <param name="Window">Items of one sender that are not answered.</param>
internal sealed record SessionLimits(int Sessions = 64, int Window = 4_096);
