using Akka.Actor;
using Akka.Event;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>
/// Parent of all persistent actors: partitions, and the journal's own. Starts them, and starts one that stopped again after 0.2 to 2 s; answers what no actor will.
/// One whose log cannot be followed stays out of service while the others serve.
/// </summary>
internal sealed class PartitionSupervisor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan BackoffMin = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(2);

    private readonly PartitionHost[] _partitions;
    private readonly JournalHost _own;
    private readonly StoreWatch _store;
    private readonly TimeProvider _time;
    private readonly Dictionary<ActorHost, Child> _children;
    private readonly TaskCompletionSource _ended;
    private readonly TimeSpan _endTimeout;
    private bool _isEnding;

    /// <param name="ended">Completed once all actors have stopped, after <see cref="Drain"/>.</param>
    public PartitionSupervisor(PartitionHost[] partitions, PartitionContext context, TaskCompletionSource ended)
    {
        (_partitions, _own, _store, _time, _endTimeout, _ended) = (partitions, context.Own, context.Store, context.Time, context.Options.EndTimeout, ended);
        _children = ((ActorHost[])[context.Own, .. partitions]).ToDictionary(host => host, _ => new Child());
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
            case Start start when !_isEnding:
                Start(start.Host);
                break;
            case Terminated terminated:
                OnStopped(_children.First(child => terminated.ActorRef.Equals(child.Value.Actor)).Key);
                break;
            case Drain:
                End();
                break;
            case Serving:
                StartWaiting();
                if (_children.Keys.All(host => host.IsServing || host.OutOfService is not null))
                    _store.AllServe();
                break;
            case StopAll:
                foreach (var child in _children.Values)
                    StopIfStarted(child);
                break;
            case DeadLetter letter:
                // Posted to an actor that had stopped, or in its mailbox when it did.
                Answer(letter.Message, letter.Sender);
                break;
            default:
                Answer(message, Sender);
                break;
        }
    }

    private void Answer(object message, IActorRef sender)
    {
        if (message is Commands commands)
            _partitions[commands.Partition].GiveUnknown(commands.Envelopes);
        else if (message is OpenDay)
            sender.Tell(DayNotOpened.Instance, Self);
        else if (message is AdoptRulebook)
            sender.Tell(new Status.Failure(_own.Failure?.Error ?? JournalHost.DoesNotServe(_own.Name)), Self);
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
        if (_isEnding)
        {
            StopWhenEnded();
            return;
        }

        var failure = host.Failure ?? throw new InvalidOperationException($"{host.PersistenceId} stopped, and nothing failed");
        if (failure.IsFinal)
            host.TakeOutOfService(failure);
        else if (!host.Opened.IsCompleted && !failure.IsCollision)
            host.FailStart(failure);
        else
            StartLater(host, child);
    }

    private void StartLater(ActorHost host, Child child)
    {
        // It served for a while: the failure is another one.
        if (_time.GetElapsedTime(child.StartedAt) > BackoffMax)
            child.Backoff = BackoffMin;
        Timers.StartSingleTimer(host, new Start(host), child.Backoff);
        child.Backoff = child.Backoff * 2 < BackoffMax ? child.Backoff * 2 : BackoffMax;
    }

    /// <summary>The store answers somebody: who waits to try it again need not wait longer.</summary>
    private void StartWaiting()
    {
        foreach (var (host, child) in _children)
        {
            if (child.Actor is null && Timers.IsTimerActive(host) && host.Failure?.Error is JournalUnavailableException)
                Timers.StartSingleTimer(host, new Start(host), TimeSpan.Zero);
        }
    }

    private void End()
    {
        _isEnding = true;
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
