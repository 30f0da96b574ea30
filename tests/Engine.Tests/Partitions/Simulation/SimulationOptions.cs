using Amoe.Engine.Actors;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>The values that a simulation draws from its seed, with their bounds.</summary>
internal sealed record SimulationOptions
{
    public ulong Seed { get; init; }

    /// <summary>The limits of mailboxes and turns.</summary>
    public EngineOptions Engine { get; init; } = new();

    /// <summary>The numbers of buckets that a partition may start with, each time it starts.</summary>
    public IReadOnlyList<int> Buckets { get; init; } = [1, 2, 4, 8];

    /// <summary>
    /// The chance in percent that a durable turn is followed by snapshots; at 100 of every bucket, below of one.
    /// </summary>
    public int SnapshotPercent { get; init; }

    /// <summary>True where a recovery may find snapshots missing or older than the last.</summary>
    public bool LosesSnapshots { get; init; }

    /// <summary>
    /// True where a writer whose reply was lost always looks for its frame; otherwise it does so now and then.
    /// </summary>
    public bool ResolvesLostReplies { get; init; }

    /// <summary>
    /// True where turns are written in the order in which they were decided, whatever their partitions.
    /// </summary>
    public bool WritesInOrder { get; init; }

    /// <summary>
    /// True where a partition always decides as many turns ahead of the store as the limits allow; otherwise each start
    /// draws how many.
    /// </summary>
    public bool DecidesAhead { get; init; }

    /// <summary>True where some recoveries are compared with a replay of all frames.</summary>
    public bool VerifiesRecovery { get; init; }
}
