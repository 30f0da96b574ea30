namespace Amoe.Engine.Cluster;

/// <summary>
/// A way to one other process, over which frames go best effort: one that was sent may be late, come twice, or never come. Whoever sends asks again.
/// </summary>
internal interface ILink
{
    /// <summary>Whom it leads to, for messages to people.</summary>
    string Name { get; }

    /// <summary>True when it leads to a host of the cluster, false for a client: what a host sends is never forwarded.</summary>
    bool IsHost { get; }

    /// <summary>Sends a frame, or loses it; never waits. The bytes are the link's from here on.</summary>
    /// <returns>False when it is known to be lost: the link is down, or too much waits on it already.</returns>
    bool TrySend(ReadOnlyMemory<byte> frame);
}

/// <summary>Opens links. Its listener is never called from within a call of it.</summary>
internal interface ILinks
{
    /// <summary>The link to an endpoint; opened when it is first asked for, and again after it was down.</summary>
    ILink To(string endpoint);

    /// <summary>Ends the links to all other endpoints: nobody is there any more. To whoever comes there later the link is another.</summary>
    /// <returns>Those that were ended.</returns>
    IReadOnlyList<ILink> KeepOnly(IReadOnlySet<string> endpoints);
}

/// <summary>Takes what comes over links: one thread at a time for each link.</summary>
internal interface ILinkListener
{
    /// <param name="from">Where an answer goes.</param>
    /// <param name="frame">Valid until the call returns.</param>
    /// <exception cref="InvalidDataException">It is no frame of this protocol, and why: the link is to be closed.</exception>
    void OnFrame(ILink from, ReadOnlyMemory<byte> frame);

    /// <summary>A link is down: what was sent over it and not answered may be lost.</summary>
    void OnDown(ILink link);
}
