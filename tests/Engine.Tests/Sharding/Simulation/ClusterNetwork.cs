namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>Something that messages are sent to: an actor.</summary>
internal interface IPeer
{
    SimulatedProcess Process { get; }

    void On(object message, IPeer from);
}

/// <summary>
/// Carries messages, in order for each pair of peers, and under faults loses, doubles, delays and reorders them, and
/// loses all on one way between two places.
/// </summary>
internal sealed class ClusterNetwork(ClusterWorld world)
{
    private readonly Dictionary<(IPeer, IPeer), TimeSpan> _lastAt = [];
    private readonly Dictionary<(string From, string To), TimeSpan> _cutUntil = [];

    /// <summary>Loses everything on one way for a time.</summary>
    public void Cut(string from, string to, TimeSpan time) => _cutUntil[(from, to)] = world.Now + time;

    public bool IsCut(string from, string to) =>
        _cutUntil.TryGetValue((from, to), out var until) && world.Now < until && !world.IsCalm;

    public void Send(IPeer from, IPeer to, object message)
    {
        var (here, there) = (from.Process.Place, to.Process.Place);
        if (here == there)
        {
            to.Process.After(TimeSpan.Zero, () => to.On(message, from));
            return;
        }

        if (IsCut(here, there))
            return;
        if (world.Strikes(world.Weather.LosePerMille))
        {
            world.Count(ClusterEffect.MessageLost);
            world.Trace(() => $"lost from {here} to {there}: {message}");
            return;
        }

        Deliver(from, to, message);
        if (!world.Strikes(world.Weather.DoublePerMille))
            return;
        world.Count(ClusterEffect.MessageDoubled);
        Deliver(from, to, message);
    }

    private void Deliver(IPeer from, IPeer to, object message)
    {
        var at = world.Now + TimeSpan.FromMicroseconds(50 + world.Dice.Below(400));
        if (world.Strikes(world.Weather.LatePerMille))
        {
            world.Count(ClusterEffect.MessageLate);
            at += TimeSpan.FromMilliseconds(world.Dice.Below(world.Dice.Of(50, 500, 6_000)));
        }
        else if (world.Strikes(world.Weather.ReorderPerMille))
        {
            world.Count(ClusterEffect.MessageReordered);
            at += TimeSpan.FromMicroseconds(world.Dice.Below(3_000));
        }
        else
        {
            var last = _lastAt.GetValueOrDefault((from, to));
            at = at > last ? at : last;
            _lastAt[(from, to)] = at;
        }

        to.Process.After(at - world.Now, () => to.On(message, from));
    }
}
