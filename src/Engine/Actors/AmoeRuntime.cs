using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;

namespace Amoe.Engine.Actors;

/// <summary>
/// The default runtime: actors on shards in this process, one journal. Recovers on start; ends by letting what is in flight become durable.
/// </summary>
public sealed class AmoeRuntime : IActorRuntime
{
    // Student shards, then party shards.
    private readonly Shard[] _shards;
    private readonly IDispatcher _deciders;
    private readonly IDispatcher _commits;
    private int _hasEnded;

    private AmoeRuntime(JournalIdentity identity, Shard[] shards, Committer committer, IDispatcher deciders, IDispatcher commits)
    {
        (ShardCount, PartyShardCount) = (identity.ShardCount, identity.PartyShardCount);
        _shards = shards;
        Committer = committer;
        _deciders = deciders;
        _commits = commits;
    }

    public int ShardCount { get; }

    public int PartyShardCount { get; }

    internal Committer Committer { get; }

    internal IReadOnlyList<Shard> Shards => _shards;

    /// <summary>Recovers every shard from its snapshot and journal, and starts.</summary>
    /// <param name="snapshots">Where snapshots are kept; null to keep none.</param>
    /// <exception cref="JournalException">The journal is torn, corrupt or has a gap, by shard and offset.</exception>
    public static AmoeRuntime Start(IJournal journal, ISnapshotStore? snapshots, EngineOptions options, TimeProvider time) =>
        Start(journal, snapshots, new AmoeLogic(JournalRulebooks.Current(journal)), options, time);

    internal static AmoeRuntime Start(IJournal journal, ISnapshotStore? snapshots, IActorLogic logic, EngineOptions options, TimeProvider time)
    {
        var deciders = new ThreadDispatcher("decide", options.Validated().Threads);
        var commits = new ThreadDispatcher("commit", 1);
        return Start(journal, snapshots, logic, options, time, deciders, commits);
    }

    /// <summary>On a given dispatcher: the whole engine in one thread under a seed, where the dispatcher is a <see cref="SeededDispatcher"/>.</summary>
    internal static AmoeRuntime Start(
        IJournal journal, ISnapshotStore? snapshots, IActorLogic logic, EngineOptions options, TimeProvider time, IDispatcher deciders, IDispatcher commits)
    {
        options.Validated();
        var committer = new Committer(journal, options, time, commits, deciders);
        deciders.Idle = committer.DecidersAreIdle;
        var identity = journal.Identity;
        var post = identity.PartyShardCount > 0 ? new PostOffice(identity.ShardCount, identity.PartyShardCount) : null;
        var storage = new ShardStorage(journal, snapshots, post);
        var shards = new Shard[identity.TotalShards];
        try
        {
            // Party shards first: what they have taken, student shards need not keep.
            for (var i = identity.ShardCount; i < shards.Length; i++)
                shards[i] = new Shard(i, storage, logic, options, committer, deciders, post);
            EveryShard.Do(identity.ShardCount, options.Threads, i => shards[i] = new Shard(i, storage, logic, options, committer, deciders, post));
        }
        catch
        {
            (deciders as IDisposable)?.Dispose();
            (commits as IDisposable)?.Dispose();
            throw;
        }

        return new AmoeRuntime(identity, shards, committer, deciders, commits);
    }

    public bool TryPost(Command command, IReplyTo replyTo) =>
        _shards[command.Student.ShardOf(ShardCount)].TryPost(new Envelope(command, CommandKind.None, default, replyTo));

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        if (mark is not (CommandKind.OpenDay or CommandKind.CloseDay))
            throw new ArgumentOutOfRangeException(nameof(mark), mark, "a day is opened or closed");
        if (!CommandBounds.IsDay(day))
            throw new ArgumentOutOfRangeException(nameof(day), day, "no shard opens this day");
        return _shards[shard].TryPost(new Envelope(null, mark, day, replyTo));
    }

    public RuntimeState Inspect()
    {
        var (totals, parties) = (new Totals(), new PartyTotals());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = new Dictionary<StudentId, string>();
        foreach (var shard in _shards)
        {
            var state = shard.State;
            totals.Add(state.Totals);
            digest += state.Digest;
            if (state.Ledgers is { } ledgers)
                parties.Add(ledgers.Totals);
            students += state.Cells.Count;
            openClaims += state.OpenClaimCount;
            foreach (var (student, why) in state.Quarantined)
                quarantined[student] = why;
        }

        return new RuntimeState(digest, totals, parties, students, openClaims, quarantined);
    }

    /// <summary>Takes no more messages, answers what still waits with <see cref="Outcome.Unknown"/>, and returns once the last turn in flight is durable or lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        await _deciders.Await(Task.WhenAll(_shards.Select(shard => shard.End()).ToArray()));

        // A commit's last word to its shard is a dispatch: the deciders outlive the commits.
        (_commits as IDisposable)?.Dispose();
        (_deciders as IDisposable)?.Dispose();
    }
}
