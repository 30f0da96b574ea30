using System.Security.Cryptography;
using Akka.Actor;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// The shell of a <see cref="SessionSender"/>: one partition's session, from a process outside the cluster.
/// </summary>
internal sealed class SessionActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan _tickEvery = TimeSpan.FromMilliseconds(100);

    private readonly SessionHandle _handle;
    private readonly SessionRouter _router;
    private readonly Guid _sender;
    private readonly SessionSender _session;
    private readonly TimeProvider _time;
    private readonly long _began;
    private IActorRef _partition = ActorRefs.Nobody;
    private bool _isAsked;

    public SessionActor(SessionHandle handle, SessionRouter router, SessionOptions options, TimeProvider time)
    {
        (_handle, _router, _time, _began) = (handle, router, time, time.GetTimestamp());
        _sender = new Guid(RandomNumberGenerator.GetBytes(16));
        _session = new SessionSender(_sender, options);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _time.GetElapsedTime(_began);

    protected override void PreStart() =>
        Timers.StartPeriodicTimer(nameof(Tick), Tick.Instance, _tickEvery, _tickEvery);

    protected override void PostStop()
    {
        _session.Stop();
        Give(_session.TakeActions().Answers);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case PostItems post:
                var now = Now;
                foreach (ref readonly var item in post.Items.AsSpan())
                    _session.Post(item, post.Caller, now);

                // What else is in the mailbox by now travels with it.
                if (!_isAsked)
                {
                    _isAsked = true;
                    Self.Tell(Send.Instance);
                }

                return;
            case Send:
                _isAsked = false;
                break;
            case SessionOpened opened:
                // It was asked over the network before the host in this process had the partition.
                if (_router.Shorter(Sender) is { } entity)
                    entity.Tell(new OpenSession(_sender, opened.Session), Self);
                else if (_session.OnOpened(opened, Now))
                    _partition = Sender;
                break;
            case OutOfService answer:
                _session.OnOutOfService(answer, Now);
                break;
            case BatchAnswered answered:
                _session.OnAnswered(answered, Now);
                break;
            case SessionRefused refused:
                _session.OnRefused(refused, Now);
                break;
            case SessionAlive alive:
                _session.OnAlive(alive, Now);
                break;
            case Tick:
                _session.OnTick(Now);
                break;
            default:
                Unhandled(message);
                return;
        }

        Act(_session.TakeActions());
    }

    private void Act(SessionActions actions)
    {
        foreach (var message in actions.ToPartition)
            _partition.Tell(message, Self);
        if (actions.ToRouter is { } open)
            _router.Tell(open, Self, Context);
        Give(actions.Answers);
    }

    private void Give(List<Answer> answers)
    {
        foreach (var answer in answers)
        {
            // Before the caller posts what follows from the answer.
            _handle.ReturnCredit();
            answer.ReplyTo.OnReply(answer.Student, answer.Reply);
        }
    }

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed class Send
    {
        public static readonly Send Instance = new();
    }
}
