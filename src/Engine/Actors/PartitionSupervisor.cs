using Akka.Actor;
using Akka.Event;

namespace Amoe.Engine.Actors;

/// <summary>
/// Parent of all persistent actors of a process that has the journal to itself: partitions, and the journal's own.
/// Answers what no actor will.
/// </summary>
internal sealed class PartitionSupervisor : ActorSupervisor
{
    private readonly PartitionHost[] _partitions;
    private readonly JournalHost _own;
    private readonly StoreWatch _store;
    private readonly TaskCompletionSource _ended;

    /// <param name="ended">Completed once all actors have stopped, after <see cref="Drain"/>.</param>
    public PartitionSupervisor(PartitionHost[] partitions, PartitionContext context, TaskCompletionSource ended)
        : base([context.Own, .. partitions], context) =>
        (_partitions, _own, _store, _ended) = (partitions, context.Own, context.Store, ended);

    protected override bool IsStartTriedOnce => true;

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnServing() => _store.Look();

    protected override void OnEnded() => _ended.TrySetResult();

    protected override void OnOther(object message)
    {
        // Posted to an actor that had stopped, or in its mailbox when it did.
        var (asked, sender) = message is DeadLetter letter ? (letter.Message, letter.Sender) : (message, Sender);
        if (asked is Commands commands)
            _partitions[commands.Partition].GiveUnknown(commands.Envelopes);
        else if (asked is OpenDay)
            sender.Tell(DayNotOpened.Instance, Self);
        else if (asked is AdoptRulebook)
            sender.Tell(new Status.Failure(_own.Failure?.Error ?? JournalHost.DoesNotServe(_own.Name)), Self);
    }
}
