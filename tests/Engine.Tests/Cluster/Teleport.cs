using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>
/// Commands straight to whatever host says that it serves the shard, with no order kept and nothing sent again: what the ownership of shards has to be right under
/// all by itself.
/// </summary>
internal sealed class Teleport(SimulatedProcess client, SimulatedHosts hosts, int shards, Func<TimeSpan> delay) : ICommandTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public int ShardCount => shards;

    public int PartyShardCount => 0;

    public bool TryPost(Command command, IReplyTo replyTo) =>
        TryPost(command.Student.ShardOf(shards), command.Student, command.Id, replyTo, (node, once) => node.TryPost(command, once));

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        TryPost(shard, default, new CommandId(mark, 0), replyTo, (node, once) => node.TryPostDay(shard, mark, day, once));

    private bool TryPost(int shard, StudentId student, CommandId id, IReplyTo replyTo, Func<ClusterNode, IReplyTo, bool> post)
    {
        if (hosts.Alive.FirstOrDefault(host => host.Node.Runtime.Serves(shard)) is not { } host)
            return false;
        var once = new Once(client, replyTo, delay);
        host.Process.After(delay(), StepKind.Frame, shard, () =>
        {
            if (!post(host.Node, once))
                once.OnReply(student, new Reply(id, Outcome.Overloaded));
        });
        client.After(Patience, StepKind.Timer, shard, () => once.OnReply(student, new Reply(id, Outcome.Unknown)));
        return true;
    }

    private sealed class Once(SimulatedProcess client, IReplyTo replyTo, Func<TimeSpan> delay) : IReplyTo
    {
        private bool _isAnswered;

        public void OnReply(StudentId student, in Reply reply)
        {
            var answer = reply;
            client.After(delay(), StepKind.Frame, (int)reply.Outcome, () =>
            {
                if (!_isAnswered)
                    replyTo.OnReply(student, answer);
                _isAnswered = true;
            });
        }
    }
}
