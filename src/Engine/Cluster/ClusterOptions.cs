namespace Amoe.Engine.Cluster;

/// <summary>The times and limits of a host among hosts.</summary>
internal sealed record ClusterOptions
{
    /// <summary>How long a host keeps its shards after its last beat, by the store's clock: as long as others wait when it dies.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a host renews its lease.</summary>
    public TimeSpan BeatEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often it looks who has what.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The same while shards are on their way from one host to another.</summary>
    public TimeSpan LookSoonEvery { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Shards that a host has stopped serving for another and that nobody has taken yet, at most: the others are served meanwhile, and each is unserved the shorter.</summary>
    public int HandOverMax { get; init; } = 8;

    /// <summary>How long it waits for somebody to take what it handed over before it goes on with the next.</summary>
    public TimeSpan HandOverPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Shards a host has taken and not recovered yet, at most: few more than its threads recover, for what waits here is handed over and not served.</summary>
    public int RecoveriesMax { get; init; } = 4;

    /// <summary>Threads that recover shards.</summary>
    public int RecoveryThreads { get; init; } = 2;

    /// <summary>How long after the first failure a shard that could not be recovered is tried again; as much longer after each that follows.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <exception cref="ArgumentOutOfRangeException">A limit below its least, or a lease that a beat in its time does not keep.</exception>
    internal ClusterOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(LookSoonEvery, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LookEvery, LookSoonEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(BeatEvery, LookSoonEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(Lease, 2 * BeatEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(HandOverMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RecoveriesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RecoveryThreads, 1);
        return this;
    }
}
