using Amoe.Engine.Actors;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Cluster;

/// <summary>What lanes have to know of the cluster: a host knows it from the store, a client from the addresses he was given. Any thread asks.</summary>
internal interface IRoutes
{
    /// <summary>Whom a shard's commands go to now.</summary>
    Route RouteOf(int shard);

    /// <summary>Over this way no answer came, or it was the wrong one.</summary>
    void Unreachable(int shard, Route route);

    /// <summary>A host says who has a shard.</summary>
    void Learn(int shard, string endpoint);

    /// <summary>Puts a message into the mailbox of a shard that is here.</summary>
    /// <param name="waiter">Told to go on later where something has to be fetched first.</param>
    PostOutcome PostHere(int shard, in Envelope envelope, IGated waiter, ref MailboxLife? life);
}
