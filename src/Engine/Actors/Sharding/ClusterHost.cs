using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Persistence.Sql.Config;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Actors.Metering;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>The settings of a host.</summary>
/// <param name="Journal">The journal that the hosts share.</param>
/// <param name="Listen">Where the other hosts and senders reach it; port 0 for any that is free.</param>
/// <param name="Endpoint">The address of its pages, for people and monitors.</param>
/// <param name="Log">Receives, a line each, what is odd or has gone wrong.</param>
internal sealed record ClusterHostSetup(
    JournalAddress Journal, IPEndPoint Listen, string Endpoint, EngineOptions Engine, TimeProvider Time,
    Action<string> Log)
{
    /// <summary>The host and port by which others reach it, where that is not where it listens.</summary>
    public DnsEndPoint? Advertise { get; init; }

    /// <summary>
    /// Receives a line where the number of partitions changes that it serves; <c>Log</c> where it is null.
    /// </summary>
    public Action<string>? Report { get; init; }

    /// <summary>The newest format of records that it reads.</summary>
    public int Format { get; init; } = EventCodec.Version;

    /// <summary>How hosts and senders prove who they are; null where all of them are on this machine.</summary>
    public MutualTls? Tls { get; init; }

    /// <summary>The caller's, who disposes of it: it outlives the host where that joins again.</summary>
    public EngineMeter? Meter { get; init; }
}

/// <summary>
/// One host's part in a cluster: an actor system that joins the hosts on the same journal, or founds a cluster where
/// there are none, and serves the partitions that the cluster's sharding gives it. When it is evicted, or its lease is
/// lost, the actor system ends, and a new one can be started in the same process.
/// </summary>
internal sealed class ClusterHost : IAsyncDisposable
{
    public const string RegionName = "partition";
    public const string Role = "host";
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _joinPatience = TimeSpan.FromSeconds(5);

    private readonly PostgresHosts _hosts;
    private readonly ActorSystem _system;
    private readonly ArbiterSetup _arbiter;
    private readonly WriteHold _hold;
    private readonly JournalSetup _journalOfSystem;
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PostgresHostLease? _lease;
    private PostgresJournal? _journal;
    private HostContext? _context;
    private Holdings? _holdings;
    private string _member = "";
    private IActorRef _starter = ActorRefs.Nobody;
    private ServedReport? _report;
    private readonly TaskCompletionSource _leaves = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposed;

    private ClusterHost(
        PostgresHosts hosts, ActorSystem system, ArbiterSetup arbiter, WriteHold hold, JournalSetup journal)
    {
        (_hosts, _system, _arbiter, _hold, _journalOfSystem) = (hosts, system, arbiter, hold, journal);
        system.WhenTerminated.ContinueWith(
            _ => _ended.TrySetResult("the other hosts have gone on without this one"), TaskScheduler.Default);
    }

    /// <summary>This host's number: each start has another one.</summary>
    public long Id { get; private set; }

    public ActorSystem System => _system;

    /// <summary>
    /// Takes <see cref="ToActor"/> for any student or claim, wherever its partition is: the region of the cluster's
    /// sharding. Actors of other systems reach it as <c>/system/sharding/partition</c> of any host.
    /// </summary>
    public IActorRef Students => _context?.Students ?? ActorRefs.Nobody;

    /// <summary>
    /// The entity of a partition that this host speaks for, for a sender in this process; null where it does not.
    /// </summary>
    public IActorRef? SpokenFor(int partition) => _context?.SpokenFor(partition);

    /// <summary>Done when it is a member no more, unasked: one line why.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>Joins the hosts on a journal.</summary>
    /// <exception cref="JournalException">
    /// The database does not answer, holds no journal, or one process has it to itself; its opening balances are not
    /// closed.
    /// </exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    /// <exception cref="MutualTlsException">A certificate cannot be used.</exception>
    public static async Task<ClusterHost> StartAsync(ClusterHostSetup setup, CancellationToken cancellation)
    {
        var database = new PostgresDatabase(setup.Journal);
        database.With(connection => PostgresSchema.RequireCurrent(database, connection, isToBeWritten: true));
        var (arbiter, plugins, hold, journal) = (new ArbiterSetup(new PostgresHosts(database)),
            new MultiDataOptionsSetup(), new WriteHold(), new JournalSetup());
        Setup[] setups = setup.Tls is { } tls
            ? [arbiter, plugins, hold, journal, tls.Load(setup.Log)]
            : [arbiter, plugins, hold, journal];
        var host = new ClusterHost(new PostgresHosts(database), SystemOf(setup, setups), arbiter, hold, journal);
        try
        {
            await host.JoinAsync(setup, database, plugins, cancellation);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private static ActorSystem SystemOf(ClusterHostSetup setup, Setup[] setups)
    {
        try
        {
            return PartitionRuntime.SystemOf(ConfigurationOf(setup), setups);
        }
        catch (AggregateException e) when (e.Flatten().InnerExceptions
            .Select(inner => inner.GetBaseException())
            .OfType<SocketException>()
            .FirstOrDefault() is { } failure)
        {
            throw failure;
        }
    }

    private static Config ConfigurationOf(ClusterHostSetup setup)
    {
        var advertised = setup.Advertise is { } advertise
            ? $", public-hostname = \"{advertise.Host}\", public-port = {advertise.Port}"
            : "";
        var tls = setup.Tls is null ? "" : ", enable-ssl = true";
        return ConfigurationFactory.ParseString(
            $$"""akka.remote.dot-netty.tcp { hostname = "{{setup.Listen.Address}}", port = {{setup.Listen.Port}}{{advertised}}{{tls}} }""")
            .WithFallback(PartitionRuntime.Resource("cluster.conf"))
            .WithFallback(PartitionRuntime.Resource("remote.conf"))
            .WithFallback(PartitionRuntime.ConfigurationOf(setup.Engine, "postgres.conf"))
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig());
    }

    private async Task JoinAsync(
        ClusterHostSetup setup, PostgresDatabase database, MultiDataOptionsSetup plugins,
        CancellationToken cancellation)
    {
        var cluster = Cluster.Get(_system);
        cluster.RegisterOnMemberRemoved(() => _leaves.TrySetResult());
        ShutdownHold.Place(
            _system, _leaves.Task, CoordinatedShutdown.ClusterLeavingReason.Instance,
            CoordinatedShutdown.ClusterDowningReason.Instance);
        _member = MemberName.Of(cluster.SelfUniqueAddress);
        Id = _hosts.Register(_member, setup.Endpoint, PartitionRuntime.Build, setup.Format).Id;
        _lease = await PostgresHostLease.BeginAsync(database, Id, setup.Time);
        _journalOfSystem.Journal = _journal = PostgresJournal.OpenShared(database, _lease);

        // From here on no process begins or ends opening balances: it would have to take this host's lease first.
        JournalOpening.Require(_journal.ReadBook(), _journal.Name, isOpening: false);
        _ = _lease.WhenLost.ContinueWith(lost => End(lost.Result), TaskContinuationOptions.OnlyOnRanToCompletion);
        foreach (var plugin in new[] { "akka.persistence.journal.sql", PartitionHost.SnapshotPlugin })
            plugins.AddDataOptions(plugin, PostgresConnections.Options(_journal));
        await JoinAsync(cluster, setup, cancellation);
        var partitions = new PartitionContext(
            _journal, rulebook => new AmoeLogic(rulebook), setup.Engine.Validated(), setup.Time, setup.Log)
        {
            Meter = setup.Meter,
        };
        _hold.Begin(partitions);
        _holdings = new Holdings(_hosts, Id, setup.Time);
        var handOvers = _system.ActorOf(Props.Create(() => new HandOvers(setup.Time)), HandOvers.Name);
        _context = new HostContext(
            partitions, _holdings,
            cluster)
        { Format = _hosts.RaiseFormat(PostgresRenewedLease.BeginsWithin), HandOvers = handOvers };
        if (_context is { } context && setup.Meter is { } meter)
            meter.Partitions = () => context.Here;
        Serve(_context);
        _report = new ServedReport(_context, setup);
    }

    /// <summary>
    /// Joins a host that is a member already. Where none is, the one that registered first founds the cluster; the
    /// database says which that is, so that no two are founded.
    /// </summary>
    private async Task JoinAsync(Cluster cluster, ClusterHostSetup setup, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_lookEvery, setup.Time);
        while (true)
        {
            if (_ended.Task.IsCompleted)
                throw new JournalException(await _ended.Task);
            if (_hosts.TryFound(_member))
                await cluster.JoinAsync(cluster.SelfAddress, cancellation);
            else if (Members(cluster) is { Count: > 0 } members)
                await TryJoinAsync(cluster, members, setup.Log, cancellation);
            if (cluster.SelfMember.Status == MemberStatus.Up)
            {
                _hosts.MarkJoined(Id);
                return;
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>
    /// The addresses of hosts that have joined. A former incarnation at this host's own address is left out: a host
    /// that joins itself founds a cluster.
    /// </summary>
    private List<Address> Members(Cluster cluster) =>
        [.. _hosts.Live(PostgresRenewedLease.BeginsWithin)
            .Where(host => host.Status.Joined is not null)
            .Select(host => MemberName.AddressOf(host.Member))
            .Where(address => !address.Equals(cluster.SelfAddress))];

    private static async Task TryJoinAsync(
        Cluster cluster, List<Address> members, Action<string> log, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_joinPatience);
        try
        {
            await cluster.JoinSeedNodesAsync(members, patience.Token);
        }
        catch (Exception)
        {
            cancellation.ThrowIfCancellationRequested();

            // They may have died just now, so the database is asked again; or they refuse this host.
            log(
                $"no member of the cluster answers at {string.Join(", ", members.Select(member => $"{member.Host}:{member.Port}"))}; trying again. If they are there: can they be reached, and do both sides have certificates of one authority?");
        }
    }

    private void Serve(HostContext context)
    {
        _system.ActorOf(Props.Create(() => new FailureWatch(reason => _ended.TrySetResult(reason))), "failures");
        var singleton = ClusterSingletonManagerSettings.Create(_system).WithRole(Role).WithSingletonName("journal");
        _system.ActorOf(
            ClusterSingletonManager.Props(Props.Create(() => new JournalSingleton(context)), Drain.Instance, singleton),
            "journal-host");
        var proxy = ClusterSingletonProxySettings.Create(_system).WithRole(Role).WithSingletonName("journal");
        var journal = _system.ActorOf(ClusterSingletonProxy.Props("/user/journal-host", proxy), "journal");
        context.Partitions.DayOpener = _system.ActorOf(
            Props.Create(() => new DayOpener(context, journal)).WithDispatcher("amoe.partitions"), DayOpener.Name);
        _system.ActorOf(Props.Create(() => new LostBatches()), "lost-batches");
        _system.ActorOf(Props.Create(() => new LeaseWatch(_hosts, Id, context)), LeaseWatch.Name);
        _system.ActorOf(
            Props.Create(() => new StrayPartitions(context, reason => _ended.TrySetResult(reason))),
            StrayPartitions.Name);
        _system.ActorOf(Props.Create(() => new HostQuarantine(context, Id)), HostQuarantine.Name);
        var settings = ClusterShardingSettings.Create(_system);
        var sharding = ClusterSharding.Get(_system);
        context.Students = sharding.Start(
            RegionName,
            partition =>
                Props.Create(() => new PartitionEntity(context, int.Parse(partition, CultureInfo.InvariantCulture))),
            settings,
            new PartitionExtractor(context.Identity.StudentPartitions),
            sharding.DefaultShardAllocationStrategy(settings), Drain.Instance);
        _starter = _system.ActorOf(
            Props.Create(() => new PartitionStarter(_hosts, context, context.Students)), "starter");
    }

    /// <summary>Its state at this moment; null before it has joined.</summary>
    public HostPart? Part()
    {
        if (_context is not { } context)
            return null;
        PartitionHost[] here = [.. context.Here.OrderBy(partition => partition.Partition)];
        return new HostPart(
            Id, _member, _lease!.IsHeld, _lease.Lost, context.Format, Array.ConvertAll(here, PartitionPart.Of),
            PartitionRuntime.Inspect(here, context.Partitions.Own), context.Partitions.Writes.Latency);
    }

    /// <summary>Hands the partitions to the others, once what is in flight is durable, and leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;
        _hold.Dispose();
        if (_context is null || _lease!.Lost is not null || _system.WhenTerminated.IsCompleted)
            await _system.Terminate();
        else
            await LeaveAsync();
        _system.Dispose();
        if (_journal is { } journal)
            PostgresConnections.Close(journal.ConnectionString);

        // It disposes of the lease: from here on nothing is answered.
        _journal?.Dispose();
        if (Id != 0)
            TryCall(() => _hosts.Leave(Id));
        _report?.Dispose();
        _holdings?.Dispose();
        _hosts.Dispose();
        _arbiter.Hosts.Dispose();
    }

    private bool IsAnyStaying() => _hosts.Live().Any(host => host.Id != Id && !host.Status.IsLeaving);

    private async Task LeaveAsync()
    {
        TryCall(() => _hosts.MarkLeaving(Id));

        // Where all hosts leave together a partition that is started meanwhile would be waited for.
        _system.Stop(_starter);
        var context = _context!;
        Func<IEnumerable<IActorRef>> entities = () => context.Here.Select(partition => partition.Entity);
        var leavingTogether = Props.Create(() => new LeavingTogether(entities, context.Students, IsAnyStaying));
        _system.ActorOf(leavingTogether, "leaving-together");
        _leaves.TrySetResult();
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
        await _system.WhenTerminated;
    }

    /// <summary>
    /// The lease is lost: what is in memory may be out of date, and is dropped without handing anything over.
    /// </summary>
    private void End(string reason)
    {
        if (_ended.TrySetResult(reason))
            _system.Terminate();
    }

    /// <summary>Calls, and ignores a failure: the other hosts find out by themselves a few seconds later.</summary>
    private static void TryCall(Action call)
    {
        try
        {
            call();
        }
        catch (JournalUnavailableException)
        {
            // This host's row runs out.
        }
    }
}
