using Akka.Actor;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The way from a sender to a partition: within this process where a host in it speaks for the partition, otherwise
/// over the network, by way of any host.
/// </summary>
/// <remarks>
/// A session within the process is the same session: numbered, probed, refused, and sent again. Only its messages are
/// objects and no bytes, which none of the two sides changes.
/// </remarks>
/// <param name="here">The entity of a partition that a host in this process speaks for, or null.</param>
internal sealed class SessionRouter(int partition, HostDirectory directory, Func<int, IActorRef?> here)
{
    /// <summary>Asks for a session. It is lost where no host is known yet; the session asks again.</summary>
    public void Tell(OpenSession open, IActorRef from, IUntypedActorContext context)
    {
        if (here(partition) is { } entity)
            entity.Tell(open, from);
        else if (directory.Next() is { } host)
            RegionOf(host, context).Tell(new ToPartition(partition, open), from);
    }

    /// <summary>
    /// The entity to ask instead, where a session was opened over the network and need not be; otherwise null.
    /// </summary>
    public IActorRef? Shorter(IActorRef opened) => opened.Path.Address.HasLocalScope ? null : here(partition);

    private static ActorSelection RegionOf(Address host, IUntypedActorContext context) =>
        context.ActorSelection(new RootActorPath(host) / "system" / "sharding" / ClusterHost.RegionName);
}
