namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// Says which host has which partition, as the cluster's sharding, failure detector and split-brain resolver do, and at
/// times says it wrongly: a partition is given to a second host while the first one keeps it, a region sends to the
/// host that had a partition before.
/// </summary>
internal sealed class SimulatedSharding
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _unreachableAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _handOffTimeout = TimeSpan.FromSeconds(10);

    private readonly ClusterWorld _world;
    private readonly List<SimulatedHost> _members = [];
    private readonly SimulatedHost?[] _homes;
    private readonly SimulatedHost?[] _former;

    // Where a partition goes when its hand-off is done.
    private readonly (SimulatedHost To, TimeSpan Since)?[] _moves;
    private readonly Dictionary<SimulatedHost, TimeSpan> _unreachableSince = [];
    private readonly Coordinator _coordinator;
    private long _looks;

    public SimulatedSharding(ClusterWorld world)
    {
        (_world, _coordinator) = (world, new Coordinator(new SimulatedProcess(world.Time, "coordinator")));
        var partitions = world.Identity.TotalPartitions;
        (_homes, _former, _moves) = (new SimulatedHost?[partitions], new SimulatedHost?[partitions],
            new (SimulatedHost, TimeSpan)?[partitions]);
        Look();
    }

    public IReadOnlyList<SimulatedHost> Members => _members;

    /// <summary>The oldest member.</summary>
    public SimulatedHost? JournalHost => _members.Count > 0 ? _members[0] : null;

    public IEnumerable<SimulatedHost> OthersThan(SimulatedHost host) => _members.Where(other => other != host);

    public SimulatedHost? HomeOf(int partition) => _homes[partition];

    public void Joined(SimulatedHost host) => _members.Add(host);

    /// <summary>By way of any host's region.</summary>
    public void Route(IPeer sender, ToRegion message)
    {
        if (_members.Count > 0)
            _world.Network.Send(sender, _members[_world.Dice.Below(_members.Count)], message);
    }

    public void Forward(SimulatedHost region, ToRegion message)
    {
        var home = _homes[message.Partition];
        if (_former[message.Partition] is { } former
            && !_world.IsCalm
            && _world.Dice.Chance(_world.Weather.StaleRoutePercent))
            home = former;
        if (home is null)
            return;
        if (home == region)
            Arrive(home, message);
        else
            _world.Network.Send(region, new Region(home), message);
    }

    /// <summary>The members among hosts that are dead are removed.</summary>
    public void Down(IReadOnlyList<long> dead)
    {
        foreach (var host in _members.Where(member => dead.Contains(member.Id)).ToList())
        {
            _world.Trace(() => $"{host} is removed");
            Remove(host);
            LearnThatItIsDown(host);
        }
    }

    /// <summary>A frozen host does not find it in its mailbox when it wakes, but some time after.</summary>
    private void LearnThatItIsDown(SimulatedHost host) =>
        _world.Time.After(TimeSpan.FromMilliseconds(100 + _world.Dice.Below(1_400)), () =>
        {
            if (host.Process.IsFrozen)
                LearnThatItIsDown(host);
            else
                host.Process.Run(host.End);
        });

    public void Remove(SimulatedHost host)
    {
        _members.Remove(host);
        _unreachableSince.Remove(host);
        for (var partition = 0; partition < _homes.Length; partition++)
        {
            if (_homes[partition] == host)
                GiveTo(partition, null);
            if (_moves[partition]?.To == host)
                _moves[partition] = null;
        }
    }

    /// <summary>An entity has stopped, or was not there.</summary>
    public void Stopped(SimulatedHost host, int partition)
    {
        if (_homes[partition] != host)
            return;
        if (_moves[partition] is { } move)
            GiveTo(partition, move.To);
        else if (host.IsLeaving || host.HasEnded)
            GiveTo(partition, null);
    }

    /// <summary>A partition is handed over in order.</summary>
    public void Move(int partition, SimulatedHost to)
    {
        if (_homes[partition] is not { } home || home == to || _moves[partition] is not null)
            return;
        _world.Count(ClusterEffect.PartitionMoved);
        _world.Trace(() => $"partition {partition} goes from {home} to {to}");
        _moves[partition] = (to, _world.Now);
        _world.Network.Send(_coordinator, home, new HandOff(partition));
    }

    /// <summary>Gives a partition to another host without a message to the first one.</summary>
    public void GiveTwice(int partition, SimulatedHost to)
    {
        if (_homes[partition] is not { } home || home == to)
            return;
        _world.Count(ClusterEffect.PartitionGivenTwice);
        _world.Trace(() => $"partition {partition} is given to {to}, and {home} keeps it");
        GiveTo(partition, to);
    }

    private static void Arrive(SimulatedHost host, ToRegion message)
    {
        if (host.Entities.TryGetValue(message.Partition, out var entity))
            entity.On(message.Open, message.Sender);
        else if (host.World.Sharding.HomeOf(message.Partition) == host)
            host.Start(message.Partition);
    }

    private void GiveTo(int partition, SimulatedHost? host)
    {
        (_former[partition], _homes[partition], _moves[partition]) = (_homes[partition], host, null);
    }

    private void Look()
    {
        _world.Time.After(_lookEvery, Look);
        _looks++;
        FindUnreachable();
        for (var partition = 0; partition < _homes.Length; partition++)
        {
            if (_moves[partition] is { } move && _world.Now - move.Since > _handOffTimeout)
                GiveTo(partition, move.To);
            var joined = _members.Where(member => !member.IsLeaving).ToList();
            if (_homes[partition] is null && joined.Count > 0)
                GiveTo(partition, joined[_world.Dice.Below(joined.Count)]);
            if (_homes[partition] is { } home
                && _moves[partition] is null
                && (_looks % 4 == 0 || !home.Entities.ContainsKey(partition)))
                _world.Network.Send(_coordinator, home, new StartPartition(partition));
        }
    }

    /// <summary>A member that another one does not hear of for long: the first that asks the database lives.</summary>
    private void FindUnreachable()
    {
        // Whichever is looked at first has the other side ask first.
        foreach (var host in _looks % 2 == 0 ? _members.ToList() : Enumerable.Reverse(_members).ToList())
        {
            var asker = _members.Find(other =>
                other != host && !other.Process.HasEnded && !other.Process.IsFrozen && !Hears(other, host));
            if (asker is null)
            {
                _unreachableSince.Remove(host);
                if (host.Process.HasEnded && _members.Count == 1)
                    Remove(host);
                continue;
            }

            _unreachableSince.TryAdd(host, _world.Now);
            if (_world.Now - _unreachableSince[host] < _unreachableAfter)
                continue;
            _unreachableSince[host] = _world.Now;
            _world.Store.Call(asker, () => _world.Store.Hosts.TryOutvote(asker.Id, [host.Id]), isDecided =>
            {
                if (isDecided)
                    Down([host.Id]);
                else
                    asker.End();
            }, () => { });
        }
    }

    private bool Hears(SimulatedHost one, SimulatedHost other) =>
        !other.Process.HasEnded
            && !other.Process.IsFrozen
            && !_world.Network.IsCut(other.Process.Place, one.Process.Place);

    /// <summary>A host's region, for what another region passes on.</summary>
    private sealed record Region(SimulatedHost Host) : IPeer
    {
        public SimulatedProcess Process => Host.Process;

        public void On(object message, IPeer from) => Arrive(Host, (ToRegion)message);
    }

    /// <summary>The coordinator, wherever it is.</summary>
    private sealed record Coordinator(SimulatedProcess Process) : IPeer
    {
        public void On(object message, IPeer from) => throw new InvalidOperationException("it takes no messages");
    }
}
