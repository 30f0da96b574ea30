using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>A host of the simulated cluster, in one of its lives.</summary>
internal sealed record SimulatedHost(SimulatedProcess Process, string Endpoint, ClusterNode Node)
{
    /// <summary>It was told to end in order.</summary>
    public Task? Leaving { get; set; }
}

/// <summary>The hosts there are: each is a whole node of the product on its own threads, clock and connection to the store.</summary>
internal sealed class SimulatedHosts(
    World world, Weather weather, SimulatedStore store, Troubles troubles, IActorLogic logic, EngineOptions engine, ClusterOptions cluster,
    ForwardOptions forward)
{
    private readonly List<SimulatedHost> _alive = [];
    private readonly Dictionary<string, SimulatedProcess> _processes = [];
    private readonly Dice _dice = world.Dice(4);
    private int _lives;

    /// <summary>In the order in which they began; frozen ones too.</summary>
    public IReadOnlyList<SimulatedHost> Alive => _alive;

    /// <summary>Set before the first begins.</summary>
    public SimulatedNetwork Network { get; set; } = null!;

    public void Start(string endpoint)
    {
        var process = new SimulatedProcess(world, $"host{++_lives}", _lives) { Clock = { FastThousandths = _dice.Below(61) - 30 } };
        var connection = store.Connect(process.Name, call => troubles.Fate(process, call), action => world.After(weather.LateBy(), null, StepKind.Store, 0, action));
        var commit = process.Dispatcher(StepKind.Commit, weather.CommitDelay);
        var member = process.Dispatcher(StepKind.Member, () => weather.CallDelay() + (process.IsWaking ? weather.Reconnecting() : default));
        var work = process.Dispatcher(StepKind.Work, weather.WorkDelay);
        var recover = process.Dispatcher(StepKind.Recover, weather.CallDelay);
        var forwarding = process.Dispatcher(StepKind.Work, weather.WorkDelay);
        var post = process.Dispatcher(StepKind.Post, weather.CallDelay);
        var threads = new ClusterThreads(Decide: work, Commit: commit, Member: member, Recover: recover, Forward: forwarding, Post: post);
        _processes[endpoint] = process;
        var setup = new ClusterSetup(connection, connection, connection, logic, endpoint, process.Clock, line => world.Note(process, StepKind.Log, 0, line))
        {
            Engine = engine,
            Cluster = cluster,
            Forward = forward,
            Source = (ulong)process.Number,
            Links = listener => Network.Join(endpoint, listener),
        };
        _alive.Add(new SimulatedHost(process, endpoint, process.Run(() => ClusterNode.Start(setup, threads))));
    }

    /// <summary>The last process at an endpoint.</summary>
    public SimulatedProcess? At(string endpoint) => _processes.GetValueOrDefault(endpoint);

    public void Kill(SimulatedHost host)
    {
        host.Process.Kill();
        _alive.Remove(host);
    }

    /// <summary>Tells a host to hand everything over and end.</summary>
    public void Stop(SimulatedHost host) => host.Process.Run(() => host.Leaving = host.Node.Member.StopAsync());

    /// <summary>Processes whose hosts have left are no more.</summary>
    public SimulatedHost? Reap()
    {
        var left = _alive.Find(host => host.Leaving is { IsCompleted: true });
        if (left is not null)
            Kill(left);
        return left;
    }

    /// <summary>Every shard is served by its owner, and by nobody else.</summary>
    public bool ServeAll() => Enumerable.Range(0, store.Log.Identity.TotalShards).All(shard => Serve(shard) && _alive.Count(host => host.Node.Runtime.Serves(shard)) == 1);

    /// <summary>A shard is served by its owner.</summary>
    public bool Serve(int shard)
    {
        var entry = store.Ownership.Shard(shard);
        foreach (var host in _alive)
        {
            if (!host.Process.IsFrozen && host.Node.Runtime.Find(shard)?.Epoch == entry.Epoch && host.Node.Member.Me == entry.Owner)
                return true;
        }

        return false;
    }
}
