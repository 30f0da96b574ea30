using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>What a client sends over, with a defect in it.</summary>
internal sealed class FaultyTarget(ICommandTarget inner, SimulatedProcess client, Defect defect) : ICommandTarget
{
    private const int Every = 50;
    private int _posted;

    public int ShardCount => inner.ShardCount;

    public int PartyShardCount => inner.PartyShardCount;

    public bool TryPost(Command command, IReplyTo replyTo)
    {
        if (command is Query || ++_posted % Every != 0)
            return inner.TryPost(command, replyTo);
        switch (defect)
        {
            case Defect.CommandsOvertake:
                client.After(TimeSpan.FromMilliseconds(20), StepKind.Client, 2, () => PostLate(command, replyTo));
                return true;
            case Defect.AnsweredTooSoon:
                client.After(TimeSpan.FromMilliseconds(1), StepKind.Client, 2, () => replyTo.OnReply(command.Student, new Reply(command.Id, Outcome.Done)));
                return true;
            case Defect.CommandIsSwallowed:
                return true;
            case Defect.AnsweredTwice:
                return inner.TryPost(command, new Twice(replyTo));
            default:
                return inner.TryPost(command, replyTo);
        }
    }

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) => inner.TryPostDay(shard, mark, day, replyTo);

    private void PostLate(Command command, IReplyTo replyTo)
    {
        if (!inner.TryPost(command, replyTo))
            replyTo.OnReply(command.Student, new Reply(command.Id, Outcome.Overloaded));
    }

    private sealed class Twice(IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply)
        {
            replyTo.OnReply(student, reply);
            replyTo.OnReply(student, reply);
        }
    }
}
