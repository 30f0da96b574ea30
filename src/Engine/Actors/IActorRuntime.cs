using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>
/// Takes commands and the marks of days for partitions, wherever these are: in this process, or on hosts that are
/// reached over a network.
/// </summary>
public interface ICommandTarget
{
    /// <summary>Partitions of students and their claims.</summary>
    int StudentPartitions { get; }

    /// <summary>
    /// Partitions of institutions, providers and payment runs, numbered after the students'; 0 where no ledgers are
    /// kept.
    /// </summary>
    int LedgerPartitions { get; }

    /// <summary>The answer of <see cref="IncarnationOf"/> where a partition is out of service for good.</summary>
    const long NoIncarnation = -1;

    /// <summary>
    /// The incarnation of a partition: how often it was started. A sender that names one
    /// (<see cref="IReplyTo.Incarnation"/>) hears <see cref="Outcome.Unknown"/> from every other, so its later commands
    /// are not decided before the lost ones. 0 where incarnations are not counted.
    /// </summary>
    long IncarnationOf(int partition) => 0;

    /// <summary>
    /// Takes a command for its partition. False when too many wait already, or nothing is taken any more: the command
    /// is <see cref="Outcome.Overloaded"/>.
    /// </summary>
    bool TryPost(Command command, IReplyTo replyTo);

    /// <summary>
    /// Takes commands in their order, and returns how many: fewer than there are when too many wait already, or nothing
    /// is taken any more.
    /// </summary>
    int TryPostAll(ReadOnlySpan<Command> commands, IReplyTo replyTo)
    {
        var taken = 0;
        while (taken < commands.Length && TryPost(commands[taken], replyTo))
            taken++;
        return taken;
    }

    /// <summary>
    /// Opens or closes a day on one partition, behind what waits for it already. Opening fires what falls due that day;
    /// closing is the durable mark at which <c>--resume</c> takes up. Doing so again for a day already opened or closed
    /// does nothing and is answered <see cref="Outcome.Done"/>.
    /// </summary>
    /// <param name="mark"><see cref="CommandKind.OpenDay"/> or <see cref="CommandKind.CloseDay"/>.</param>
    bool TryPostDay(int partition, CommandKind mark, DateOnly day, IReplyTo replyTo);
}

/// <summary>
/// Hosts the students' and claims' actors: takes commands, decides one turn at a time per partition, and answers only
/// after the events that the answer rests on are durable. The conformance suite is written against this seam, so that
/// another runtime can implement it.
/// </summary>
public interface IActorRuntime : ICommandTarget, IAsyncDisposable
{
    /// <summary>
    /// The state of the runtime, summed over the partitions. Exact once everything posted is answered; a moving picture
    /// before.
    /// </summary>
    RuntimeState Inspect();
}

/// <summary>A runtime's state as its users may see it.</summary>
/// <param name="Digest">The commutative sum of every actor's ordered event history.</param>
/// <param name="Totals">The domain's counts and sums.</param>
/// <param name="Parties">The sums over the ledgers: behind the students' by what is on its way to them.</param>
/// <param name="OpenClaims">Claims that are actors now; passivated ones are compact records.</param>
/// <param name="Quarantined">
/// Students out of service, with the reason: a history cannot be replayed, or records cannot be read.
/// </param>
/// <param name="ReadBack">What reading passivated claims back came to.</param>
public sealed record RuntimeState(
    ulong Digest, Totals Totals, PartyTotals Parties, long Students, long OpenClaims,
    IReadOnlyDictionary<StudentId, QuarantinedStudent> Quarantined, ReadBackFigures ReadBack)
{
    /// <summary>
    /// Partitions whose log cannot be followed, by their name in the journal, with the reason: nothing of theirs is in
    /// the sums.
    /// </summary>
    public IReadOnlyDictionary<string, string> OutOfService { get; init; } = new Dictionary<string, string>();
}

/// <summary>Waiting for an answer without a callback of one's own.</summary>
public static class Asking
{
    /// <summary>
    /// Posts a command and waits for its reply. A full mailbox answers <see cref="Outcome.Overloaded"/>.
    /// </summary>
    public static Task<Reply> Ask(this ICommandTarget runtime, Command command)
    {
        var waiter = new Waiter();
        return runtime.TryPost(command, waiter)
            ? waiter.Task
            : Task.FromResult(new Reply(command.Id, Outcome.Overloaded));
    }

    /// <summary>
    /// Opens or closes a day on every partition and waits until all have: student partitions first, so that ledger
    /// partitions find the postings of the days before.
    /// </summary>
    public static async Task MarkDay(this ICommandTarget runtime, CommandKind mark, DateOnly day)
    {
        await runtime.MarkDay(mark, day, 0, runtime.StudentPartitions);
        await runtime.MarkDay(mark, day, runtime.StudentPartitions, runtime.LedgerPartitions);
    }

    private static Task<Reply[]> MarkDay(
        this ICommandTarget runtime, CommandKind mark, DateOnly day, int first, int count)
    {
        var waiters = new List<Task<Reply>>(count);
        for (var partition = first; partition < first + count; partition++)
        {
            var waiter = new Waiter();
            if (!runtime.TryPostDay(partition, mark, day, waiter))
                throw new InvalidOperationException(
                    $"partition {partition} is overloaded: wait for replies before marking a day");
            waiters.Add(waiter.Task);
        }

        return Task.WhenAll(waiters);
    }

    private sealed class Waiter : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Reply> Task => _source.Task;

        public void OnReply(StudentId student, in Reply reply) => _source.TrySetResult(reply);
    }
}
