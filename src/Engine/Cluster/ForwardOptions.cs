namespace Amoe.Engine.Cluster;

/// <summary>The limits of what travels between processes.</summary>
internal sealed record ForwardOptions
{
    /// <summary>Commands and marks that may wait for one shard in one process; then no more are taken.</summary>
    public int LaneItemsMax { get; init; } = 4_096;

    /// <summary>How many of them may be sent and not answered.</summary>
    public int LaneWindow { get; init; } = 2_048;

    /// <summary>How many after a session broke, doubled with each answer: an owner that is not ready is not flooded each time it is asked.</summary>
    public int LaneWindowAfterBreak { get; init; } = 32;

    /// <summary>Bytes after which a frame is full; the last thing in it may go beyond.</summary>
    public int FrameBytes { get; init; } = 64 << 10;

    /// <summary>How long a command posted here may wait for its answer; then it is answered unknown.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often it is looked after what is late.</summary>
    public TimeSpan TickEvery { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>After so long without an answer the owner is asked whether it still has what was sent.</summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After so long without a word the session is given up, and what is not answered sent again.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The wait before a session is begun again; doubled each time in a row that it breaks.</summary>
    public TimeSpan BackOffMin { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Processes of which it is remembered how far they have come; the one heard of longest ago is forgotten first.</summary>
    public int SourcesMax { get; init; } = 1_024;
}
