using System.Collections.Concurrent;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// The default runtime: actors on shards in this process, one journal. Shards open and close while it runs, each under the epoch it is owned in; where the
/// journal is this process's alone all are open from the start. It ends by letting what is in flight become durable.
/// </summary>
public sealed class AmoeRuntime : IActorRuntime
{
    // Student shards, then party shards; null while not served here.
    private readonly Shard?[] _shards;
    private readonly ConcurrentDictionary<Shard, bool> _closing = [];
    private readonly IWritableJournal _journal;
    private readonly IActorLogic _logic;
    private readonly EngineOptions _options;
    private readonly ShardStorage _storage;
    private readonly PostOffice? _post;
    private readonly IDispatcher _deciders;
    private readonly IDispatcher _commits;
    private int _hasEnded;

    private AmoeRuntime(
        IWritableJournal journal, ISnapshotStore? snapshots, IActorLogic logic, EngineOptions options, TimeProvider time, IDispatcher deciders, IDispatcher commits)
    {
        (_journal, _logic, _options, _deciders, _commits) = (journal, logic, options.Validated(), deciders, commits);
        var identity = journal.Identity;
        (ShardCount, PartyShardCount) = (identity.ShardCount, identity.PartyShardCount);
        _shards = new Shard?[identity.TotalShards];
        Committers = new Committers(journal, options, time, commits, deciders);
        _post = identity.PartyShardCount > 0 ? new PostOffice(identity.ShardCount, identity.PartyShardCount) : null;
        _storage = new ShardStorage(journal, snapshots, _post);
    }

    public int ShardCount { get; }

    public int PartyShardCount { get; }

    internal Committers Committers { get; }

    /// <summary>What crosses shards in this process; null where the journal keeps no ledgers.</summary>
    internal PostOffice? Post => _post;

    /// <summary>Told, by the thread that ran it, of a shard that was to be closed and has nothing in flight any more.</summary>
    internal Action<ShardEpoch>? Closed { get; set; }

    /// <summary>Told, by the thread that ran it, of a shard that is not served here any more because another host owns it.</summary>
    internal Action<ShardEpoch>? Fenced { get; set; }

    /// <summary>The shards that are open, in the order of their numbers.</summary>
    internal IReadOnlyList<Shard> Shards => [.. _shards.OfType<Shard>()];

    /// <summary>Recovers every shard from its snapshot and journal, and starts.</summary>
    /// <param name="snapshots">Where snapshots are kept; null to keep none.</param>
    /// <exception cref="JournalException">The journal is torn, corrupt or has a gap, by shard and offset.</exception>
    public static AmoeRuntime Start(IWritableJournal journal, ISnapshotStore? snapshots, EngineOptions options, TimeProvider time) =>
        Start(journal, snapshots, new AmoeLogic(JournalRulebooks.Current(journal)), options, time);

    /// <param name="owned">Every shard under its epoch; null where only one process can have the journal.</param>
    internal static AmoeRuntime Start(
        IWritableJournal journal, ISnapshotStore? snapshots, IActorLogic logic, EngineOptions options, TimeProvider time, IReadOnlyList<ShardEpoch>? owned = null)
    {
        var deciders = new ThreadDispatcher("decide", options.Validated().Threads);
        var commits = new ThreadDispatcher("commit", journal.AppendersMax);
        return Start(journal, snapshots, logic, options, time, deciders, commits, owned);
    }

    /// <summary>On a given dispatcher: the whole engine in one thread under a seed, where the dispatcher is a <see cref="SeededDispatcher"/>.</summary>
    internal static AmoeRuntime Start(
        IWritableJournal journal, ISnapshotStore? snapshots, IActorLogic logic, EngineOptions options, TimeProvider time, IDispatcher deciders, IDispatcher commits,
        IReadOnlyList<ShardEpoch>? owned = null)
    {
        var runtime = StartEmpty(journal, snapshots, logic, options, time, deciders, commits);
        owned ??= ShardEpoch.OfEmbedded(journal.Identity.TotalShards);
        try
        {
            // Party shards first: what they have taken, student shards need not keep.
            foreach (var party in owned.Where(shard => shard.Shard >= runtime.ShardCount))
                runtime.Open(party);
            var students = owned.Where(shard => shard.Shard < runtime.ShardCount).ToArray();
            EveryShard.Do(students.Length, options.Threads, i => runtime.Open(students[i]));
        }
        catch
        {
            (deciders as IDisposable)?.Dispose();
            (commits as IDisposable)?.Dispose();
            throw;
        }

        return runtime;
    }

    /// <summary>Without any shard: each is opened when this host owns it.</summary>
    internal static AmoeRuntime StartEmpty(
        IWritableJournal journal, ISnapshotStore? snapshots, IActorLogic logic, EngineOptions options, TimeProvider time, IDispatcher deciders, IDispatcher commits) =>
        new(journal, snapshots, logic, options, time, deciders, commits);

    /// <summary>Recovers a shard that this process owns, in the calling thread, and serves it.</summary>
    /// <exception cref="FencedException">Another host owns it by now.</exception>
    /// <exception cref="JournalException">The journal is torn, corrupt or has a gap, by shard and offset; or it does not answer.</exception>
    internal void Open(ShardEpoch owned)
    {
        var shard = new Shard(owned, _storage, _logic, _options, Committers.Of(owned.Shard), _deciders, _post, OnGone);
        if (Interlocked.CompareExchange(ref _shards[owned.Shard], shard, null) is not null)
            throw new InvalidOperationException($"shard {owned.Shard} is open already");
    }

    /// <summary>
    /// Takes no more messages for a shard, answers what still waits with <see cref="Outcome.Unknown"/>, and says so (<see cref="Closed"/>, <see cref="Fenced"/>)
    /// once its last turn in flight is durable or lost. Does nothing where it is not open.
    /// </summary>
    internal void Close(int shard)
    {
        if (Interlocked.Exchange(ref _shards[shard], null) is not { } open)
            return;
        _closing[open] = true;
        open.End();
    }

    /// <summary>True while a shard is open here.</summary>
    internal bool Serves(int shard) => Volatile.Read(ref _shards[shard]) is not null;

    /// <summary>An open shard; null where it is not.</summary>
    internal Shard? Find(int shard) => Volatile.Read(ref _shards[shard]);

    /// <summary>Of these shards those that are open here and that nobody else has had since.</summary>
    /// <exception cref="JournalException">The store does not say.</exception>
    internal IReadOnlyList<int> Confirmed(IEnumerable<int> shards)
    {
        var owned = shards.Select(Find).OfType<Shard>().Select(shard => shard.Owned).ToList();
        while (owned.Count > 0)
        {
            try
            {
                _journal.Confirm(owned);
                break;
            }
            catch (FencedException e) when (owned.RemoveAll(shard => e.Shards.Contains(shard.Shard)) > 0)
            {
                // The others may be confirmed without them.
            }
        }

        return [.. owned.Select(shard => shard.Shard)];
    }

    /// <summary>Puts a message into a shard's mailbox, or says why not.</summary>
    /// <param name="life">See <see cref="Mailbox.TryPost"/>.</param>
    internal PostOutcome TryPost(int shard, in Envelope envelope, ref MailboxLife? life) =>
        Volatile.Read(ref _shards[shard])?.TryPost(envelope, ref life) ?? PostOutcome.NotHere;

    public bool TryPost(Command command, IReplyTo replyTo) =>
        IsTaken(command.Student.ShardOf(ShardCount), new Envelope(command, CommandKind.None, default, replyTo));

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        IsTaken(shard, Envelope.OfDay(mark, day, replyTo));

    public RuntimeState Inspect()
    {
        var (totals, parties) = (new Totals(), new PartyTotals());
        var (digest, students, openClaims) = (0UL, 0L, 0L);
        var quarantined = new Dictionary<StudentId, string>();
        var readBack = new ReadBackFigures();
        foreach (var shard in Shards)
        {
            var state = shard.State;
            totals.Add(state.Totals);
            digest += state.Digest;
            if (state.Ledgers is { } ledgers)
                parties.Add(ledgers.Totals);
            students += state.StudentCount;
            openClaims += state.OpenClaimCount;
            readBack.Add(shard.ReadBack);
            foreach (var (student, why) in state.Quarantined)
                quarantined[student] = why;
        }

        return new RuntimeState(digest, totals, parties, students, openClaims, quarantined, readBack);
    }

    /// <summary>Takes no more messages, answers what still waits with <see cref="Outcome.Unknown"/>, and returns once the last turn in flight is durable or lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        await _deciders.Await(Task.WhenAll([.. Shards.Concat(_closing.Keys).Select(shard => shard.End())]));

        // A commit's last word to its shard is a dispatch: the deciders outlive the commits.
        (_commits as IDisposable)?.Dispose();
        (_deciders as IDisposable)?.Dispose();
    }

    private bool IsTaken(int shard, in Envelope envelope)
    {
        MailboxLife? life = null;
        return TryPost(shard, envelope, ref life) == PostOutcome.Taken;
    }

    /// <summary>A shard has wound up, in whichever way. One that only ends with the runtime stays, for whoever looks at how it ended.</summary>
    private void OnGone(Shard shard)
    {
        var wasClosed = _closing.TryRemove(shard, out _);
        if (shard.IsFenced)
        {
            Interlocked.CompareExchange(ref _shards[shard.Index], null, shard);
            Fenced?.Invoke(shard.Owned);
        }
        else if (wasClosed)
        {
            Closed?.Invoke(shard.Owned);
        }
    }
}
