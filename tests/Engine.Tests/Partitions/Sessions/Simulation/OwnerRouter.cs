using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>
/// Knows the partition's actor, sometimes too late, and replaces it: by a restart, a move, or because it was frozen.
/// </summary>
internal sealed class OwnerRouter(SessionWorld world) : IEndpoint
{
    // Where it sends to, which may be a former owner for a while.
    private OwnerAddress _address = new("nowhere");
    private OwnerAddress _latest = new("nowhere");
    private SimulatedOwner? _owner;
    private int _incarnations;
    private bool _isOutOfService;

    public string Name => "router";

    public void Start() => Replace(new OwnerAddress($"owner {_incarnations}"));

    /// <summary>
    /// Forwards messages that open a session. While the partition moves, they are lost. While it is out of service, the
    /// sender is answered so.
    /// </summary>
    public void On(SessionMessage message, IEndpoint from)
    {
        if (_isOutOfService)
        {
            world.Count(SessionEffect.AnsweredOutOfService);
            world.Wire.Send(this, from, new OutOfService(message.Session));
            return;
        }

        var address = _address;
        world.Time.After(TimeSpan.FromMicroseconds(world.Dice.Below(500)), () => address.On(message, from));
    }

    public void Trouble()
    {
        if (_owner is not { } owner)
            return;
        _owner = null;
        switch (world.Dice.Below(5))
        {
            case 0:
                world.Count(SessionEffect.Killed);
                world.Trace(() => $"{_latest.Name} is killed");
                owner.End();
                _latest.Owner = null;
                Move();
                break;
            case 1:
                world.Count(SessionEffect.RestartedInPlace);
                world.Trace(() => $"{_latest.Name} restarts");
                owner.End();
                world.Time.After(TimeSpan.FromMilliseconds(world.Dice.Below(300)), () => Replace(_latest));
                break;
            case 2:
                world.Count(SessionEffect.StoppedInOrder);
                world.Trace(() => $"{_latest.Name} stops");
                owner.Stop();
                Move();
                break;
            case 3:
                world.Count(SessionEffect.WentOutOfService);
                world.Trace(() => $"{_latest.Name} is out of service");
                owner.End();
                (_latest.Owner, _isOutOfService) = (null, true);
                world.Time.After(TimeSpan.FromMilliseconds(world.Dice.Below(3_000)), Retry);
                break;
            default:
                world.Count(SessionEffect.Frozen);
                world.Trace(() => $"{_latest.Name} freezes");
                owner.Freeze();
                Move();
                world.Time.After(TimeSpan.FromMilliseconds(world.Dice.Below(5_000)), () => Wake(owner));
                break;
        }
    }

    private void Wake(SimulatedOwner owner)
    {
        world.Count(SessionEffect.FormerOwnerWoke);
        world.Trace(() => "a former owner wakes");
        owner.Wake();
    }

    /// <summary>It is tried again, and its log can be followed.</summary>
    private void Retry()
    {
        _isOutOfService = false;
        Replace(_latest);
    }

    private void Move()
    {
        var address = new OwnerAddress($"owner {++_incarnations}");
        world.Time.After(TimeSpan.FromMilliseconds(world.Dice.Below(2_000)), () => Replace(address));
    }

    /// <summary>Another incarnation recovers, and the router hears of it.</summary>
    private void Replace(OwnerAddress address)
    {
        _latest = address;
        _owner = new SimulatedOwner(world, address);
        world.Trace(() => $"{address.Name} has recovered");
        world.Time.After(TimeSpan.FromMilliseconds(world.Dice.Below(1_000)), () => _address = _latest);
    }
}
