using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Oracle.Harness;

/// <summary>
/// Listens between a sender and an engine. Each command goes on as it was posted, and the listener gets it with its
/// answer before the sender gets the answer. The answers of a partition come one at a time, and a student's in the
/// order of the commands, so a listener to one partition needs no lock.
/// </summary>
/// <param name="hears">Given the partition, the command and its answer.</param>
internal sealed class Tap(ICommandTarget inner, Action<int, Command, Reply> hears) : ICommandTarget
{
    public int StudentPartitions => inner.StudentPartitions;

    public int LedgerPartitions => inner.LedgerPartitions;

    public bool TryPost(Command command, IReplyTo replyTo) =>
        inner.TryPost(command, new Listener(this, command, replyTo));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        inner.TryPostDay(partition, mark, day, replyTo);

    private sealed class Listener(Tap tap, Command command, IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            tap.Hears(command, reply);
            replyTo.OnReply(student, reply);
        }
    }

    private void Hears(Command command, in Reply reply) =>
        hears(command.Student.PartitionOf(inner.StudentPartitions), command, reply);
}
