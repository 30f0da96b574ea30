using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>One run of a simulated cluster under its seed: hosts, clients, a store and a network, some seconds of faults, then calm, in which everything has to be done.</summary>
internal sealed class ClusterRun
{
    private const int Shards = 5;
    private const int PartyShards = 2;
    private const int Students = 10;
    private static readonly TimeSpan CalmMax = TimeSpan.FromSeconds(60);
    private static readonly AmoeLogic Logic = new(Rulebook.Embedded);

    private readonly World _world;
    private readonly Defect _defect;
    private readonly Weather _weather;
    private readonly SimulatedStore _store;
    private readonly SimulatedHosts _hosts;
    private readonly Injector _injector;
    private readonly Witness _witness;
    private readonly List<SimulatedClient> _clients = [];
    private readonly Dictionary<string, SimulatedProcess> _clientProcesses = [];
    private readonly IBusinessDays _days;
    private readonly SimulatedReader _reader;
    private readonly int _parties;
    private TimeSpan? _settledAt;

    /// <param name="defect">What is wrong on purpose.</param>
    /// <param name="only">The faults there are; null where they are drawn.</param>
    public ClusterRun(ulong seed, Defect defect = Defect.None, IReadOnlyList<Fault>? only = null)
    {
        (_world, _defect) = (new World(seed), defect);
        var dice = _world.Dice(1);
        _weather = new Weather(_world.Dice(2), Tally, only);
        // Every third has ledgers.
        _parties = seed % 3 == 0 ? PartyShards : 0;
        _witness = new Witness(_world, Tally, Logic, Shards) { HasLedgers = _parties > 0 };
        var engine = new EngineOptions { Threads = 1, MailboxMessagesMax = 16, TurnMessagesMax = 1 + dice.Below(20), SnapshotEveryBytes = dice.Of(1_024, 16_384), CommitTurnsMin = 4 };
        var cluster = new ClusterOptions { HandOverMax = 1 + dice.Below(3), RecoveriesMax = 1 + dice.Below(6), RecoveryThreads = 1, LookSoonEvery = TimeSpan.FromMilliseconds(100) };
        var identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.Embedded.Text, "faults", seed, 0, _parties);
        _store = new SimulatedStore(identity, new WorldTime(_world), cluster.Lease, defect) { Tally = Tally, Accepted = _witness.Accepted, Joined = _witness.Joined };
        (_store.Ownership.Taken, _store.Ownership.Released) = (_witness.Taken, (_, shard) => _witness.Released(shard));
        var troubles = new Troubles(_world, _weather);
        var forward = new ForwardOptions
        {
            LaneItemsMax = dice.Of(4, 40, 1_000),
            LaneWindow = dice.Of(1, 4, 20, 500),
            LaneWindowAfterBreak = 1 + dice.Below(4),
            FrameBytes = dice.Of(100, 1_000, 20_000),
            Deadline = TimeSpan.FromSeconds(dice.Of(2, 8, 30)),
            TickEvery = TimeSpan.FromMilliseconds(50),
            ProbeAfter = TimeSpan.FromMilliseconds(dice.Of(200, 500)),
            SilenceMax = TimeSpan.FromSeconds(dice.Of(1, 2, 10)),
        };
        _hosts = new SimulatedHosts(_world, _weather, _store, troubles, Logic, engine, cluster, forward);
        var network = _hosts.Network = new SimulatedNetwork(
            After, () => _world.Now, (from, to) => troubles.IsCut(from, to) ? new FrameFate([]) : _weather.Travel());
        string[] endpoints = [.. Enumerable.Range(1, 2 + dice.Below(3)).Select(i => $"http://host{i}")];
        _injector = new Injector(_world, _weather, Tally, troubles, _hosts, network, [.. endpoints, "client0", "client1", "client2", "client3"])
        {
            // Each shard that a client sends to at such a place first costs it the silence that it bears.
            MayStayAway = forward.SilenceMax <= TimeSpan.FromSeconds(2),
        };
        foreach (var endpoint in endpoints)
            _hosts.Start(endpoint);
        StartClients(1 + dice.Below(3), forward, network, endpoints);
        _reader = StartReader(forward, network, endpoints);
        _days = _parties > 0 ? new DayByDay(_world, _weather, _clients, Shards, _parties) : new FreeDays(_world, _weather, _clients, Shards);
    }

    public World World => _world;

    public Tally Tally { get; } = new();

    /// <summary>Looks on from the beginning.</summary>
    public ServiceWatch Watch() => new(_world, _hosts, Shards + _parties);

    /// <summary>What must never happen and did; null when all went well.</summary>
    public string? Play()
    {
        while (_world.Advance())
        {
            if (_witness.Broken is not null)
                return _witness.Broken;
            if (_hosts.Reap() is { } left)
                _injector.Left(left);
            _weather.IsCalm = _world.Now >= _weather.Lasts;
            if (_weather.IsCalm && IsSettled())
                return Check();

            if (_world.Now > _weather.Lasts + CalmMax)
                return $"everything is served and done once faults cease: after {CalmMax.TotalSeconds} s it is {_days}; {(_hosts.ServeAll() ? "all shards are served" : "not every shard is served")}";
        }

        return "everything is served and done once faults cease: nothing is left to happen";
    }

    private void StartClients(int count, ForwardOptions forward, SimulatedNetwork network, string[] endpoints)
    {
        var promptness = new Promptness(_world, _witness, IsWell, (endpoints.Length * forward.SilenceMax) + TimeSpan.FromSeconds(5));
        foreach (var lives in Errands.Of(_world.Dice(3), Students).GroupBy(life => (int)(life.Key.Value % (ulong)count)))
        {
            var process = NewProcess(lives.Key + 1);
            ICommandTarget target = NewClient(process, forward, network, endpoints);
            if (_defect != Defect.None)
                target = new FaultyTarget(target, process, _defect);
            _clients.Add(new SimulatedClient(process, target, _witness, promptness, _world.Dice((ulong)process.Number), () => _days!.Today, lives.SelectMany(life => life), Students));
        }
    }

    private SimulatedReader StartReader(ForwardOptions forward, SimulatedNetwork network, string[] endpoints)
    {
        // Patient: what a host that was frozen has to say when it goes on, it hears.
        forward = forward with { LaneItemsMax = 1_000, LaneWindow = 500, SilenceMax = TimeSpan.FromSeconds(20), Deadline = TimeSpan.FromSeconds(30) };
        var process = NewProcess(0);
        return new SimulatedReader(process, NewClient(process, forward, network, endpoints), _witness, _world.Dice((ulong)process.Number), () => _days.Today, Students, () => !_weather.IsCalm);
    }

    private SimulatedProcess NewProcess(int number)
    {
        var process = new SimulatedProcess(_world, $"client{number}", 100 + number);
        return _clientProcesses[process.Name] = process;
    }

    private ClusterClient NewClient(SimulatedProcess process, ForwardOptions forward, SimulatedNetwork network, string[] endpoints) => process.Run(() =>
    {
        // In another order for each client: they come in at different hosts.
        var first = process.Number % endpoints.Length;
        var client = new ClusterClient(
            [.. endpoints.Skip(first), .. endpoints.Take(first)], Shards, _parties, (ulong)process.Number, forward, process.Clock,
            process.Dispatcher(StepKind.Work, () => TimeSpan.FromMicroseconds(20)));
        client.Start(network.Join(process.Name, client));
        return client;
    });

    private void After(string process, TimeSpan delay, Action action)
    {
        if ((_hosts.At(process) ?? _clientProcesses.GetValueOrDefault(process)) is { } there)
            there.After(delay, StepKind.Frame, 0, action);
    }

    /// <summary>For a while, so that nothing is in flight.</summary>
    private bool IsSettled()
    {
        if (!_days.AreOver() || !_clients.TrueForAll(client => client.IsDone) || !_reader.IsDone || !IsWell())
            _settledAt = null;
        else
            _settledAt ??= _world.Now;
        return _settledAt is { } since && _world.Now > since + TimeSpan.FromSeconds(1);
    }

    private bool IsWell() => _weather.IsCalm && _hosts.ServeAll() && _hosts.Alive.All(host => !host.Process.IsFrozen && host.Leaving is null);

    private string? Check()
    {
        _witness.Finish();
        if (_witness.Broken is not null)
            return _witness.Broken;
        var storage = new ShardStorage(_store.Log, snapshots: null);
        foreach (var shard in _hosts.Alive.SelectMany(host => host.Node.Runtime.Shards))
        {
            var (replayed, _) = storage.Recover(shard.Index, Logic);
            if ((replayed.Offset, replayed.Digest, replayed.Day) != (shard.State.Offset, shard.State.Digest, shard.State.Day))
                return $"what is served is what the journal says: shard {shard.Index} has {shard.State.Offset} records and digest {shard.State.Digest:x16}; replayed {replayed.Offset} and {replayed.Digest:x16}";
        }

        var audit = JournalAudit.Run(_store.Log, Logic, threads: 1, shardDone: null, CancellationToken.None);
        if (audit.Problems.Count > 0)
            return $"the journal adds up: {audit.Problems[0]}";
        if (audit.Accounts.NotYetBooked != default || audit.Accounts.Ledgers.SetOffInTransitCentimes != 0)
            return $"what crosses shards arrives: not yet booked is {audit.Accounts.NotYetBooked}, to the claims {audit.Accounts.Ledgers.SetOffInTransitCentimes}";
        var without = FaultFree.Digest(_store.Log, _witness, Logic);
        return without == audit.Digest ? null : $"faults change no decision: the digest is {audit.Digest:x16}; without faults it is {without:x16}";
    }
}

/// <summary>The store's clock: the world's time.</summary>
internal sealed class WorldTime(World world) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => world.Now.Ticks;
}
