using Akka.Actor;
using Akka.Event;
using Amoe.Engine.Partitions.Sessions;

namespace Amoe.Engine.Actors.Sharding;

/// <summary>
/// Refuses batches for an incarnation that has ended, so that the sender opens a session with the next one without
/// waiting for a time-out.
/// </summary>
internal sealed class LostBatches : UntypedActor
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case DeadLetter { Message: Batch batch } letter:
                letter.Sender.Tell(new SessionRefused(batch.Session), Self);
                break;
            case DeadLetter { Message: ProbeSession probe } letter:
                letter.Sender.Tell(new SessionRefused(probe.Session), Self);
                break;
        }
    }
}
