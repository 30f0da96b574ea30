namespace Amoe.Engine.Journal.Ownership;

/// <summary>
/// Hosts, leases and the ownership of shards, in the store that also keeps the log and fences it. Every time is the store's
/// own. A lease decides only how soon another host may take a shard; that nobody writes to a shard he lost is the fence's work.
/// One thread at a time calls it; it must not wait behind appends.
/// </summary>
internal interface IOwnershipStore : IDisposable
{
    /// <summary>Enters a host with a lease that begins now.</summary>
    /// <exception cref="JournalException">The store does not answer.</exception>
    HostId Join(string endpoint, int format);

    /// <summary>Renews a host's lease and says who has what.</summary>
    /// <exception cref="LeaseLostException">The host was struck off: it has lost every shard and joins anew.</exception>
    /// <exception cref="JournalException">The store does not answer.</exception>
    ClusterView Beat(HostId host, bool isLeaving);

    /// <summary>Who has what, for whoever only looks.</summary>
    ClusterView Look();

    /// <summary>
    /// Takes those of the shards that nobody has, or whose owner's lease has run out, and that the host can read: each begins a new epoch. Others are left alone.
    /// From then on the host writes its own version of events, so the shard's format is that of the host if it was an older one.
    /// </summary>
    /// <returns>What was taken.</returns>
    IReadOnlyList<ShardEpoch> Take(HostId host, IReadOnlyList<int> shards);

    /// <summary>Hands shards over in order: nobody has to wait for the lease. A shard that has begun another epoch since is left alone.</summary>
    void Release(HostId host, IReadOnlyList<ShardEpoch> shards);

    /// <summary>Strikes a host off; what it still has is free.</summary>
    void Leave(HostId host);
}
