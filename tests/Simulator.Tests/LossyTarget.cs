using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Tests;

/// <summary>
/// Shards whose store goes now and then: a life ends, what was under way in it is answered unknown whether it stands or
/// not, and the next life begins at once.
/// </summary>
internal sealed class LossyTarget(ICommandTarget inner, ulong seed, int perTenThousand) : ICommandTarget
{
    private readonly Lock _lock = new();
    private readonly long[] _lives = [.. Enumerable.Repeat(1L, inner.ShardCount + inner.PartyShardCount)];
    private ulong _draws;

    public int ShardCount => inner.ShardCount;

    public int PartyShardCount => inner.PartyShardCount;

    /// <summary>Lives that ended.</summary>
    public long Ended => _lives.Sum(life => life - 1);

    public long LifeOf(int shard) => Interlocked.Read(ref _lives[shard]);

    public bool TryPost(Command command, IReplyTo replyTo) => Post(command.Student.ShardOf(ShardCount), replyTo, command.Student, command.Id, to => inner.TryPost(command, to));

    public bool TryPostDay(int shard, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        Post(shard, replyTo, default, new CommandId(mark, 0), to => inner.TryPostDay(shard, mark, day, to));

    private bool Post(int shard, IReplyTo replyTo, StudentId student, CommandId id, Func<IReplyTo, bool> post)
    {
        lock (_lock)
        {
            var life = _lives[shard];
            if (replyTo.Life != life)
                return Lose();
            var dice = Mixing.Mix(seed, _draws++) % 10_000;
            if (dice < (ulong)perTenThousand)
            {
                // It ends before this arrives.
                _lives[shard]++;
                return Lose();
            }

            return post(new Recipient(this, shard, life, replyTo));
        }

        bool Lose()
        {
            // As a supervisor does, which is another thread than the shard's.
            Task.Run(() => replyTo.OnReply(student, new Reply(id, Outcome.Unknown)));
            return true;
        }
    }

    private sealed class Recipient(LossyTarget target, int shard, long life, IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) =>
            replyTo.OnReply(student, target.LifeOf(shard) == life ? reply : new Reply(reply.Command, Outcome.Unknown));
    }
}
