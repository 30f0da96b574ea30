using Akka.Actor;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>The cluster's singleton: parent of the journal's own actor, which opens days.</summary>
internal sealed class JournalSingleton : ActorSupervisor
{
    private readonly HostContext _context;
    private readonly JournalHost _host;

    public JournalSingleton(HostContext context)
        : base([context.Partitions.Own], context.Partitions) => (_context, _host) = (context, context.Partitions.Own);

    protected override bool IsStartTriedOnce => false;

    protected override void PreStart() => Self.Tell(new Start(_host), Self);

    protected override void OnServing() => _context.Partitions.Store.Look();

    protected override void OnFailed(ActorFailure failure)
    {
        if (_host.OutOfService is not null)
            _context.Partitions.Warn($"no day can be opened any more: {failure.Error.Message}");
    }

    protected override void OnEnded() => Context.Stop(Self);

    protected override void OnOther(object message)
    {
        if (ActorOf(_host) is { } actor)
            actor.Forward(message);
        else if (message is OpenDay)
            Sender.Tell(DayNotOpened.Instance, Self);
    }
}
