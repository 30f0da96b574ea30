using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Oracle.Harness;

/// <summary>
/// Somebody who listens between a sender and an engine: each command goes on as it was posted, and is shown with its
/// answer before the sender sees that. The answers of a partition come one at a time and a student's in the order of
/// his commands, so that who listens to one partition needs no lock.
/// </summary>
/// <param name="hears">Given the partition, the command and its answer.</param>
internal sealed class Tap(ICommandTarget inner, Action<int, Command, Reply> hears) : ICommandTarget
{
    public int StudentPartitions => inner.StudentPartitions;

    public int LedgerPartitions => inner.LedgerPartitions;

    public bool TryPost(Command command, IReplyTo replyTo) => inner.TryPost(command, new Listener(this, command, replyTo));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) => inner.TryPostDay(partition, mark, day, replyTo);

    private sealed class Listener(Tap tap, Command command, IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            tap.Hears(command, reply);
            replyTo.OnReply(student, reply);
        }
    }

    private void Hears(Command command, in Reply reply) => hears(command.Student.PartitionOf(inner.StudentPartitions), command, reply);
}
