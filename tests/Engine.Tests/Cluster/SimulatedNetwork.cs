using Amoe.Engine.Cluster;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>How a frame travels.</summary>
/// <param name="Delays">One time for each time it arrives: none when it is lost, two when it comes twice.</param>
/// <param name="MayOvertake">It may arrive before one that was sent earlier over the same link.</param>
internal readonly record struct FrameFate(TimeSpan[] Delays, bool MayOvertake = false);

/// <summary>
/// A network between named processes that delays, loses, doubles and reorders frames as it is told, and breaks links. What it does is drawn by whoever made it.
/// </summary>
/// <param name="after">Has something done at the process that is named, after a time: never, once that process is dead.</param>
/// <param name="now">Virtual time.</param>
/// <param name="travel">Asked how a frame from one process to another travels.</param>
internal sealed class SimulatedNetwork(Action<string, TimeSpan, Action> after, Func<TimeSpan> now, Func<string, string, FrameFate> travel)
{
    private readonly Dictionary<string, ILinkListener> _listeners = [];
    private readonly List<Connection> _connections = [];
    private static readonly TimeSpan RefusedAfter = TimeSpan.FromMilliseconds(5);

    /// <summary>Told of each frame that arrives: from, to, bytes.</summary>
    public Action<string, string, int>? Delivered { get; set; }

    /// <summary>Connections that are up, in the order in which they were made.</summary>
    public IReadOnlyList<Connection> Connections => _connections;

    /// <summary>A process begins: frames for its endpoint arrive at its listener.</summary>
    public ILinks Join(string endpoint, ILinkListener listener)
    {
        _listeners[endpoint] = listener;
        return new Links(this, endpoint);
    }

    /// <summary>A process is gone. Who had links to it hears of it after a time, or never where that is null.</summary>
    public void Leave(string endpoint, TimeSpan? heard)
    {
        _listeners.Remove(endpoint);
        foreach (var connection in _connections.Where(one => one.Ends.Contains(endpoint)).ToList())
            Break(connection, heard);
    }

    /// <summary>A connection breaks: both ends hear of it, each after a time, or never where that is null. What was on the way is lost.</summary>
    public void Break(Connection connection, TimeSpan? heard)
    {
        connection.IsUp = false;
        _connections.Remove(connection);
        if (heard is not { } delay)
            return;
        foreach (var end in connection.Both)
            after(end.Owner, delay, () => Down(end));
    }

    private void Down(End end)
    {
        if (end.IsDown)
            return;
        end.IsDown = true;
        if (Hears(end))
            end.Listener!.OnDown(end);
    }

    private Connection Connect(string from, string to)
    {
        var connection = new Connection(this, from, to);
        _connections.Add(connection);

        // Nobody is there.
        if (connection.Both[1].Listener is null)
            Break(connection, RefusedAfter);
        return connection;
    }

    private void Send(Connection connection, End sender, End receiver, ReadOnlyMemory<byte> frame)
    {
        var fate = travel(sender.Owner, receiver.Owner);
        foreach (var delay in fate.Delays)
        {
            var arrives = now() + delay;
            if (!fate.MayOvertake)
                receiver.LastArrival = arrives = TimeSpan.FromTicks(Math.Max(arrives.Ticks, receiver.LastArrival.Ticks));
            after(receiver.Owner, arrives - now(), () => Deliver(connection, receiver, frame));
        }
    }

    /// <summary>A process that began at the same place since knows nothing of the connections of the one before.</summary>
    private bool Hears(End end) => end.Listener is { } listener && _listeners.GetValueOrDefault(end.Owner) == listener;

    private void Deliver(Connection connection, End receiver, ReadOnlyMemory<byte> frame)
    {
        if (!connection.IsUp || receiver.IsDown || !Hears(receiver))
            return;
        Delivered?.Invoke(receiver.Peer, receiver.Owner, frame.Length);

        // The frame is valid until the call returns: whoever keeps it notices.
        var bytes = frame.ToArray();
        receiver.Listener!.OnFrame(receiver, bytes);
        bytes.AsSpan().Fill(0xDD);
    }

    /// <summary>Two ends; each is the link of one process to the other.</summary>
    internal sealed class Connection
    {
        private readonly SimulatedNetwork _network;

        public Connection(SimulatedNetwork network, string from, string to)
        {
            _network = network;
            Ends = [from, to];
            Both = [new End(this, from, to, network._listeners.GetValueOrDefault(from)), new End(this, to, from, network._listeners.GetValueOrDefault(to))];
        }

        public string[] Ends { get; }

        public End[] Both { get; }

        public bool IsUp { get; set; } = true;

        public bool TrySend(End sender, ReadOnlyMemory<byte> frame)
        {
            if (sender.IsDown)
                return false;

            // A broken connection takes what is sent until its end hears of the break.
            if (IsUp)
                _network.Send(this, sender, sender == Both[0] ? Both[1] : Both[0], frame);
            return true;
        }
    }

    /// <summary>One process's end of a connection.</summary>
    internal sealed class End(Connection connection, string owner, string peer, ILinkListener? listener) : ILink
    {
        public string Owner => owner;

        public string Peer => peer;

        /// <summary>Whoever was there when it was made; null when nobody was.</summary>
        public ILinkListener? Listener => listener;

        public string Name => peer;

        /// <summary>Hosts have addresses, clients other names.</summary>
        public bool IsHost => peer.StartsWith("http://", StringComparison.Ordinal);

        public bool IsDown { get; set; }

        public TimeSpan LastArrival { get; set; }

        public bool TrySend(ReadOnlyMemory<byte> frame) => connection.TrySend(this, frame);
    }

    /// <summary>One process's links to others: one to each endpoint at a time.</summary>
    private sealed class Links(SimulatedNetwork network, string owner) : ILinks
    {
        private readonly Dictionary<string, End> _links = [];

        public ILink To(string endpoint)
        {
            if (!_links.TryGetValue(endpoint, out var link) || link.IsDown)
                _links[endpoint] = link = network.Connect(owner, endpoint).Both[0];
            return link;
        }
    }
}
