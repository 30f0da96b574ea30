using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The rows of hosts and holdings, changed as the statements of <see cref="PostgresHosts"/> and
/// <see cref="PostgresHostLease"/> change them. Each call is one transaction.
/// </summary>
internal sealed class HostTable(ClusterWorld world)
{
    private readonly SortedDictionary<long, Row> _hosts = [];
    private readonly Dictionary<int, long?> _holders = [];
    private readonly Dictionary<int, long> _takings = [];
    private long _ids;

    /// <summary>Called with a host whose sessions are ended.</summary>
    public required Action<long> SessionsEnded { get; init; }

    public long Register()
    {
        _hosts.Add(++_ids, new Row { LastsUntil = world.Now + PostgresRenewedLease.Duration });
        return _ids;
    }

    /// <summary>False when the host is dead or gone.</summary>
    public bool TryRenew(long id)
    {
        if (!IsAlive(id))
            return false;
        _hosts[id].LastsUntil = world.Now + PostgresRenewedLease.Duration;
        return true;
    }

    public bool TryHold(int partition, long id)
    {
        if (!IsAlive(id))
            return false;
        var holder = _holders.GetValueOrDefault(partition);
        var former = holder != id ? holder : null;
        if (former is { } silent
            && world.Defect != ClusterDefect.SilentHolderStaysAlive
            && _hosts.TryGetValue(silent, out var row)
            && HasRunOut(row))
            Kill(row);
        if (former is { } other && MayAnswer(other))
            return false;
        _holders[partition] = id;
        _takings[partition] = TakingOf(partition) + 1;
        if (former is { } gone)
        {
            SessionsEnded(gone);
            world.Count(ClusterEffect.TakenFromSilentHolder);
        }
        else if (holder is null)
        {
            world.Count(ClusterEffect.TakenAfterHandBack);
        }

        return true;
    }

    /// <summary>How often a partition was taken.</summary>
    public long TakingOf(int partition) => _takings.GetValueOrDefault(partition);

    public void HandBack(int partition, long id, long taking)
    {
        if (_holders.GetValueOrDefault(partition) == id && TakingOf(partition) == taking)
            _holders[partition] = null;
    }

    public void Leave(long id)
    {
        foreach (var partition in _holders.Where(holding => holding.Value == id)
            .Select(holding => holding.Key)
            .ToList())
            _holders[partition] = null;
        _hosts.Remove(id);
    }

    /// <summary>The first that asks lives, and those that it does not reach are dead.</summary>
    public bool TryOutvote(long me, IEnumerable<long> unreachable)
    {
        if (!IsAlive(me))
            return false;
        foreach (var id in unreachable)
        {
            if (id != me && _hosts.TryGetValue(id, out var row))
                Kill(row);
        }

        return true;
    }

    /// <summary>Evicts the hosts whose leases ran out a margin ago. Returns all that are dead.</summary>
    public IReadOnlyList<long> Evict(long id, TimeSpan margin)
    {
        if (IsAlive(id) && !HasRunOut(_hosts[id]))
        {
            foreach (var row in _hosts.Values.Where(row => row.LastsUntil + margin <= world.Now))
                Kill(row);
        }

        return [.. _hosts.Where(host => host.Value.IsDead).Select(host => host.Key)];
    }

    private bool IsAlive(long id) => _hosts.TryGetValue(id, out var row) && !row.IsDead;

    private bool HasRunOut(Row row) => row.LastsUntil <= world.Now;

    private bool MayAnswer(long id)
    {
        if (!_hosts.TryGetValue(id, out var row) || world.Defect == ClusterDefect.HoldingTakenFromLivingHost)
            return false;
        return !HasRunOut(row) || (!row.IsDead && world.Defect != ClusterDefect.SilentHolderStaysAlive);
    }

    private void Kill(Row row)
    {
        if (!row.IsDead)
            world.Count(ClusterEffect.HostDeclaredDead);
        row.IsDead = true;
    }

    private sealed class Row
    {
        public TimeSpan LastsUntil { get; set; }

        public bool IsDead { get; set; }
    }
}
