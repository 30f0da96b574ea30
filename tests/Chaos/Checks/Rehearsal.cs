using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Chaos.Checks;

/// <summary>
/// What a journal has, decided once more by one engine in one thread that nothing happens to: the same commands in the order in which they were decided come to
/// the same digest, whoever decided them, however often a shard changed hands.
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
            throw new InvalidOperationException($"{reply.Command} of student {student} was answered {reply.Outcome} by an engine to which nothing happens");
    }

    /// <summary>A day of the ledgers, which find all of the days before, and then of the students, who find what the ledgers have for them.</summary>
    private void Play(IJournal journal, MemoryRuntime runtime)
    {
        var shards = Enumerable.Range(0, journal.Identity.TotalShards)
            .Select(shard => new Queue<RecordHeader>(History.OfShard(journal, shard).Select(entry => entry.Header).Where(header => header.IsCommand ? !IsFromALedger(header) : IsMark(header)))).ToArray();
        while (shards.Any(shard => shard.Count > 0))
        {
            var day = shards.Where(shard => shard.Count > 0).Min(shard => shard.Peek().Known);
            for (var i = 1; i <= shards.Length; i++)
            {
                var shard = shards.Length - i;
                while (shards[shard].TryPeek(out var header) && header.Known == day)
                    Post(runtime, shard, shards[shard].Dequeue());
            }
        }
    }

    private void Post(MemoryRuntime runtime, int shard, RecordHeader header)
    {
        var isTaken = header.IsCommand
            ? runtime.TryPost(sent[(header.Student, header.Id)].First(command => command.Fingerprint() == header.Fingerprint && command.Known == header.Known), this)
            : runtime.TryPostDay(shard, header.Kind, header.Effective, this);
        if (!isTaken)
            throw new InvalidOperationException("an idle partition is overloaded");
    }

    private static bool IsMark(in RecordHeader header) => header.Kind is CommandKind.OpenDay or CommandKind.CloseDay;

    private static bool IsFromALedger(in RecordHeader header) => header.Kind == CommandKind.RecoverOverpayment && header.Id.Attempt >= LedgerDecider.FirstAttempt;
}
