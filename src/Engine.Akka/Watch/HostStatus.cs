using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace Amoe.Engine.Akka.Watch;

/// <summary>How a host stands, for all others.</summary>
/// <param name="Host">Its address in the cluster.</param>
/// <param name="Decided">Commands it was sent that are answered.</param>
/// <param name="Students">Students that are in its memory.</param>
internal sealed record HostStatus(string Host, long Decided, long Students);

/// <summary>Publishes how this host stands, and hears how the others do.</summary>
internal sealed class StatusActor : ReceiveActor, IWithTimers
{
    private const string Topic = "status";
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, HostStatus> _board;
    private readonly Func<HostStatus> _own;

    public StatusActor(ConcurrentDictionary<string, HostStatus> board, Func<HostStatus> own)
    {
        (_board, _own) = (board, own);
        var mediator = DistributedPubSub.Get(Context.System).Mediator;
        mediator.Tell(new Subscribe(Topic, Self));
        Receive<HostStatus>(status => _board[status.Host] = status);
        Receive<Tell>(_ => mediator.Tell(new Publish(Topic, _own())));
        Receive<SubscribeAck>(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(ConcurrentDictionary<string, HostStatus> board, Func<HostStatus> own) => global::Akka.Actor.Props.Create(() => new StatusActor(board, own));

    protected override void PreStart() => Timers.StartPeriodicTimer(Topic, new Tell(), TimeSpan.Zero, TellEvery);

    private sealed record Tell : INoSerializationVerificationNeeded;
}
