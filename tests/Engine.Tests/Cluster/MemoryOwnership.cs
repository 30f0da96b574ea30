using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Hosts, leases and the ownership of shards as the production store keeps them, in memory and by a clock of its own.</summary>
/// <param name="time">The store's clock: no host's.</param>
/// <param name="lease">How long a host has its shards after its last beat.</param>
internal sealed class MemoryOwnership(int shards, TimeProvider time, TimeSpan lease) : IOwnershipStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Member> _hosts = [];
    private readonly ShardEntry[] _shards = [.. Enumerable.Range(0, shards).Select(shard => new ShardEntry(shard, HostId.None, 0, 0, 0))];
    private long _lastHost;

    /// <summary>The store's clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Asked for a shard's head.</summary>
    public Func<int, long> HeadOf { get; init; } = _ => 0;

    /// <summary>False for a store with a defect: who takes a shard writes under the epoch of who had it.</summary>
    public bool BeginsEpochs { get; init; } = true;

    /// <summary>Told of each shard taken, with its new owner.</summary>
    public Action<HostId, ShardEpoch>? Taken { get; set; }

    /// <summary>Told of each shard handed over in order.</summary>
    public Action<HostId, ShardEpoch>? Released { get; set; }

    public ShardEntry Shard(int shard)
    {
        lock (_gate)
            return _shards[shard] with { Head = HeadOf(shard) };
    }

    /// <summary>The shards among these that began another epoch since, as the fence of an append sees it. A shard that nobody ever took fences nobody off.</summary>
    public List<int> Fenced(IEnumerable<ShardEpoch> held)
    {
        lock (_gate)
            return [.. held.Where(one => one.Shard < _shards.Length && _shards[one.Shard].Epoch is > 0 and var epoch && epoch != one.Epoch).Select(one => one.Shard).Distinct()];
    }

    public HostId Join(string endpoint, int format)
    {
        lock (_gate)
        {
            var id = new HostId(++_lastHost);
            _hosts.Add(id.Value, new Member(new HostEntry(id, endpoint, format), LeaseUntil()));
            return id;
        }
    }

    public ClusterView Beat(HostId host, bool isLeaving)
    {
        lock (_gate)
        {
            var member = Find(host);
            _hosts[host.Value] = new Member(member.Entry with { IsLeaving = isLeaving }, LeaseUntil());
            return Look();
        }
    }

    public ClusterView Look()
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            return new ClusterView(
                [.. _hosts.Values.Where(member => member.LeaseUntil > now).Select(member => member.Entry)],
                [.. _shards.Select(entry => entry with { Head = HeadOf(entry.Shard) })]);
        }
    }

    public IReadOnlyList<ShardEpoch> Take(HostId host, IReadOnlyList<int> shards)
    {
        lock (_gate)
        {
            var format = Find(host).Entry.Format;
            var taken = new List<ShardEpoch>();
            foreach (var shard in shards.Distinct().Order())
            {
                var entry = _shards[shard];
                if (IsHeld(entry.Owner) || entry.Format > format)
                    continue;
                var epoch = BeginsEpochs ? entry.Epoch + 1 : 1;
                _shards[shard] = entry with { Owner = host, Epoch = epoch, Format = Math.Max(entry.Format, format) };
                taken.Add(new ShardEpoch(shard, epoch));
                Taken?.Invoke(host, taken[^1]);
            }

            StrikeOff();
            return taken;
        }
    }

    public void Release(HostId host, IReadOnlyList<ShardEpoch> shards)
    {
        lock (_gate)
        {
            foreach (var (shard, epoch) in shards)
            {
                if (_shards[shard].Owner != host || _shards[shard].Epoch != epoch)
                    continue;
                _shards[shard] = _shards[shard] with { Owner = HostId.None };
                Released?.Invoke(host, new ShardEpoch(shard, epoch));
            }
        }
    }

    public void Leave(HostId host)
    {
        lock (_gate)
        {
            for (var shard = 0; shard < _shards.Length; shard++)
            {
                if (_shards[shard].Owner == host)
                    _shards[shard] = _shards[shard] with { Owner = HostId.None };
            }

            _hosts.Remove(host.Value);
        }
    }

    public void Dispose()
    {
    }

    private long LeaseUntil() => time.GetTimestamp() + (long)(lease.TotalSeconds * time.TimestampFrequency);

    private bool IsHeld(HostId owner) => _hosts.TryGetValue(owner.Value, out var member) && member.LeaseUntil > time.GetTimestamp();

    private Member Find(HostId host) => _hosts.TryGetValue(host.Value, out var member)
        ? member
        : throw new LeaseLostException($"the store: host {host} was struck off, because it had not been heard of for longer than its lease. It has lost every shard: join anew.");

    /// <summary>A host whose lease ran out and that others have taken everything from is no more.</summary>
    private void StrikeOff()
    {
        var owners = _shards.Select(entry => entry.Owner.Value).ToHashSet();
        foreach (var id in _hosts.Keys.ToList())
        {
            if (!owners.Contains(id) && !IsHeld(new HostId(id)))
                _hosts.Remove(id);
        }
    }

    private readonly record struct Member(HostEntry Entry, long LeaseUntil);
}
