using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Brings the large faults of a run about, each at its time.</summary>
internal sealed class Injector
{
    private const string OneWhoAsks = "client0";

    private readonly World _world;
    private readonly Weather _weather;
    private readonly Tally _tally;
    private readonly Troubles _troubles;
    private readonly SimulatedHosts _hosts;
    private readonly SimulatedNetwork _network;
    private readonly IReadOnlyList<string> _names;
    private readonly Dice _dice;
    private bool _isAlone = true;

    /// <param name="names">Processes a line may be cut to.</param>
    public Injector(World world, Weather weather, Tally tally, Troubles troubles, SimulatedHosts hosts, SimulatedNetwork network, IReadOnlyList<string> names)
    {
        (_world, _weather, _tally, _troubles, _hosts, _network, _names, _dice) = (world, weather, tally, troubles, hosts, network, names, world.Dice(5));
        foreach (var (fault, at) in weather.Large())
            world.After(at, null, StepKind.Fault, (int)fault, () => Happen(fault));
    }

    /// <summary>Hosts that were killed may come back at another place, and at the one they had nobody ever again.</summary>
    public bool MayStayAway { get; init; }

    /// <summary>A host that left in order comes back later, as another.</summary>
    public void Left(SimulatedHost host)
    {
        _network.Leave(host.Endpoint, Millis(5));
        Return(host.Endpoint);
    }

    private void Happen(Fault fault)
    {
        if (_weather.IsCalm || _hosts.Alive.Count == 0)
            return;
        var host = _hosts.Alive[_dice.Below(_hosts.Alive.Count)];
        if (!TryHappen(fault, host))
            return;
        _tally.Count(fault);
        _world.Note(host.Process, StepKind.Fault, (int)fault, fault.ToString());
    }

    private bool TryHappen(Fault fault, SimulatedHost host)
    {
        switch (fault)
        {
            case Fault.CutOneWay:
                _troubles.Cut(host.Endpoint, _names[_dice.Below(_names.Count)], Millis(50 + _dice.Below(5_000)));
                return true;
            case Fault.CutOff:
                foreach (var other in _names)
                    _troubles.Cut(other, host.Endpoint, Millis(50 + _dice.Below(5_000)));
                return true;
            case Fault.LinkBroken when _network.Connections.Count > 0:
                _network.Break(_network.Connections[_dice.Below(_network.Connections.Count)], Millis(_dice.Below(_dice.Of(2, 3_000))));
                return true;
            case Fault.StoreUnreachable:
                _troubles.TakeStoreFrom(host.Process, Millis(100 + _dice.Below(6_000)));
                return true;
            case Fault.StoreRestart:
                _troubles.StopStore(Millis(50 + _dice.Below(_dice.Of(300, 4_000))));
                return true;
            case Fault.DiskFull:
                _troubles.FillDisk(Millis(100 + _dice.Below(3_000)));
                return true;
            case Fault.Killed:
                _hosts.Kill(host);
                _network.Leave(host.Endpoint, Millis(_dice.Below(_dice.Of(2, 4_000))));
                // At another place for good, but for the first: clients know no others than there were in the beginning.
                Return(MayStayAway && host.Endpoint != _names[0] && _dice.Chance(50) ? NewEndpoint() : host.Endpoint);
                return true;
            case Fault.Frozen:
                host.Process.Freeze(Millis(20 + _dice.Below(2_500)));
                return true;
            case Fault.FrozenPastLease:
                var time = Millis(3_200 + _dice.Below(5_000));
                host.Process.Freeze(time);

                // Every other time only one still reaches it, who asks: what it finds when it goes on needs no append, and the fence of an append does not tell it.
                foreach (var other in _isAlone ? _names.Where(name => name != OneWhoAsks && name != host.Endpoint) : [])
                    _troubles.Cut(other, host.Endpoint, time);
                _isAlone = !_isAlone;
                return true;
            case Fault.ClockSet:
                host.Process.Clock.SetWall(TimeSpan.FromHours(_dice.Below(2_000) - 1_000));
                return true;
            case Fault.ClockLeap:
                host.Process.Clock.Leap(Millis(_dice.Below(10_000)));
                return true;
            case Fault.HostJoins when _hosts.Alive.Count < 6:
                _hosts.Start(NewEndpoint());
                return true;
            case Fault.HostLeaves when host.Leaving is null && _hosts.Alive.Any(other => other != host && other.Leaving is null):
                _hosts.Stop(host);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Another host to the store, though others may still know the place.</summary>
    private void Return(string endpoint) => _world.After(Millis(20 + _dice.Below(_dice.Of(200, 5_000))), null, StepKind.Fault, -1, () => _hosts.Start(endpoint));

    private string NewEndpoint() => $"http://more{_dice.Below(1_000_000)}";

    private static TimeSpan Millis(int millis) => TimeSpan.FromMilliseconds(millis);
}
