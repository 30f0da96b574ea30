using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Amoe.Engine.Journal.Postgres;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Starts every partition, wherever it is to be: sharding starts an entity at its first message, and after a host has
/// died a partition without a sender would stay away. The cluster's leader does it for all; two that take themselves
/// for it do no harm.
/// </summary>
/// <remarks>
/// Hosts that are started together join one after the other. The first one would take all partitions, recover them and
/// hand two thirds of them on, so it waits for the hosts that have registered, a few seconds at most.
/// </remarks>
internal sealed class PartitionStarter : UntypedActor, IWithTimers
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _startEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _joinPatience = TimeSpan.FromSeconds(5);

    private readonly PostgresHosts _hosts;
    private readonly HostContext _context;
    private readonly IActorRef _region;
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly long _began;

    public PartitionStarter(PostgresHosts hosts, HostContext context, IActorRef region)
    {
        (_hosts, _context, _region) = (hosts, context, region);
        _began = context.Partitions.Time.GetTimestamp();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsLeader => _cluster.SelfAddress.Equals(_cluster.State.RoleLeader(ClusterHost.Role));

    protected override void PreStart() => Look();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Looked looked when looked.IsWhole || _context.Partitions.Time.GetElapsedTime(_began) >= _joinPatience:
                Timers.StartPeriodicTimer(nameof(StartAll), StartAll.Instance, TimeSpan.Zero, _startEvery);
                break;
            case Looked:
                Timers.StartSingleTimer(nameof(LookAgain), LookAgain.Instance, _lookEvery);
                break;
            case LookAgain:
                Look();
                break;
            case StartAll when IsLeader:
                for (var partition = 0; partition < _context.Identity.TotalPartitions; partition++)
                    _region.Tell(new ShardRegion.StartEntity(PartitionExtractor.NameOf(partition)), Self);
                break;

                // Acknowledgements need no answer.
        }
    }

    private void Look() =>
        Task.Run(() => _hosts.Live().All(host => host.Status.Joined is not null))
            .PipeTo(Self, success: isWhole => new Looked(isWhole), failure: _ => new Looked(false));

    /// <param name="IsWhole">
    /// Every host that has registered is a member. False as well where the database does not say.
    /// </param>
    private sealed record Looked(bool IsWhole);

    private sealed class LookAgain
    {
        public static readonly LookAgain Instance = new();
    }

    private sealed class StartAll
    {
        public static readonly StartAll Instance = new();
    }
}
