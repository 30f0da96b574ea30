using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Some nodes on one store, each on a dispatcher of its own so that one of them can be frozen, in a time that passes only when nobody has anything to do.</summary>
internal sealed class LittleCluster
{
    public const int StudentShards = 12;
    public const int PartyShards = 4;
    private readonly List<Host> _hosts = [];
    private readonly ulong _seed;

    public LittleCluster(ulong seed = 1, ClusterOptions? options = null)
    {
        (_seed, Options) = (seed, options ?? new ClusterOptions());
        var identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, StudentShards, Rulebook.EmbeddedText, "tests", 0, 0, PartyShards);
        Store = new SimulatedStore(identity, Time, Options.Lease);
    }

    public ClusterOptions Options { get; }

    public VirtualTime Time { get; } = new();

    public SimulatedStore Store { get; }

    public IEnumerable<Host> Alive => _hosts.Where(host => !host.IsGone);

    /// <summary>A host that joins.</summary>
    public Host Start(int format = 1)
    {
        var host = new Host(this, _hosts.Count + 1, _seed, format);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Lets everybody work, and time pass, until a condition holds. How long that took.</summary>
    public TimeSpan Until(Func<bool> condition, TimeSpan within, string what)
    {
        var begun = Time.Elapsed;
        while (true)
        {
            Work();
            if (condition())
                return Time.Elapsed - begun;
            Assert.True(Time.Elapsed - begun <= within, $"not within {within}: {what}\n{string.Join('\n', _hosts.SelectMany(host => host.Log))}");
            Assert.True(Time.RunNext(), $"nobody has anything to do any more, and not: {what}");
        }
    }

    public void Pass(TimeSpan time)
    {
        var until = Time.Elapsed + time;
        for (Work(); Time.NextDue is { } due && due <= until; Work())
            Time.RunNext();
        Time.Advance(until - Time.Elapsed);
    }

    /// <summary>Every shard is served by one host, and no host has two more than another.</summary>
    public bool IsEvenlyServed() => IsServed() && Alive.Max(host => host.Served) - Alive.Min(host => host.Served) <= 1;

    public bool IsServed() => Enumerable.Range(0, StudentShards + PartyShards).All(shard => Alive.Count(host => host.Node.Runtime.Serves(shard)) == 1);

    private void Work()
    {
        while (_hosts.Any(host => !host.IsFrozen && host.RunOne()))
        {
        }
    }

    /// <summary>A node, with what may become of its process.</summary>
    internal sealed class Host
    {
        private readonly SeededDispatcher _dispatcher;

        public Host(LittleCluster cluster, int number, ulong seed, int format)
        {
            _dispatcher = new SeededDispatcher(Mixing.Mix(seed, (ulong)number));
            var connection = cluster.Store.Connect($"host {number}", call => Fate(call));
            var setup = new ClusterSetup(
                connection, connection, connection, new AmoeLogic(Rulebook.Embedded), $"http://host{number}", cluster.Time, line => Log.Add($"{cluster.Time.Elapsed} host {number}: {line}"))
            {
                Cluster = cluster.Options,
                Engine = new EngineOptions { Threads = 1 },
                Format = format,
            };
            Node = ClusterNode.Start(setup, new ClusterThreads(_dispatcher, _dispatcher, _dispatcher, _dispatcher, _dispatcher, _dispatcher));
        }

        public ClusterNode Node { get; }

        public List<string> Log { get; } = [];

        /// <summary>What becomes of its calls to the store.</summary>
        public Func<StoreCall, CallFate> Fate { get; set; } = _ => CallFate.Done;

        /// <summary>Stopped as by a signal: it does nothing until it goes on.</summary>
        public bool IsFrozen { get; set; }

        /// <summary>Frozen for ever, or ended in order.</summary>
        public bool IsGone { get; private set; }

        public int Served => Enumerable.Range(0, StudentShards + PartyShards).Count(Node.Runtime.Serves);

        public int PartiesServed => Enumerable.Range(StudentShards, PartyShards).Count(Node.Runtime.Serves);

        public void Kill() => IsFrozen = IsGone = true;

        /// <summary>Told to stop; it works until it has.</summary>
        public Task Stop()
        {
            IsGone = true;
            return Node.Member.StopAsync();
        }

        public bool RunOne() => _dispatcher.RunOne();
    }
}
