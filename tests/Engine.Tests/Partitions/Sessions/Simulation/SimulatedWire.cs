using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Partitions.Wire;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>An address of the simulated network.</summary>
internal interface IEndpoint
{
    string Name { get; }

    void On(SessionMessage message, IEndpoint from);
}

/// <summary>
/// Carries messages as bytes, in order for each pair of endpoints, and under faults loses, doubles, delays and reorders
/// them.
/// </summary>
internal sealed class SimulatedWire(SessionWorld world)
{
    private readonly Dictionary<(IEndpoint, IEndpoint), TimeSpan> _lastAt = [];
    private readonly ByteWriter _writer = new(1_024);

    /// <summary>A hash of all messages and their times.</summary>
    public ulong Hash { get; private set; }

    public void Send(IEndpoint from, IEndpoint to, SessionMessage message)
    {
        _writer.Truncate(0);
        SessionCodec.Write(_writer, message);
        var bytes = _writer.Written.ToArray();
        Hash = Mixing.Mix(Hash, (ulong)world.Now.Ticks, Crc32C.Of(bytes));
        world.Trace(() => $"{from.Name} to {to.Name}: {Shown(message)}");
        if (world.Strikes(world.Weather.LosePercent))
        {
            world.Count(SessionEffect.MessageLost);
            world.Trace(() => "  is lost");
            return;
        }

        Deliver(from, to, bytes);
        if (!world.Strikes(world.Weather.DoublePercent))
            return;
        world.Count(SessionEffect.MessageDoubled);
        Deliver(from, to, bytes);
    }

    private void Deliver(IEndpoint from, IEndpoint to, byte[] bytes)
    {
        var at = world.Now + TimeSpan.FromMicroseconds(100 + world.Dice.Below(2_000));
        if (world.Strikes(world.Weather.LatePercent))
        {
            world.Count(SessionEffect.MessageLate);
            at += TimeSpan.FromMilliseconds(world.Dice.Below(world.Dice.Chance(20) ? 6_000 : 300));
        }
        else if (world.Strikes(world.Weather.ReorderPercent))
        {
            world.Count(SessionEffect.Reordered);
            at += TimeSpan.FromMilliseconds(world.Dice.Below(20));
        }
        else
        {
            var last = _lastAt.GetValueOrDefault((from, to));
            at = at > last ? at : last;
            _lastAt[(from, to)] = at;
        }

        world.Time.After(at - world.Now, () => to.On(SessionCodec.Read(bytes), from));
    }

    private static string Shown(SessionMessage message) => message switch
    {
        Batch m =>
            $"batch {m.Session}/{m.Number} of {string.Join(' ', m.Items.Select(item => ItemKey.Of(item).Place))}",
        BatchAnswered m =>
            $"answers {m.Session}/{m.Number}: {string.Join(' ', m.Replies.Select(reply => reply.Outcome))}",
        _ => message.ToString(),
    };
}
