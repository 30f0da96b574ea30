using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Cluster;

/// <summary>What a node is made of.</summary>
/// <param name="Snapshots">Where snapshots are kept; null to keep none.</param>
/// <param name="Endpoint">Where this host takes commands, for the others.</param>
/// <param name="Log">Told, in one line each, of what a person who watches would want to know.</param>
internal sealed record ClusterSetup(
    IWritableJournal Journal, ISnapshotStore? Snapshots, IOwnershipStore Ownership, IActorLogic Logic, string Endpoint, TimeProvider Time, Action<string> Log)
{
    public EngineOptions Engine { get; init; } = new();

    public ClusterOptions Cluster { get; init; } = new();

    public ForwardOptions Forward { get; init; } = new();

    /// <summary>The newest version of events the host reads, and the one it writes.</summary>
    public int Format { get; init; } = EventCodec.Version;

    /// <summary>Tells this process from all others that ever speak to the cluster, a later life of itself too: drawn once when it starts.</summary>
    public ulong Source { get; init; }

    /// <summary>Opens links that tell a listener what comes; null where it has none to others: what is for their shards is given up in time.</summary>
    public Func<ILinkListener, ILinks>? Links { get; init; }
}

/// <summary>One host of several on one journal: a runtime with the shards that are this host's now, and a forwarder that sends what is for the others' to them.</summary>
internal sealed class ClusterNode : IActorRuntime
{
    private readonly ClusterThreads _threads;
    private int _hasEnded;

    private ClusterNode(ClusterSetup setup, ClusterThreads threads)
    {
        _threads = threads;
        Runtime = AmoeRuntime.StartEmpty(setup.Journal, setup.Snapshots, setup.Logic, setup.Engine, setup.Time, threads.Decide, threads.Commit);
        Member = new ClusterMember(Runtime, setup.Ownership, setup.Cluster, setup.Endpoint, setup.Format, setup.Time, threads.Member, threads.Recover, setup.Log);
        Forwarder = new Forwarder(Runtime, setup.Source, setup.Forward, setup.Time, threads.Forward, threads.Post);
        Member.Changed = Show;
        Forwarder.Start(setup.Links?.Invoke(Forwarder));
        Member.Start();
    }

    public int ShardCount => Runtime.ShardCount;

    public int PartyShardCount => Runtime.PartyShardCount;

    /// <summary>The shards that are open here.</summary>
    public AmoeRuntime Runtime { get; }

    /// <summary>Who has what, and what of it is this host's.</summary>
    public ClusterMember Member { get; }

    /// <summary>Takes commands for any shard, and what comes over links.</summary>
    public Forwarder Forwarder { get; }

    /// <summary>Joins, and takes shards from then on.</summary>
    public static ClusterNode Start(ClusterSetup setup) => Start(setup, ClusterThreads.Start(setup.Journal, setup.Engine, setup.Cluster));

    /// <summary>On given dispatchers: several nodes in one thread under a seed.</summary>
    public static ClusterNode Start(ClusterSetup setup, ClusterThreads threads) => new(setup, threads);

    public bool TryPost(Command command, IReplyTo replyTo) => Forwarder.TryPost(command, replyTo);

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => Forwarder.TryPostDay(shard, mark, day, replyTo);

    /// <summary>What this host's shards hold.</summary>
    public RuntimeState Inspect() => Runtime.Inspect();

    /// <summary>Hands the shards over in order, leaves, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        await _threads.Member.Await(Member.StopAsync());
        Member.Dispose();
        Forwarder.Dispose();
        await Runtime.DisposeAsync();
        _threads.End();
    }

    private void Show()
    {
        if (Member.View is { } view)
            Forwarder.OnView(Member.Me, view);
    }
}
