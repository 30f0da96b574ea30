namespace Amoe.Engine.Tests.Cluster;

/// <summary>Something wrong on purpose, in what stands around the engine: the simulation has to notice.</summary>
internal enum Defect
{
    None,

    /// <summary>The store takes segments of any epoch, and confirms any.</summary>
    NothingIsFenced,

    /// <summary>The store says that a transaction is durable, and has not got it.</summary>
    StoreForgetsAnAppend,

    /// <summary>Two hosts that take a shard at about the same time both get it, under one epoch.</summary>
    EpochBeginsTwice,

    /// <summary>Nobody's lease ever runs out.</summary>
    LeaseIsForEver,

    /// <summary>Commands on their way to the cluster overtake each other.</summary>
    CommandsOvertake,

    /// <summary>An answer is given before the command was sent on.</summary>
    AnsweredTooSoon,

    /// <summary>A command gets lost, and with it its answer.</summary>
    CommandIsSwallowed,

    /// <summary>An answer comes twice.</summary>
    AnsweredTwice,
}
