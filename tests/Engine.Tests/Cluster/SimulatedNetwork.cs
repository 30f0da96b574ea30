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

    /// <summary>How often somebody tried for a connection.</summary>
    public int Attempts { get; private set; }

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
            end.Listener.OnDown(end.Link);
    }

    /// <summary>Opens a connection if somebody is there and both directions let a frame through; if not, nobody is told.</summary>
    private void Connect(string from, string to, ILink link, Action<Connection?> ended)
    {
        Attempts++;
        var (there, back) = (travel(from, to).Delays, travel(to, from).Delays);
        var isHeard = there.Length > 0 && back.Length > 0;
        after(from, isHeard ? there[0] + back[0] : RefusedAfter, () =>
        {
            Connection? connection = null;
            if (isHeard && _listeners.TryGetValue(from, out var caller) && _listeners.TryGetValue(to, out var called))
                _connections.Add(connection = new Connection(this, from, to, link, caller, called));
            ended(connection);
        });
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
    private bool Hears(End end) => _listeners.GetValueOrDefault(end.Owner) == end.Listener;

    private void Deliver(Connection connection, End receiver, ReadOnlyMemory<byte> frame)
    {
        if (!connection.IsUp || receiver.IsDown || !Hears(receiver))
            return;
        Delivered?.Invoke(receiver.Peer, receiver.Owner, frame.Length);

        // The frame is valid until the call returns: whoever keeps it notices.
        var bytes = frame.ToArray();
        receiver.Listener.OnFrame(receiver.Link, bytes);
        bytes.AsSpan().Fill(0xDD);
    }

    /// <summary>Two ends; each is the link of one process to the other.</summary>
    internal sealed class Connection
    {
        private readonly SimulatedNetwork _network;

        /// <param name="link">What the caller has it as: the same before this connection and after it.</param>
        public Connection(SimulatedNetwork network, string from, string to, ILink link, ILinkListener caller, ILinkListener called)
        {
            _network = network;
            Ends = [from, to];
            Both = [new End(this, from, to, caller, link), new End(this, to, from, called)];
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
    /// <param name="link">The caller's, which outlives the connection; null for the one who was called: his is the end itself.</param>
    internal sealed class End(Connection connection, string owner, string peer, ILinkListener listener, ILink? link = null) : ILink
    {
        public string Owner => owner;

        public string Peer => peer;

        public ILink Link => link ?? this;

        /// <summary>Whoever was there when it was made.</summary>
        public ILinkListener Listener => listener;

        public string Name => peer;

        public bool IsHost => IsAddress(peer);

        public bool IsDown { get; set; }

        public TimeSpan LastArrival { get; set; }

        public bool TrySend(ReadOnlyMemory<byte> frame) => connection.TrySend(this, frame);
    }

    /// <summary>Hosts have addresses, clients other names.</summary>
    private static bool IsAddress(string name) => name.StartsWith("http://", StringComparison.Ordinal);

    /// <summary>One process's links to others: one to each endpoint, as long as somebody is there.</summary>
    private sealed class Links(SimulatedNetwork network, string owner) : ILinks
    {
        private readonly Dictionary<string, Outgoing> _links = [];

        public ILink To(string endpoint)
        {
            if (!_links.TryGetValue(endpoint, out var link))
                _links[endpoint] = link = new Outgoing(network, owner, endpoint);
            return link;
        }

        public IReadOnlyList<ILink> KeepOnly(IReadOnlySet<string> endpoints)
        {
            var ended = _links.Values.Where(link => !endpoints.Contains(link.Name)).ToList();
            foreach (var link in ended)
            {
                _links.Remove(link.Name);
                link.End();
            }

            return ended;
        }
    }

    /// <summary>
    /// The link to an endpoint through all its connections, as production has it: while there is none it takes nothing, and what is offered makes it try for one.
    /// Only of one that was there does the listener hear that it is down.
    /// </summary>
    private sealed class Outgoing(SimulatedNetwork network, string owner, string endpoint) : ILink
    {
        private Connection? _connection;
        private bool _isConnecting;
        private bool _isOver;

        public string Name => endpoint;

        public bool IsHost => IsAddress(endpoint);

        public bool TrySend(ReadOnlyMemory<byte> frame)
        {
            if (_connection is { } connection && connection.TrySend(connection.Both[0], frame))
                return true;
            if (_isConnecting || _isOver)
                return false;
            _isConnecting = true;
            network.Connect(owner, endpoint, this, made =>
            {
                (_connection, _isConnecting) = (made, false);
                if (_isOver)
                    End();
            });
            return false;
        }

        public void End()
        {
            _isOver = true;
            if (_connection is { IsUp: true } connection)
                network.Break(connection, TimeSpan.Zero);
        }
    }
}
