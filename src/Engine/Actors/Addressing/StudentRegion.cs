using Akka.Actor;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Actors.Addressing;

/// <summary>
/// The address of all students and claims in an actor system outside a cluster: passes each message on to the partition
/// that hosts its actor. In a cluster the region of its sharding does so.
/// </summary>
internal sealed class StudentRegion : ReceiveActor
{
    /// <summary>The actor is <c>/user/students</c>.</summary>
    public const string Name = "students";

    public StudentRegion(ICommandTarget target) => Receive<ToActor>(to =>
    {
        var reply = new SenderReply(Sender, Self);
        if (!target.TryPost(to.Command, reply))
            reply.OnReply(to.Command.Student, new Reply(to.Command.Id, Outcome.Overloaded));
    });
}

/// <summary>Gives an answer to the actor that asked.</summary>
/// <param name="region">The sender of the answer, which takes the next command too.</param>
internal sealed class SenderReply(IActorRef sender, IActorRef region) : IReplyTo
{
    public void OnReply(StudentId student, in Reply reply) => sender.Tell(reply, region);
}
