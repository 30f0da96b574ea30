using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>One run of a simulated cluster under its seed: hosts, clients, a store and a network, some seconds of faults, then calm, in which everything has to be done.</summary>
internal sealed class ClusterRun
{
    private const int Shards = 6;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CalmMax = TimeSpan.FromSeconds(60);
    private static readonly AmoeLogic Logic = new(Rulebook.Embedded);

    private readonly World _world;
    private readonly Weather _weather;
    private readonly SimulatedStore _store;
    private readonly Witness _witness;
    private readonly List<SimulatedClient> _clients = [];
    private readonly Dice _dice;

    public ClusterRun(ulong seed)
    {
        _world = new World(seed);
        _dice = _world.Dice(1);
        _weather = new Weather(_world.Dice(2));
        _witness = new Witness(_world, Logic, Shards);
        var identity = new JournalIdentity(JournalIdentity.CurrentFormatVersion, Shards, Rulebook.Embedded.Text, "faults", seed, 0);
        _store = new SimulatedStore(identity, new WorldTime(_world), Lease) { Accepted = _witness.Accepted, Joined = _witness.Joined };
        (_store.Ownership.Taken, _store.Ownership.Released) = (_witness.Taken, (_, shard) => _witness.Released(shard));
    }

    public World World => _world;

    public Weather Weather => _weather;

    public Witness Witness => _witness;

    /// <summary>What must never happen and did; null when all went well.</summary>
    public string? Play()
    {
        var runtime = Begin();
        while (_world.Advance())
        {
            if (_witness.Broken is not null)
                return _witness.Broken;
            if (_world.Now >= _weather.Lasts)
                _weather.IsCalm = true;
            if (_clients.TrueForAll(client => client.IsDone))
                break;
            if (_world.Now > _weather.Lasts + CalmMax)
                return $"everything is done once faults cease: {_clients.Sum(client => client.Left)} commands are not, after {CalmMax.TotalSeconds} s of calm";
        }

        if (!_clients.TrueForAll(client => client.IsDone))
            return "everything is done once faults cease: nothing is left to happen, and commands wait";
        _witness.Finish();
        _ = runtime;
        return _witness.Broken ?? Settled();
    }

    private AmoeRuntime Begin()
    {
        var process = new SimulatedProcess(_world, "host1", 1);
        var connection = _store.Connect(process.Name, Fate);
        var options = new EngineOptions { Threads = 1, MailboxMessagesMax = 16, TurnMessagesMax = 1 + _dice.Below(20), SnapshotEveryBytes = 4_096, CommitTurnsMin = 4 };
        _store.Ownership.Take(_store.Connect(process.Name).Join("http://host1", 1), [.. Enumerable.Range(0, Shards)]);
        var deciders = process.Dispatcher(StepKind.Work, _weather.WorkDelay);
        var commits = process.Dispatcher(StepKind.Commit, _weather.CommitDelay);
        _weather.IsCalm = true;
        var runtime = AmoeRuntime.Start(connection, connection, Logic, options, process.Clock, deciders, commits, [.. Enumerable.Range(0, Shards).Select(shard => new Amoe.Engine.Cluster.ShardEpoch(shard, 1))]);
        _weather.IsCalm = false;
        const int Students = 14;
        var clients = 1 + _dice.Below(3);
        foreach (var lives in Errands.Of(_world.Dice(3), Students).GroupBy(life => (int)(life.Key.Value % (ulong)clients)))
        {
            var client = new SimulatedProcess(_world, $"client{lives.Key + 1}", 100 + lives.Key);
            _clients.Add(new SimulatedClient(client, runtime, _witness, _world.Dice(100 + (ulong)lives.Key), Today, lives.SelectMany(life => life), Students));
        }

        return runtime;
    }

    private DateOnly Today()
    {
        var days = Errands.LastDay.DayNumber - Errands.FirstDay.DayNumber;
        return Errands.FirstDay.AddDays((int)Math.Min(days, _world.Now.Ticks * days / _weather.Lasts.Ticks));
    }

    private CallFate Fate(StoreCall call)
    {
        if (_weather.Happens(Fault.StoreCallFailed))
            return CallFate.Failed;
        return _weather.Happens(Fault.StoreReplyLost) ? CallFate.ReplyLost : CallFate.Done;
    }

    private string? Settled()
    {
        var audit = JournalAudit.Run(_store.Log, Logic, threads: 1, shardDone: null, CancellationToken.None);
        if (audit.Problems.Count > 0)
            return $"the journal adds up: {audit.Problems[0]}";
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
