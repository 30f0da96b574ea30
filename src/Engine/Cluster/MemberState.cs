using Amoe.Engine.Journal.Ownership;
namespace Amoe.Engine.Cluster;

/// <summary>A host's part in the cluster at one moment, for whoever watches over it.</summary>
/// <param name="Host">Its present life; <see cref="HostId.None"/> while it has not joined.</param>
/// <param name="Format">The newest version of events it reads.</param>
/// <param name="Shards">What it has, served or on the way to it or from it, in the order of their numbers.</param>
/// <param name="SinceBeat">Since its lease was last renewed, by its own clock; null while it has none.</param>
/// <param name="Trouble">What the store last answered, while it does not answer as it should; null otherwise.</param>
/// <param name="Taken">Shards taken since the process began.</param>
/// <param name="Released">Shards handed over in order.</param>
/// <param name="Fenced">Shards lost to another host without having been handed over.</param>
/// <param name="LeasesLost">How often it was struck off, or could not reach the store for longer than its lease.</param>
internal sealed record MemberState(
    HostId Host, string Endpoint, int Format, bool IsLeaving, IReadOnlyList<HeldShard> Shards, TimeSpan? SinceBeat, string? Trouble, long Taken, long Released, long Fenced,
    long LeasesLost)
{
    public int Serving => Shards.Count(shard => shard.Phase == ShardPhase.Serving);

    public int Recovering => Shards.Count(shard => shard.Phase is ShardPhase.Recovering or ShardPhase.Failed);
}

/// <summary>A shard that a host has.</summary>
/// <param name="Head">Records decided, of which the last may not be durable yet; null while it is not open.</param>
internal readonly record struct HeldShard(int Shard, long Epoch, ShardPhase Phase, long? Head);

/// <summary>How far a host is with a shard it has.</summary>
internal enum ShardPhase : byte
{
    Recovering = 0,
    Serving = 1,

    /// <summary>Takes no more messages, and has turns in flight.</summary>
    Draining = 2,

    /// <summary>Nothing is in flight any more: it can be handed over.</summary>
    Drained = 3,

    /// <summary>Its log could not be read; that is tried again.</summary>
    Failed = 4,
}
