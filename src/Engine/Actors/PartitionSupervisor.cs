using Akka.Actor;
using Akka.Event;

namespace Amoe.Engine.Actors;

/// <summary>
/// Parent of all partitions. Starts them, ledgers first; starts one that stopped again after 0.2 to 2 s; answers what no partition will decide. A partition
/// whose log cannot be followed stays out of service while the others serve.
/// </summary>
internal sealed class PartitionSupervisor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(2);

    private readonly PartitionHost[] _hosts;
    private readonly TimeProvider _time;
    private readonly Child[] _children;
    private readonly TaskCompletionSource _ended;
    private readonly TimeSpan _endTimeout;
    private bool _isEnding;

    /// <param name="ended">Completed once all partitions have stopped, after <see cref="Drain"/>.</param>
    public PartitionSupervisor(PartitionHost[] hosts, PartitionContext context, TaskCompletionSource ended)
    {
        (_hosts, _time, _endTimeout, _ended) = (hosts, context.Time, context.Options.EndTimeout, ended);
        _children = Array.ConvertAll(hosts, _ => new Child());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    /// <summary>An actor that throws is not restarted in place: its mailbox would be decided although what came before it was lost.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(maxNrOfRetries: -1, withinTimeMilliseconds: -1, _ => Directive.Stop, loggingEnabled: false);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Commands commands:
                _hosts[commands.Partition].GiveUnknown(commands.Envelopes);
                break;
            case DeadLetter { Message: Commands commands }:
                // Posted to an actor that had stopped, or in its mailbox when it did.
                _hosts[commands.Partition].GiveUnknown(commands.Envelopes);
                break;
            case StartPartition start when !_isEnding:
                Start(start.Partition);
                break;
            case Terminated terminated:
                OnStopped(Array.FindIndex(_children, child => terminated.ActorRef.Equals(child.Actor)));
                break;
            case Drain:
                End();
                break;
            case StopAll:
                foreach (var child in _children)
                    StopIfStarted(child);
                break;
        }
    }

    private void Start(int partition)
    {
        var (host, child) = (_hosts[partition], _children[partition]);
        var props = host.IsOfLedgers ? Props.Create(() => new LedgerPartitionActor(host)) : Props.Create(() => new PartitionActor(host));
        child.Actor = Context.Watch(Context.ActorOf(props.WithDispatcher("amoe.partitions"), host.PersistenceId));
        child.StartedAt = _time.GetTimestamp();
    }

    private void OnStopped(int partition)
    {
        var (host, child) = (_hosts[partition], _children[partition]);
        child.Actor = null;
        if (_isEnding)
        {
            StopWhenEnded();
            return;
        }

        var failure = host.Failure ?? throw new InvalidOperationException($"{host.PersistenceId} stopped, and nothing failed");
        if (failure.IsFinal)
            host.TakeOutOfService(failure);
        else if (!host.Opened.IsCompleted)
            host.FailStart(failure);
        else
            StartLater(partition, child);
    }

    private void StartLater(int partition, Child child)
    {
        // It served for a while: the failure is another one.
        if (_time.GetElapsedTime(child.StartedAt) > BackoffMax)
            child.Backoff = BackoffMin;
        Timers.StartSingleTimer(partition, new StartPartition(partition), child.Backoff);
        child.Backoff = child.Backoff * 2 < BackoffMax ? child.Backoff * 2 : BackoffMax;
    }

    private void End()
    {
        _isEnding = true;
        foreach (var host in _hosts)
        {
            var child = _children[host.Partition];
            if (host.IsServing)
                child.Actor?.Tell(Drain.Instance, Self);
            else
                StopIfStarted(child);
        }

        Timers.StartSingleTimer(nameof(StopAll), new StopAll(), _endTimeout);
        StopWhenEnded();
    }

    private static void StopIfStarted(Child child)
    {
        if (child.Actor is { } actor)
            Context.Stop(actor);
    }

    private void StopWhenEnded()
    {
        if (Array.TrueForAll(_children, child => child.Actor is null))
            _ended.TrySetResult();
    }

    /// <summary>A write in flight took too long: its outcome stays unknown.</summary>
    private sealed record StopAll;

    private sealed class Child
    {
        /// <summary>Null while it is stopped.</summary>
        public IActorRef? Actor { get; set; }

        public long StartedAt { get; set; }

        /// <summary>How long the next failure keeps it away.</summary>
        public TimeSpan Backoff { get; set; } = BackoffMin;
    }
}
