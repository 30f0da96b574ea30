using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// A few hosts that forward to each other and a client, over a network that loses, doubles and reorders, in one thread under a seed. Who owns what is moved by
/// the test: the member's part is not in it.
/// </summary>
internal sealed class ForwardWorld
{
    public const int Shards = 5;

    private static readonly string[] Names = ["http://a", "http://b", "http://c"];

    private readonly VirtualTime _time = new();
    private readonly SeededDispatcher _dispatcher;
    private readonly List<SeededDispatcher> _dispatchers;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedStore _store;
    private readonly Dice _dice;
    private readonly int _faults;
    private readonly int _partyShards;
    private readonly List<Host> _hosts = [];

    /// <param name="faultsPercent">How often a frame meets with something, and how often anything else happens between two steps.</param>
    public ForwardWorld(ulong seed, int faultsPercent, int partyShards = 0, ForwardOptions? options = null)
    {
        (_faults, _partyShards) = (faultsPercent, partyShards);
        _dice = new Dice(Mixing.Mix(seed, 1));
        _dispatcher = new SeededDispatcher(Mixing.Mix(seed, 2));
        _dispatchers = [_dispatcher];
        _network = new SimulatedNetwork((_, delay, action) => _time.After(delay, action), () => _time.Elapsed, Travel);
        _store = new SimulatedStore(
            new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.EmbeddedText, "tests", 0, 0, partyShards), _time, TimeSpan.FromDays(1_000));
        options ??= new ForwardOptions { Deadline = TimeSpan.FromHours(10) };
        for (var i = 0; i < Names.Length; i++)
            _hosts.Add(new Host(this, Names[i], (ulong)i, options));
        Client = new ClusterClient(Names, Shards, partyShards, 99, options, _time, _dispatcher);
        Client.Start(_network.Join("client", Client));
        for (var shard = 0; shard < Shards + partyShards; shard++)
            _hosts[shard % _hosts.Count].Open(shard);
        Announce();
    }

    public ClusterClient Client { get; }

    public ICommandTarget AnyHost => _hosts[0].Forwarder;

    /// <summary>Frames that were lost, and links that broke.</summary>
    public int Losses { get; private set; }

    public int Moves { get; private set; }

    /// <summary>How often somebody tried for a connection.</summary>
    public int Attempts => _network.Attempts;

    public IJournal Journal => _store.Log;

    public TimeSpan Elapsed => _time.Elapsed;

    /// <summary>Nothing can be committed.</summary>
    public bool IsStoreBroken { get; set; }

    /// <summary>Nobody serves anything any more.</summary>
    public void CloseAll()
    {
        foreach (var host in _hosts)
        {
            host.Runtime.Closed = closed => _store.Ownership.Release(host.Id, [closed]);
            for (var shard = 0; shard < Shards + _partyShards; shard++)
                host.Runtime.Close(shard);
        }
    }

    /// <summary>A frame comes to a host from nowhere.</summary>
    public void Deliver(ILink from, byte[] frame) => _hosts[0].Forwarder.OnFrame(from, frame);

    /// <summary>A host ends without a word, and the others have what it had. Who had a link to it hears that it is down.</summary>
    public void Kill(int number)
    {
        var dead = _hosts[number];
        _hosts.RemoveAt(number);
        _dispatchers.Remove(dead.Dispatcher);
        _network.Leave(Names[number], TimeSpan.Zero);
        foreach (var shard in dead.Runtime.Shards)
        {
            _store.Ownership.Release(dead.Id, [shard.Owned]);
            _hosts[shard.Index % _hosts.Count].Open(shard.Index);
        }

        _store.Ownership.Leave(dead.Id);
        Announce();
    }

    /// <summary>Goes on until something is so.</summary>
    public void RunUntil(Func<bool> isSo)
    {
        for (var steps = 0; !isSo(); steps++)
        {
            Assert.True(steps < 5_000_000, "it never comes to an end");
            Step();
        }
    }

    public void Step()
    {
        if (_faults > 0 && _dice.Below(1_000) < _faults)
            Trouble();
        var first = _dice.Below(_dispatchers.Count);
        for (var i = 0; i < _dispatchers.Count; i++)
        {
            if (_dispatchers[(first + i) % _dispatchers.Count].RunOne())
                return;
        }

        Assert.True(_time.RunNext(), "nothing is left to happen");
    }

    /// <summary>A shard goes from one host to another, in order.</summary>
    public void Move(int shard)
    {
        if (_hosts.Find(host => host.Runtime.Serves(shard)) is not { } owner)
            return;
        Moves++;
        var next = _hosts[_dice.Below(_hosts.Count)];
        owner.Runtime.Closed = closed =>
        {
            _store.Ownership.Release(owner.Id, [closed]);
            var heir = next == owner ? _hosts[(_hosts.IndexOf(owner) + 1) % _hosts.Count] : next;
            _time.After(TimeSpan.FromMilliseconds(_dice.Below(300)), () => heir.Open(closed.Shard));
            Announce();
        };
        owner.Runtime.Close(shard);
    }

    private void Trouble()
    {
        switch (_dice.Below(4))
        {
            case 0:
                Move(_dice.Below(Shards + _partyShards));
                break;
            case 1 when _network.Connections.Count > 0:
                Losses++;
                _network.Break(_network.Connections[_dice.Below(_network.Connections.Count)], TimeSpan.FromMilliseconds(_dice.Below(2_000)));
                break;
            case 2:
                _hosts[_dice.Below(_hosts.Count)].NextCommit = _dice.Of(CallFate.Failed, CallFate.ReplyLost);
                break;
            default:
                Announce();
                break;
        }
    }

    /// <summary>Every host comes to see who has what, each in its own time.</summary>
    private void Announce()
    {
        foreach (var host in _hosts)
            _time.After(TimeSpan.FromMilliseconds(_dice.Below(400)), () => host.Forwarder.OnView(host.Id, _store.Ownership.Look()));
    }

    private FrameFate Travel(string from, string to)
    {
        var delay = TimeSpan.FromMicroseconds(100 + _dice.Below(_faults > 0 ? 20_000 : 400));
        if (_faults == 0 || !_dice.Chance(_faults))
            return new FrameFate([delay]);
        switch (_dice.Below(3))
        {
            case 0:
                Losses++;
                return new FrameFate([]);
            case 1:
                return new FrameFate([delay, delay * _dice.Below(200)], MayOvertake: true);
            default:
                return new FrameFate([delay * _dice.Below(300)], MayOvertake: true);
        }
    }

    /// <summary>One process of the cluster.</summary>
    private sealed class Host
    {
        private readonly ForwardWorld _world;

        public Host(ForwardWorld world, string endpoint, ulong source, ForwardOptions options)
        {
            _world = world;
            var connection = world._store.Connect(endpoint, Fate);
            Id = world._store.Ownership.Join(endpoint, EventCodec.Version);
            var engine = new EngineOptions { Threads = 1, MailboxMessagesMax = 64, TurnMessagesMax = 16, SnapshotEveryBytes = 4_096 };
            Dispatcher = new SeededDispatcher(source);
            world._dispatchers.Add(Dispatcher);
            Runtime = AmoeRuntime.StartEmpty(connection, connection, new AmoeLogic(Rulebook.Embedded), engine, world._time, Dispatcher, Dispatcher);
            Forwarder = new Forwarder(Runtime, source, options, world._time, world._dispatcher, Dispatcher);
            Forwarder.Start(world._network.Join(endpoint, Forwarder));
        }

        public HostId Id { get; }

        public SeededDispatcher Dispatcher { get; }

        public AmoeRuntime Runtime { get; }

        public Forwarder Forwarder { get; }

        /// <summary>What becomes of the next commit.</summary>
        public CallFate NextCommit { get; set; } = CallFate.Done;

        public void Open(int shard)
        {
            foreach (var taken in _world._store.Ownership.Take(Id, [shard]))
                Runtime.Open(taken);
            _world.Announce();
        }

        private CallFate Fate(StoreCall call)
        {
            if (call != StoreCall.Append)
                return CallFate.Done;
            if (_world.IsStoreBroken)
                return CallFate.Failed;
            var fate = NextCommit;
            NextCommit = CallFate.Done;
            return fate;
        }
    }
}
