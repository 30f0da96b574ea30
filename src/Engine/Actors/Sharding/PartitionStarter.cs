using Akka.Actor;
using Akka.Cluster.Sharding;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Starts every partition, wherever it is to be: sharding starts an entity at its first message, and after a host has died a partition without a sender would
/// stay away.
/// </summary>
internal sealed class PartitionStarter : UntypedActor, IWithTimers
{
    private static readonly TimeSpan _startEvery = TimeSpan.FromSeconds(1);

    private readonly IActorRef _region;
    private readonly int _partitions;

    public PartitionStarter(IActorRef region, int partitions) => (_region, _partitions) = (region, partitions);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(StartAll), StartAll.Instance, TimeSpan.Zero, _startEvery);

    protected override void OnReceive(object message)
    {
        // Acknowledgements need no answer.
        if (message is not StartAll)
            return;
        for (var partition = 0; partition < _partitions; partition++)
            _region.Tell(new ShardRegion.StartEntity(PartitionExtractor.NameOf(partition)), Self);
    }

    private sealed class StartAll
    {
        public static readonly StartAll Instance = new();
    }
}
