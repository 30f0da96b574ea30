using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>
/// Decides a journal's commands once more on one engine in one thread without faults. The same commands in the same
/// order must give the same digest on any hosts, however often a partition changed hands.
/// </summary>
internal sealed class Rehearsal(ILookup<(StudentId Student, CommandId Id), Command> sent) : IReplyTo
{
    public static async Task<ulong> Digest(IJournal journal, IEnumerable<Command> sent, IActorLogic logic)
    {
        using var once = new MemoryJournal(journal.Identity);
        var rehearsal = new Rehearsal(sent.ToLookup(command => (command.Student, command.Id)));
        await using var runtime = new MemoryRuntime(once, logic, new EngineOptions());
        rehearsal.Play(journal, runtime);
        return runtime.Inspect().Digest;
    }

    void IReplyTo.OnReply(StudentId student, in Reply reply)
    {
        if (!reply.IsDecision)
            throw new InvalidOperationException(
                $"{reply.Command} of student {student} was answered {reply.Outcome} by an engine to which nothing happens");
    }

    /// <summary>
    /// A day of the ledgers, which find all of the days before, and then of the students, who find what the ledgers
    /// have for them.
    /// </summary>
    private void Play(IJournal journal, MemoryRuntime runtime)
    {
        var partitions = Enumerable.Range(0, journal.Identity.TotalPartitions)
            .Select(partition =>
                new Queue<RecordHeader>(
                    History.OfPartition(journal, partition)
                        .Select(entry => entry.Header)
                        .Where(header => header.IsCommand ? !IsFromALedger(header) : IsMark(header)))).ToArray();
        while (partitions.Any(partition => partition.Count > 0))
        {
            var day = partitions.Where(partition => partition.Count > 0).Min(partition => partition.Peek().Known);
            for (var i = 1; i <= partitions.Length; i++)
            {
                var partition = partitions.Length - i;
                while (partitions[partition].TryPeek(out var header) && header.Known == day)
                    Post(runtime, partition, partitions[partition].Dequeue());
            }
        }
    }

    private void Post(MemoryRuntime runtime, int partition, RecordHeader header)
    {
        var isTaken = header.IsCommand
            ? runtime.TryPost(
                sent[(header.Student, header.Id)].First(command =>
                    command.Fingerprint() == header.Fingerprint && command.Known == header.Known), this)
            : runtime.TryPostDay(partition, header.Kind, header.Effective, this);
        if (!isTaken)
            throw new InvalidOperationException("an idle partition is overloaded");
    }

    private static bool IsMark(in RecordHeader header) => header.Kind is CommandKind.OpenDay or CommandKind.CloseDay;

    private static bool IsFromALedger(in RecordHeader header) =>
        header.Kind == CommandKind.RecoverOverpayment && header.Id.Attempt >= LedgerDecider.FirstAttempt;
}
