using Amoe.Engine.Domain;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>How a write ended, as its writer hears.</summary>
internal enum WriteReply
{
    Durable,

    /// <summary>Nothing is durable, or all is and the reply was lost.</summary>
    Lost,

    /// <summary>Another incarnation has fenced the writer.</summary>
    Fenced,
}

/// <summary>The durable decisions of a partition. Only the incarnation that fenced last can add to them.</summary>
internal sealed class DecisionStore(SessionWorld world)
{
    private readonly Dictionary<ItemKey, Reply> _decisions = [];
    private long _epoch;

    public long Fence() => ++_epoch;

    /// <summary>What a recovery reads.</summary>
    public Dictionary<ItemKey, Reply> Read() => new(_decisions);

    public WriteReply Write(long epoch, IReadOnlyList<(ItemKey Key, Reply Reply)> decisions)
    {
        if (epoch != _epoch && world.Defect != SessionDefect.FormerOwnerWrites)
        {
            world.Count(SessionEffect.WriteFenced);
            return WriteReply.Fenced;
        }

        if (world.Strikes(world.Weather.WriteFailsPercent))
        {
            world.Count(SessionEffect.WriteFailed);
            return WriteReply.Lost;
        }

        foreach (var (key, reply) in decisions)
        {
            world.Witness.Decided(key, reply);
            _decisions[key] = reply;
        }

        if (!world.Strikes(world.Weather.WriteFailsPercent))
            return WriteReply.Durable;
        world.Count(SessionEffect.WriteReplyLost);
        return WriteReply.Lost;
    }
}
