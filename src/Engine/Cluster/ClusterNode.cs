using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Cluster;

/// <summary>What a node is made of.</summary>
/// <param name="Snapshots">Where snapshots are kept; null to keep none.</param>
/// <param name="Endpoint">Where this host takes commands, for the others.</param>
/// <param name="Log">Told, in one line each, of what a person who watches would want to know.</param>
internal sealed record ClusterSetup(
    IJournal Journal, ISnapshotStore? Snapshots, IOwnershipStore Ownership, IActorLogic Logic, string Endpoint, TimeProvider Time, Action<string> Log)
{
    public EngineOptions Engine { get; init; } = new();

    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>The newest version of events the host reads, and the one it writes.</summary>
    public int Format { get; init; } = EventCodec.Version;
}

/// <summary>One host of several on one journal: a runtime with the shards that are this host's now.</summary>
internal sealed class ClusterNode : IActorRuntime
{
    private readonly ClusterThreads _threads;
    private int _hasEnded;

    private ClusterNode(ClusterSetup setup, ClusterThreads threads)
    {
        _threads = threads;
        Runtime = AmoeRuntime.StartEmpty(setup.Journal, setup.Snapshots, setup.Logic, setup.Engine, setup.Time, threads.Decide, threads.Commit);
        Member = new ClusterMember(Runtime, setup.Ownership, setup.Cluster, setup.Endpoint, setup.Format, setup.Time, threads.Member, threads.Recover, setup.Log);
        Member.Start();
    }

    public int ShardCount => Runtime.ShardCount;

    public int PartyShardCount => Runtime.PartyShardCount;

    /// <summary>The shards that are open here.</summary>
    public AmoeRuntime Runtime { get; }

    /// <summary>Who has what, and what of it is this host's.</summary>
    public ClusterMember Member { get; }

    /// <summary>Joins, and takes shards from then on.</summary>
    public static ClusterNode Start(ClusterSetup setup) => Start(setup, ClusterThreads.Start(setup.Journal, setup.Engine, setup.Cluster));

    /// <summary>On given dispatchers: several nodes in one thread under a seed.</summary>
    public static ClusterNode Start(ClusterSetup setup, ClusterThreads threads) => new(setup, threads);

    public bool TryPost(Command command, IReplyTo replyTo) => Runtime.TryPost(command, replyTo);

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => Runtime.TryPostDay(shard, mark, day, replyTo);

    /// <summary>What this host's shards hold.</summary>
    public RuntimeState Inspect() => Runtime.Inspect();

    /// <summary>Hands the shards over in order, leaves, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        await _threads.Member.Await(Member.StopAsync());
        Member.Dispose();
        await Runtime.DisposeAsync();
        _threads.End();
    }
}
