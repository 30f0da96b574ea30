namespace Amoe.Engine.Actors.Sharding;

/// <summary>A host's part in the cluster at one moment.</summary>
/// <param name="Member">The name of its actor system in the cluster.</param>
/// <param name="IsLeaseHeld">True while it may answer from memory.</param>
/// <param name="LeaseLost">Why it never will again, in one line; null while that is not known.</param>
/// <param name="Format">The format in which it writes records.</param>
/// <param name="Partitions">Those that it has, in the order of their numbers.</param>
/// <param name="Engine">What they hold.</param>
/// <param name="Commits">How long their writes took.</param>
internal sealed record HostPart(
    long Id, string Member, bool IsLeaseHeld, string? LeaseLost, int Format, IReadOnlyList<PartitionPart> Partitions,
    RuntimeState Engine, LatencyHistogram Commits);

/// <summary>A partition that a host has.</summary>
/// <param name="Incarnation">The one that serves, or served last; 0 before the first.</param>
/// <param name="Records">Records decided, of which the last may not be durable yet.</param>
/// <param name="Validate">Why it is out of service; null otherwise.</param>
internal sealed record PartitionPart(
    int Partition, PartitionService State, long Incarnation, long Records, string? Validate)
{
    public static PartitionPart Of(PartitionHost host) => new(
        host.Partition,
        host.OutOfService is not null
            ? PartitionService.OutOfService
            : host.IsServing ? PartitionService.Serving : PartitionService.Recovering,
        host.Incarnation, host.State.Offset, host.OutOfService?.Error.Message);
}

/// <summary>Whether a partition decides commands.</summary>
internal enum PartitionService : byte
{
    /// <summary>Its log is read, or it waits to try that again.</summary>
    Recovering,

    Serving,

    /// <summary>Its log cannot be followed.</summary>
    OutOfService,
}
