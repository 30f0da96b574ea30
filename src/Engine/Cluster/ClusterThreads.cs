using Amoe.Engine.Actors;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Cluster;

/// <summary>What runs a node's work, each sort apart from the others so that none waits behind another. Under a seed all are the same one.</summary>
/// <param name="Decide">Decides turns.</param>
/// <param name="Commit">Commits them.</param>
/// <param name="Member">Keeps the lease.</param>
/// <param name="Recover">Recovers shards.</param>
/// <param name="Forward">Forwards commands and replies.</param>
/// <param name="Post">Carries what crosses shards from host to host.</param>
internal sealed record ClusterThreads(IDispatcher Decide, IDispatcher Commit, IDispatcher Member, IDispatcher Recover, IDispatcher Forward, IDispatcher Post)
{
    public static ClusterThreads Start(IWritableJournal journal, EngineOptions options, ClusterOptions cluster) => new(
        new ThreadDispatcher("decide", options.Threads), new ThreadDispatcher("commit", journal.AppendersMax), new ThreadDispatcher("member", 1),
        new ThreadDispatcher("recover", cluster.RecoveryThreads), new ThreadDispatcher("forward", 1), new ThreadDispatcher("post", 1));

    /// <summary>Ends those that are not the runtime's own.</summary>
    public void End()
    {
        foreach (var dispatcher in new[] { Member, Recover, Forward, Post })
            (dispatcher as IDisposable)?.Dispose();
    }
}
