using Akka.Actor;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The entity of a partition in the cluster's sharding: parent of the partition's actor on the host that has it. It starts the actor once the partition is
/// held, and hands the partition back once the actor has drained.
/// </summary>
/// <remarks>
/// Sharding has leases of its own, for shards. One that is handed off while its lease is being acquired leaves the lease behind: the partition would be held by
/// a host that does not serve it (docs/adr/0014).
/// </remarks>
internal sealed class PartitionEntity : ActorSupervisor
{
    private static readonly TimeSpan _takeAgainAfter = TimeSpan.FromMilliseconds(100);

    // Longer than the lease of a holder that is dead lasts: who holds it after that lives.
    private static readonly TimeSpan _askAfter = TimeSpan.FromSeconds(7);

    private readonly HostContext _context;
    private readonly PartitionHost _host;
    private long _waitsSince;
    private bool _isHandedBack;

    public PartitionEntity(HostContext context, int partition)
        : this(context, context.Add(partition))
    {
    }

    private PartitionEntity(HostContext context, PartitionHost host)
        : base([host], context.Partitions) => (_context, _host) = (context, host);

    protected override bool IsStartTriedOnce => false;

    protected override void PreStart()
    {
        _waitsSince = _context.Partitions.Time.GetTimestamp();
        Take();
    }

    protected override void PostStop()
    {
        _context.Remove(_host);
        if (!_isHandedBack)
            _ = _context.Holdings.HandBackAsync(_host.Partition);
    }

    protected override void OnServing() => _context.OnServing();

    protected override void OnEnded()
    {
        _isHandedBack = true;
        _context.Holdings.HandBackAsync(_host.Partition).PipeTo(Self, success: () => HandedBack.Instance, failure: _ => HandedBack.Instance);
    }

    protected override void OnOther(object message)
    {
        switch (message)
        {
            case Taken { IsTaken: true } when !IsEnding:
                Self.Tell(new Start(_host), Self);
                break;
            case Taken when !IsEnding:
                AskHolder();
                Timers.StartSingleTimer(nameof(TakeAgain), TakeAgain.Instance, _takeAgainAfter);
                break;
            case TakeAgain when !IsEnding:
                Take();
                break;
            case HandedBack:
                Context.Stop(Self);
                break;

            // What comes while the partition recovers waits in its stash. What comes while it is away is sent again.
            case SessionMessage:
                ActorOf(_host)?.Forward(message);
                break;
        }
    }

    private void Take() => _context.Holdings.TryTakeAsync(_host.Partition).PipeTo(Self, success: taken => new Taken(taken));

    private void AskHolder()
    {
        if (_context.Partitions.Time.GetElapsedTime(_waitsSince) < _askAfter)
            return;
        _waitsSince = _context.Partitions.Time.GetTimestamp();
        foreach (var host in _context.Others())
            Context.ActorSelection(new RootActorPath(host) / "user" / StrayPartitions.Name).Tell(new LetGo(_host.Partition), Self);
    }

    private sealed record Taken(bool IsTaken);

    private sealed class TakeAgain
    {
        public static readonly TakeAgain Instance = new();
    }

    private sealed class HandedBack
    {
        public static readonly HandedBack Instance = new();
    }
}
