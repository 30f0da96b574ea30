using Akka.Actor;
using Akka.Persistence;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Actors;

/// <summary>A persistent actor that says to its host whether it serves and why it stopped.</summary>
internal abstract class HostedActor(ActorHost host) : PersistentActor
{
    public override string PersistenceId { get; } = host.PersistenceId;

    /// <summary>A missing or broken journal plugin throws here, where no message is being processed yet.</summary>
    public override void AroundPreStart()
    {
        try
        {
            base.AroundPreStart();
        }
        catch (Exception e)
        {
            host.Fail(e, ActorStage.Recovering);
            throw;
        }
    }

    /// <summary>
    /// The supervisor stops an actor that throws; why is kept first, so that no one is answered before it is known.
    /// </summary>
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception e)
        {
            host.Fail(e, host.IsServing ? ActorStage.Serving : ActorStage.Recovering);
            throw;
        }
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        host.Fail(reason, ActorStage.Recovering);

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => FailWrite(cause);

    /// <summary>
    /// The framework would go on with the next sequence number. The state has the event already, or the chain would
    /// have a gap: a rejected write is a failed one.
    /// </summary>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        FailWrite(cause);
        Context.Stop(Self);
    }

    protected override void PostStop()
    {
        host.Close();
        base.PostStop();
    }

    /// <summary>
    /// A chain cannot see that its last events are missing: the table's highest sequence number says so.
    /// </summary>
    /// <param name="read">The sequence number of the last event that was read.</param>
    protected void RequireAllRead(long read)
    {
        if (LastSequenceNr != read)
            throw new JournalException(
                $"{PersistenceId}: the journal ends with sequence number {LastSequenceNr}, and only {read} can be read. Restore the journal from a copy.");
    }

    /// <summary>The actor takes messages from now on.</summary>
    protected void Serve()
    {
        host.Open(Self);
        Context.Parent.Tell(Serving.Instance, Self);
    }

    private void FailWrite(Exception cause) =>
        host.Fail(cause, host.IsServing ? ActorStage.Serving : ActorStage.Opening);
}
