using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Tests;

/// <summary>
/// Partitions whose store goes now and then: a life ends, what was under way in it is answered unknown whether it stands or
/// not, and the next life begins at once.
/// </summary>
internal sealed class LossyTarget(ICommandTarget inner, ulong seed, int perTenThousand) : ICommandTarget
{
    private readonly Lock _lock = new();
    private readonly long[] _lives = [.. Enumerable.Repeat(1L, inner.StudentPartitions + inner.LedgerPartitions)];
    private ulong _draws;

    public int StudentPartitions => inner.StudentPartitions;

    public int LedgerPartitions => inner.LedgerPartitions;

    /// <summary>Lives that ended.</summary>
    public long Ended => _lives.Sum(life => life - 1);

    public long LifeOf(int partition) => Interlocked.Read(ref _lives[partition]);

    public bool TryPost(Command command, IReplyTo replyTo) => Post(command.Student.PartitionOf(StudentPartitions), replyTo, command.Student, command.Id, to => inner.TryPost(command, to));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        Post(partition, replyTo, default, new CommandId(mark, 0), to => inner.TryPostDay(partition, mark, day, to));

    private bool Post(int partition, IReplyTo replyTo, StudentId student, CommandId id, Func<IReplyTo, bool> post)
    {
        lock (_lock)
        {
            var life = _lives[partition];
            if (replyTo.Life != life)
                return Lose();
            var dice = Mixing.Mix(seed, _draws++) % 10_000;
            if (dice < (ulong)perTenThousand)
            {
                // It ends before this arrives.
                _lives[partition]++;
                return Lose();
            }

            return post(new Recipient(this, partition, life, replyTo));
        }

        bool Lose()
        {
            // As a supervisor does, which is another thread than the partition's.
            Task.Run(() => replyTo.OnReply(student, new Reply(id, Outcome.Unknown)));
            return true;
        }
    }

    private sealed class Recipient(LossyTarget target, int partition, long life, IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) =>
            replyTo.OnReply(student, target.LifeOf(partition) == life ? reply : new Reply(reply.Command, Outcome.Unknown));
    }
}
