using System.Collections.Concurrent;
using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Amoe.Engine.Actors;
using Amoe.Engine.Akka.Days;
using Amoe.Engine.Akka.Entrance;
using Amoe.Engine.Akka.Journal;
using Amoe.Engine.Akka.Ledgers;
using Amoe.Engine.Akka.Students;
using Amoe.Engine.Akka.Watch;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Akka;

/// <summary>
/// The students' and claims' actors on Akka.NET: cluster sharding, a calendar that is a cluster singleton, histories by Akka.Persistence. One process is one host;
/// several share the shards out among themselves.
/// </summary>
public sealed class AkkaRuntime : IActorRuntime
{
    private readonly AkkaOptions _options;
    private readonly JournalIdentity _identity;
    private readonly IActorLogic _logic;
    private readonly IAkkaHistory _history;
    private readonly IActorRef _entrance;
    private readonly int[] _posted;
    private readonly ConcurrentDictionary<string, HostStatus> _board = [];
    private readonly Gauge _decided = new();
    private readonly Gauge _living = new();
    private IDisposable? _tables;
    private int _hasEnded;

    private AkkaRuntime(Membership membership, JournalIdentity identity, IActorLogic logic, IAkkaHistory history, AkkaOptions options, TimeProvider time, Action<string> warn)
    {
        (Membership, _identity, _logic, _history, _options) = (membership, identity, logic, history, options);
        var system = membership.System;
        (ShardCount, PartyShardCount) = (identity.ShardCount, identity.PartyShardCount);
        _posted = new int[identity.TotalShards];

        var sharding = ClusterSharding.Get(system);
        var settings = ClusterShardingSettings.Create(system);
        var calendar = system.ActorOf(ClusterSingletonProxy.Props("/user/calendar", ClusterSingletonProxySettings.Create(system)), "to-calendar");
        var ledgers = sharding.Start(
            "ledgers", id => Supervised.Ledgers(PartyShardActor.Props(int.Parse(id, CultureInfo.InvariantCulture), calendar), options.BackOff), settings, new LedgerRouting());
        var setup = new StudentSetup(logic, calendar, ledgers, PartyShardCount, options.PassivateAfter, options.SnapshotEvery, _living, warn);
        var students = sharding.Start(
            "students", id => Supervised.Student(new StudentId(ulong.Parse(id, CultureInfo.InvariantCulture)), setup, options.BackOff), settings, new StudentRouting(ShardCount));
        if (options.IsHost)
        {
            var supervised = Supervised.Ledgers(CalendarActor.Props(identity, students, ledgers), options.BackOff);
            system.ActorOf(ClusterSingletonManager.Props(supervised, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system)), "calendar");
        }

        _entrance = system.ActorOf(EntranceActor.Props(options, time, students, calendar, ledgers, ShardCount, _posted, Latency), "entrance");
        system.ActorOf(StatusActor.Props(_board, Status), "status");
    }

    public int ShardCount { get; }

    public int PartyShardCount { get; }

    /// <summary>This process in the cluster.</summary>
    internal Membership Membership { get; }

    internal ActorSystem System => Membership.System;

    /// <summary>From a command's going to its student until the answer: a commit or more lie between.</summary>
    internal LatencyHistogram Latency { get; } = new();

    /// <summary>How each host of the cluster stood when it was last heard of.</summary>
    internal IReadOnlyCollection<HostStatus> Hosts => [.. _board.Values];

    /// <summary>Joins a cluster, or begins one, on a journal of Akka.Persistence.Sql in the database that is named.</summary>
    /// <param name="warn">Told, in one line each, of what a person who watches would want to know.</param>
    /// <exception cref="ClusterException">The address cannot be listened on, or nobody takes it in.</exception>
    internal static async Task<AkkaRuntime> StartAsync(
        JournalAddress address, JournalIdentity identity, IActorLogic logic, AkkaOptions options, TimeProvider time, Action<string> warn, CancellationToken stop = default)
    {
        var tables = AkkaTables.Open(address);
        try
        {
            var runtime = await StartAsync(AkkaConfiguration.Store(address, options.Window), system => new SqlHistory(system), identity, logic, options, time, warn, stop);
            runtime._tables = tables;
            return runtime;
        }
        catch
        {
            tables?.Dispose();
            throw;
        }
    }

    /// <param name="store">The configuration of Akka.Persistence's plugins.</param>
    internal static async Task<AkkaRuntime> StartAsync(
        Config store, Func<ActorSystem, IAkkaHistory> history, JournalIdentity identity, IActorLogic logic, AkkaOptions options, TimeProvider time, Action<string> warn,
        CancellationToken stop = default)
    {
        var membership = await Membership.JoinAsync(options, store, time, stop);
        return new AkkaRuntime(membership, identity, logic, history(membership.System), options, time, warn);
    }

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        var shard = command.Student.ShardOf(ShardCount);
        return IsTaken(shard, new Posted(shard, command, new Counting(this, replyTo)));
    }

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo)
    {
        if (mark is not (CommandKind.OpenDay or CommandKind.CloseDay))
            throw new ArgumentOutOfRangeException(nameof(mark), mark, "a day is opened or closed");
        if (!CommandBounds.IsDay(day))
            throw new ArgumentOutOfRangeException(nameof(day), day, "no shard opens this day");
        return IsTaken(shard, new DayPosted(shard, mark, day, replyTo));
    }

    /// <summary>Reads everything that was ever persisted: exact, and slow where there is much of it.</summary>
    public RuntimeState Inspect() => Replay().State();

    /// <summary>The students' records by shard, read as <see cref="Inspect"/> reads them.</summary>
    internal IJournal Copy() => JournalCopy.Of(_history, _identity);

    internal ReplayedState Replay() => ReplayedState.Of(_history, _logic, ShardCount);

    /// <summary>Leaves the cluster in order and ends; what is not answered is answered <see cref="Outcome.Unknown"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        if (!Membership.Ended.IsCompleted)
        {
            await _entrance.GracefulStop(_options.Deadline);
            await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
        }

        _tables?.Dispose();
    }

    private bool IsTaken(int shard, object posting)
    {
        if (Volatile.Read(ref _hasEnded) != 0)
            return false;
        if (Interlocked.Increment(ref _posted[shard]) > _options.MailboxMessagesMax)
        {
            Interlocked.Decrement(ref _posted[shard]);
            return false;
        }

        _entrance.Tell(posting);
        return true;
    }

    /// <summary>How this host stands.</summary>
    internal HostStatus Status() => new(Membership.Address, _decided.Value, _living.Value);

    /// <summary>Counts what is answered.</summary>
    private sealed class Counting(AkkaRuntime runtime, IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            runtime._decided.Add(1);
            replyTo.OnReply(student, reply);
        }
    }
}
