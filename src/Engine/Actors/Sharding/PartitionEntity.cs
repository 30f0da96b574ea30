using Akka.Actor;
using Akka.Event;
using Amoe.Engine.Actors.Addressing;
using Amoe.Engine.Domain;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Partitions.Sessions;
using Envelope = Amoe.Engine.Partitions.Envelope;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The entity of a partition in the cluster's sharding: parent of the partition's actor on the host that has it. It
/// starts the actor once the partition is held, and hands the partition back once the actor has drained.
/// </summary>
/// <remarks>
/// Akka's own leases for shards are not used. A shard that is handed off while its lease is being acquired leaves the
/// lease behind: the partition would be held by a host that does not serve it (docs/adr/0014).
/// </remarks>
internal sealed class PartitionEntity : ActorSupervisor
{
    private static readonly TimeSpan _takeAgainAfter = TimeSpan.FromMilliseconds(100);

    // Longer than the lease of a dead holder lasts: a holder that remains after that lives.
    private static readonly TimeSpan _askAfter = TimeSpan.FromSeconds(7);

    private static readonly int _openingMax = new SessionLimits().Sessions;

    private readonly HostContext _context;
    private readonly PartitionHost _host;

    // Senders that open a session before the partition serves, each with the last one that it asks for.
    private readonly Dictionary<Guid, (OpenSession Open, IActorRef Sender)> _opening = [];
    private readonly List<IActorRef> _retrying = [];
    private long _waitsSince;
    private bool _isHeld;
    private bool _isHandedBack;

    public PartitionEntity(HostContext context, int partition)
        : this(context, context.Add(partition))
    {
    }

    private PartitionEntity(HostContext context, PartitionHost host)
        : base([host], context.Partitions)
    {
        (_context, _host) = (context, host);
        host.Entity = Self;
    }

    protected override bool IsStartTriedOnce => false;

    protected override int ReadsTried => 3;

    /// <summary>
    /// False as well once this host has lost its lease: it says nothing of partitions any more, and senders find the
    /// host that has them now.
    /// </summary>
    private bool IsOutOfService => _host.OutOfService is not null && _context.Partitions.Journal.Lease.Lost is null;

    protected override void PreStart()
    {
        _waitsSince = _context.Partitions.Time.GetTimestamp();
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        Take();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _context.Remove(_host);
        Answer(RetryEnd.Interrupted, "");
        if (!_isHandedBack)
            _ = _context.Holdings.HandBackAsync(_host.Partition);
    }

    protected override void OnServing()
    {
        _context.Partitions.Store.Look();
        foreach (var (open, sender) in _opening.Values)
            ActorOf(_host)?.Tell(open, sender);
        _opening.Clear();
        _context.TellOthers(HandOvers.Name, new Taken(_host.Partition), Self);
        Answer(RetryEnd.Served, "");
    }

    /// <summary>One that serves does so until its turn has come.</summary>
    protected override void OnDrain()
    {
        if (_host.IsServing)
            _context.HandOvers.Tell(new HandOver(_host.Partition), Self);
        else
            End();
    }

    protected override void OnFailed(ActorFailure failure)
    {
        if (!IsOutOfService)
        {
            Answer(RetryEnd.Interrupted, failure.Error.Message);
            return;
        }

        _context.Partitions.Warn($"partition {_host.Partition} is out of service: {failure.Error.Message}");
        foreach (var (open, sender) in _opening.Values)
            sender.Tell(new OutOfService(open.Session), Self);
        _opening.Clear();
        Answer(RetryEnd.StillOut, failure.Error.Message);
    }

    protected override void OnEnded()
    {
        _isHandedBack = true;
        _context.Holdings.HandBackAsync(_host.Partition).PipeTo(
            Self, success: () => HandedBack.Instance, failure: _ => HandedBack.Instance);
    }

    protected override void OnOther(object message)
    {
        switch (message)
        {
            case Held { IsHeld: true } when !IsEnding:
                _isHeld = true;
                Self.Tell(new Start(_host), Self);
                break;
            case Held when !IsEnding:
                AskHolder();
                Timers.StartSingleTimer(nameof(TakeAgain), TakeAgain.Instance, _takeAgainAfter);
                break;
            case TakeAgain when !IsEnding:
                Take();
                break;
            case HandOverNow when !IsEnding:
                End();
                break;
            case HandedBack:
                Context.Stop(Self);
                break;

            case RetryPartition when !IsEnding:
                Retry();
                break;
            case OpenSession open when !_host.IsServing:
                Open(open);
                break;

            // Messages that arrive while it is away are sent again.
            case SessionMessage:
                ActorOf(_host)?.Forward(message);
                break;
            case ToActor to:
                Decide(to);
                break;
            case DeadLetter { Message: Commands lost } when lost.Partition == _host.Partition:
                _host.GiveUnknown(lost.Envelopes);
                break;
        }
    }

    /// <summary>
    /// Senders wait here until it is known whether the partition serves, so that they learn it at once.
    /// </summary>
    private void Open(OpenSession open)
    {
        if (IsOutOfService)
            Sender.Tell(new OutOfService(open.Session), Self);
        else if (_opening.Count < _openingMax || _opening.ContainsKey(open.Sender))
            _opening[open.Sender] = (open, Sender);
    }

    private void Decide(ToActor to)
    {
        var reply = new SenderReply(Sender, _context.Students);
        var refused = !_host.IsServing
            ? Outcome.Unknown
            : _host.TakeCredit(1) == 0 ? Outcome.Overloaded : default(Outcome?);
        if (refused is { } outcome)
            reply.OnReply(to.Command.Student, new Reply(to.Command.Id, outcome));
        else
            _host.Target(Self).Tell(
                new Commands(_host.Partition, [new Envelope(to.Command, CommandKind.None, default, reply)], 0),
                ActorRefs.Nobody);
    }

    /// <summary>Starts the partition at once, if it does not serve and is this host's to start.</summary>
    private void Retry()
    {
        _retrying.Add(Sender);
        if (_host.IsServing)
            Answer(RetryEnd.WasServed, "");
        else if (_isHeld && ActorOf(_host) is null)
            StartNow(_host);
    }

    private void Answer(RetryEnd end, string why)
    {
        foreach (var asker in _retrying)
            asker.Tell(new PartitionRetried(_host.Partition, end, why), Self);
        _retrying.Clear();
    }

    private void Take() =>
        _context.Holdings.TryTakeAsync(_host.Partition).PipeTo(Self, success: isHeld => new Held(isHeld));

    private void AskHolder()
    {
        if (_context.Partitions.Time.GetElapsedTime(_waitsSince) < _askAfter)
            return;
        _waitsSince = _context.Partitions.Time.GetTimestamp();
        _context.TellOthers(StrayPartitions.Name, new LetGo(_host.Partition), Self);
    }

    private sealed record Held(bool IsHeld);

    private sealed class TakeAgain
    {
        public static readonly TakeAgain Instance = new();
    }

    private sealed class HandedBack
    {
        public static readonly HandedBack Instance = new();
    }
}
