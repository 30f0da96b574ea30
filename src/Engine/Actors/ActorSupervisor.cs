using Akka.Actor;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Parent of persistent actors: starts them, and starts one that stopped again after 0.2 to 2 s. One whose log cannot
/// be followed stays out of service.
/// </summary>
internal abstract class ActorSupervisor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly TimeSpan _endTimeout;
    private readonly Dictionary<ActorHost, Child> _children;

    protected ActorSupervisor(IEnumerable<ActorHost> children, PartitionContext context)
    {
        (_time, _endTimeout) = (context.Time, context.Options.EndTimeout);
        _children = children.ToDictionary(host => host, _ => new Child());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected bool IsEnding { get; private set; }

    protected IEnumerable<ActorHost> Children => _children.Keys;

    /// <summary>
    /// An actor that throws is not restarted in place: its mailbox would be decided although what came before it was
    /// lost.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(
            maxNrOfRetries: -1, withinTimeMilliseconds: -1, _ => Directive.Stop, loggingEnabled: false);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Start start when !IsEnding:
                Start(start.Host);
                break;
            case Terminated terminated:
                OnStopped(_children.First(child => terminated.ActorRef.Equals(child.Value.Actor)).Key);
                break;
            case StartAgain again when !IsEnding:
                Restart(again.Host);
                break;
            case Drain:
                OnDrain();
                break;
            case Serving:
                foreach (var child in _children.Values.Where(child => Sender.Equals(child.Actor)))
                    child.FailedReads = 0;
                StartWaiting();
                OnServing();
                break;
            case StopAll:
                foreach (var child in _children.Values)
                    StopIfStarted(child);
                break;
            default:
                OnOther(message);
                break;
        }
    }

    /// <summary>A message that is for a child.</summary>
    protected abstract void OnOther(object message);

    /// <summary>A child serves.</summary>
    protected abstract void OnServing();

    /// <summary>A child has failed: it is out of service, or started later.</summary>
    protected virtual void OnFailed(ActorFailure failure)
    {
    }

    /// <summary>It is to end: <see cref="End"/> begins that.</summary>
    protected virtual void OnDrain() => End();

    /// <summary>Every child has stopped, after <see cref="Drain"/>.</summary>
    protected abstract void OnEnded();

    /// <summary>
    /// How often a log is read that cannot be followed, before its actor is out of service. Where other processes may
    /// have written it until just now, what was read can be half of what there is.
    /// </summary>
    protected virtual int ReadsTried => 1;

    /// <summary>True where a start that failed fails for good, and its caller learns of it.</summary>
    protected abstract bool IsStartTriedOnce { get; }

    /// <summary>A child's actor; null while it is stopped.</summary>
    protected IActorRef? ActorOf(ActorHost host) => _children[host].Actor;

    /// <summary>Starts a child that has stopped without waiting, also one that is out of service.</summary>
    protected void StartNow(ActorHost host)
    {
        host.ReturnToService();
        Timers.StartSingleTimer(host, new Start(host), TimeSpan.Zero);
    }

    /// <summary>Has a child finish its writes, and starts it again from the log.</summary>
    private void Restart(ActorHost host)
    {
        if (_children[host] is not { Actor: { } actor } child)
            return;
        child.IsToStartAgain = true;
        actor.Tell(Drain.Instance, Self);
    }

    private void Start(ActorHost host)
    {
        var child = _children[host];
        child.Actor = Context.Watch(Context.ActorOf(host.Props.WithDispatcher("amoe.partitions"), host.PersistenceId));
        child.StartedAt = _time.GetTimestamp();
    }

    private void OnStopped(ActorHost host)
    {
        var child = _children[host];
        child.Actor = null;
        if (IsEnding)
        {
            StopWhenEnded();
            return;
        }

        if (child.IsToStartAgain)
        {
            child.IsToStartAgain = false;
            Start(host);
            return;
        }

        var failure = host.Failure
            ?? throw new InvalidOperationException($"{host.PersistenceId} stopped, and nothing failed");
        if (failure.IsFinal && ++child.FailedReads >= ReadsTried)
            host.TakeOutOfService(failure);
        else if (IsStartTriedOnce && !host.Opened.IsCompleted && !failure.IsCollision)
            host.FailStart(failure);
        else
            StartLater(host, child);
        OnFailed(failure);
    }

    private void StartLater(ActorHost host, Child child)
    {
        // It served for a while: the failure is another one.
        if (_time.GetElapsedTime(child.StartedAt) > BackoffMax)
            child.Backoff = BackoffMin;
        Timers.StartSingleTimer(host, new Start(host), child.Backoff);
        child.Backoff = child.Backoff * 2 < BackoffMax ? child.Backoff * 2 : BackoffMax;
    }

    /// <summary>The store answers again: actors that wait for their next try start at once.</summary>
    private void StartWaiting()
    {
        foreach (var (host, child) in _children)
        {
            if (child.Actor is null && Timers.IsTimerActive(host) && host.Failure?.Error is JournalUnavailableException)
                Timers.StartSingleTimer(host, new Start(host), TimeSpan.Zero);
        }
    }

    /// <summary>Has every child finish its writes and stop.</summary>
    protected void End()
    {
        IsEnding = true;
        foreach (var (host, child) in _children)
        {
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
        if (_children.Values.All(child => child.Actor is null))
            OnEnded();
    }

    /// <summary>A write in flight took too long: its outcome stays unknown.</summary>
    private sealed record StopAll;

    private sealed class Child
    {
        /// <summary>Null while it is stopped.</summary>
        public IActorRef? Actor { get; set; }

        public long StartedAt { get; set; }

        /// <summary>How often its log could not be followed since it last served.</summary>
        public int FailedReads { get; set; }

        /// <summary>True while it stops to be started again.</summary>
        public bool IsToStartAgain { get; set; }

        /// <summary>How long the next failure keeps it away.</summary>
        public TimeSpan Backoff { get; set; } = BackoffMin;
    }
}
