using Amoe.Engine.Domain;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>Brings the large faults of a run about.</summary>
internal sealed class ClusterInjector
{
    private readonly ClusterWorld _world;
    private readonly IReadOnlyList<string> _places;

    // Of its own, so that runs in which it moves nothing are as they were without it.
    private readonly Dice _letters;

    /// <param name="places">Places between which messages can be lost.</param>
    public ClusterInjector(ClusterWorld world, IReadOnlyList<string> places)
    {
        (_world, _places, _letters) = (world, places, new Dice(Mixing.Mix(world.Seed, 0x1E77E5)));
        Next();
    }

    /// <summary>
    /// A ledger's notice to a claim waits for the claim's records. The claim's partition may go to another host
    /// meanwhile, also in the calm: that is no fault.
    /// </summary>
    public void LetterSetAside(SimulatedHost host, int partition)
    {
        var others = _world.Sharding.OthersThan(host).ToList();
        if (others.Count == 0 || !_letters.Chance(60))
            return;
        _world.Count(ClusterEffect.MovedWithLetterSetAside);
        _world.Sharding.Move(partition, others[_letters.Below(others.Count)]);
    }

    private void Next() => _world.Time.After(Millis(2 * (int)_world.Weather.TroubleEvery.TotalMilliseconds), () =>
    {
        if (_world.IsCalm)
            return;
        if (_world.Sharding.Members.Count > 0)
            Happen(AnyHost());
        Next();
    });

    private SimulatedHost AnyHost() => _world.Sharding.Members[_world.Dice.Below(_world.Sharding.Members.Count)];

    private void Happen(SimulatedHost host)
    {
        switch (_world.Dice.Below(16))
        {
            case 0:
                WhenItWrites(() => Kill(host), host);
                break;
            case 1:
                Freeze(host, Millis(2_500), ClusterEffect.HostFrozen);
                break;
            case 2 or 3:
                Freeze(host, TimeSpan.FromSeconds(4.6) + Millis(7_000), ClusterEffect.HostFrozenPastLease);
                break;
            case 4 when _world.Sharding.Members.Count > 1:
                _world.Count(ClusterEffect.HostLeft);
                WhenItWrites(
                    () =>
                    {
                        HoldSome(host);
                        host.Leave();
                    }, host);
                break;
            case 5:
                _world.Sharding.Move(AnyPartition(), host);
                break;
            case 6:
                GiveTwice(host);
                break;
            case 7:
                CutStore(host, Millis(8_000));
                break;
            case 8:
                _world.Count(ClusterEffect.StoreRestarted);
                _world.Trace(() => "the store restarts");
                _world.Store.Restart(Millis(_world.Dice.Of(300, 4_000)));
                break;
            case 9:
                Cut(host.Process.Place, _places[_world.Dice.Below(_places.Count)], Millis(6_000));
                break;
            case 10:
                foreach (var place in _places)
                    Cut(place, host.Process.Place, Millis(6_000));
                break;
            case 11 or 14:
                // It reaches all but the database, and one of its partitions is given to another.
                CutStore(host, TimeSpan.FromSeconds(5) + Millis(2_500));
                GiveAway(host);
                break;
            case 12:
                WhenItWrites(
                    () => Freeze(host, TimeSpan.FromSeconds(4.6) + Millis(5_000), ClusterEffect.HostFrozenPastLease),
                    host);
                GiveAway(host);
                break;
            default:
                WhenItWrites(
                    () => Freeze(host, TimeSpan.FromSeconds(4.6) + Millis(3_000), ClusterEffect.HostFrozenPastLease),
                    host);
                break;
        }
    }

    private void Kill(SimulatedHost host)
    {
        _world.Count(ClusterEffect.HostKilled);
        _world.Trace(() => $"{host} is killed");
        HoldSome(host);
        host.Process.End();
        _world.Start(host.Process.Place, Millis(_world.Dice.Of(500, 6_000)));
    }

    private void Freeze(SimulatedHost host, TimeSpan time, ClusterEffect effect)
    {
        if (host.Process.IsFrozen || host.Process.HasEnded)
            return;
        _world.Count(effect);
        _world.Trace(() => $"{host} freezes for {time.TotalSeconds:0.0} s");
        HoldSome(host);
        host.Process.Freeze();
        _world.Time.After(time, () => Wake(host));
    }

    private void HoldSome(SimulatedHost host)
    {
        if (_world.Dice.Chance(60))
            _world.Store.Hold(host, Millis(_world.Dice.Of(500, 3_000, 9_000)));
    }

    private void Wake(SimulatedHost host)
    {
        _world.Trace(() => $"{host} wakes");
        if (!host.HasEnded && !host.IsHeld && Enumerable.Range(0, _world.Identity.TotalPartitions).Any(host.IsWriting))
            _world.Count(ClusterEffect.FrozenOwnerWokeWithWrite);
        host.Process.Wake();
    }

    /// <summary>Does something to a host in the middle of a write; at last where it has none for a while.</summary>
    private void WhenItWrites(Action action, SimulatedHost host, int tries = 300)
    {
        if (host.HasEnded || host.Process.HasEnded || _world.IsCalm)
            return;
        if (tries == 0 || Enumerable.Range(0, _world.Identity.TotalPartitions).Any(host.IsWriting))
            action();
        else
            _world.Time.After(TimeSpan.FromMilliseconds(1), () => WhenItWrites(action, host, tries - 1));
    }

    private void GiveTwice(SimulatedHost to) => _world.Sharding.GiveTwice(AnyPartition(), to);

    private void GiveAway(SimulatedHost host)
    {
        var others = _world.Sharding.OthersThan(host).ToList();
        for (var partition = 0; others.Count > 0 && partition < _world.Identity.TotalPartitions; partition++)
        {
            if (_world.Sharding.HomeOf(partition) == host && _world.Dice.Chance(60))
                _world.Sharding.GiveTwice(partition, others[_world.Dice.Below(others.Count)]);
        }
    }

    private void CutStore(SimulatedHost host, TimeSpan time)
    {
        _world.Count(ClusterEffect.StoreCutFromHost);
        var (there, back) = _world.Dice.Of((true, true), (true, false), (false, true));
        _world.Trace(() =>
            $"{host} {(there ? "does not reach" : "does not hear from")} the store for {time.TotalSeconds:0.0} s");
        _world.Store.Cut(host.Process.Place, time, there, back);
    }

    private void Cut(string from, string to, TimeSpan time)
    {
        if (from == to)
            return;
        _world.Count(ClusterEffect.HostsCut);
        _world.Trace(() => $"{from} to {to} is cut for {time.TotalSeconds:0.0} s");
        _world.Network.Cut(from, to, time);
    }

    private int AnyPartition() => _world.Dice.Below(_world.Identity.TotalPartitions);

    private TimeSpan Millis(int below) => TimeSpan.FromMilliseconds(1 + _world.Dice.Below(below));
}
