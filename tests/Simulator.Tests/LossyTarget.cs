using Amoe.Engine.Actors;
using Amoe.Engine.Domain;

namespace Amoe.Simulator.Tests;

/// <summary>
/// Partitions whose store fails now and then. An incarnation ends, its pending commands are answered unknown whether
/// they are durable or not, and the next incarnation begins at once.
/// </summary>
internal sealed class LossyTarget(ICommandTarget inner, ulong seed, int perTenThousand) : ICommandTarget
{
    private readonly Lock _lock = new();
    private readonly long[] _incarnations = [.. Enumerable.Repeat(
        1L, inner.StudentPartitions + inner.LedgerPartitions)];
    private ulong _draws;

    public int StudentPartitions => inner.StudentPartitions;

    public int LedgerPartitions => inner.LedgerPartitions;

    /// <summary>The number of incarnations that ended.</summary>
    public long Ended => _incarnations.Sum(incarnation => incarnation - 1);

    public long IncarnationOf(int partition) => Interlocked.Read(ref _incarnations[partition]);

    public bool TryPost(Command command, IReplyTo replyTo) =>
        Post(
            command.Student.PartitionOf(StudentPartitions), replyTo, command.Student, command.Id,
            to => inner.TryPost(command, to));

    public bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo) =>
        Post(partition, replyTo, default, new CommandId(mark, 0), to => inner.TryPostDay(partition, mark, day, to));

    private bool Post(int partition, IReplyTo replyTo, StudentId student, CommandId id, Func<IReplyTo, bool> post)
    {
        lock (_lock)
        {
            var incarnation = _incarnations[partition];
            if (replyTo.Incarnation != incarnation)
                return Lose();
            var dice = Mixing.Mix(seed, _draws++) % 10_000;
            if (dice < (ulong)perTenThousand)
            {
                // It ends before this arrives.
                _incarnations[partition]++;
                return Lose();
            }

            return post(new Recipient(this, partition, incarnation, replyTo));
        }

        bool Lose()
        {
            // As a supervisor does, which is another thread than the partition's.
            Task.Run(() => replyTo.OnReply(student, new Reply(id, Outcome.Unknown)));
            return true;
        }
    }

    private sealed class Recipient(LossyTarget target, int partition, long incarnation, IReplyTo replyTo) : IReplyTo
    {
        public void OnReply(StudentId student, in Reply reply) =>
            replyTo.OnReply(
                student,
                target.IncarnationOf(partition) == incarnation ? reply : new Reply(reply.Command, Outcome.Unknown));
    }
}
