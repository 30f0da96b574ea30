namespace Amoe.Engine.Journal.Ownership;

/// <summary>Who has which shard, as the store had it at one moment.</summary>
/// <param name="Hosts">Every host whose lease has not run out by the store's clock, by id.</param>
/// <param name="Shards">Every shard, by number.</param>
internal sealed record ClusterView(IReadOnlyList<HostEntry> Hosts, IReadOnlyList<ShardEntry> Shards)
{
    /// <summary>True where the same hosts have the same shards; heads may differ.</summary>
    public bool HasSameOwners(ClusterView other) =>
        Hosts.SequenceEqual(other.Hosts) && Shards.Select(shard => (shard.Owner, shard.Epoch)).SequenceEqual(other.Shards.Select(shard => (shard.Owner, shard.Epoch)));

    /// <summary>As it is once a host has taken shards, or nobody has them any more.</summary>
    public ClusterView With(HostId owner, IReadOnlyList<ShardEpoch> shards)
    {
        var next = Shards.ToArray();
        foreach (var (shard, epoch) in shards)
            next[shard] = next[shard] with { Owner = owner, Epoch = epoch };
        return this with { Shards = next };
    }
}

/// <summary>A host as others see it.</summary>
/// <param name="Endpoint">Where it takes commands, as <c>http://127.0.0.1:5100</c>.</param>
/// <param name="Format">The newest version of events it can read; it writes that one (rolling upgrade).</param>
/// <param name="IsLeaving">It is handing its shards over and takes no others.</param>
internal sealed record HostEntry(HostId Id, string Endpoint, int Format, bool IsLeaving = false);

/// <summary>A shard as the store has it.</summary>
/// <param name="Owner">The host that has it, alive or not; <see cref="HostId.None"/> when it was handed over in order or never taken.</param>
/// <param name="Epoch">Counts its owners: a segment of an earlier epoch is refused.</param>
/// <param name="Head">Records appended.</param>
/// <param name="Format">The newest version of events in its log: a host that cannot read it does not take it.</param>
internal readonly record struct ShardEntry(int Shard, HostId Owner, long Epoch, long Head, int Format);

/// <summary>A shard under one owner.</summary>
public readonly record struct ShardEpoch(int Shard, long Epoch)
{
    /// <summary>All shards of an embedded journal: one process has them all, and always the same epoch.</summary>
    internal static IReadOnlyList<ShardEpoch> OfEmbedded(int shards) => [.. Enumerable.Range(0, shards).Select(shard => new ShardEpoch(shard, 1))];
}
