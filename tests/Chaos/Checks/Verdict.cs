using Amoe.Chaos.Load;
using Amoe.Chaos.Recording;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;

namespace Amoe.Chaos.Checks;

/// <summary>The result of all checks of a journal after the faults.</summary>
/// <param name="Problems">What does not agree; empty when all is well.</param>
/// <param name="Records">Records of the journal.</param>
/// <param name="Takeovers">Incarnations that wrote, beyond the first of each partition.</param>
/// <param name="GivenUpStanding">Of the commands whose senders gave up, how many it has.</param>
/// <param name="Compared">Commands that the oracle decided too.</param>
internal sealed record Verdict(
    IReadOnlyList<string> Problems, ulong Digest, long Records, long Takeovers, long GivenUpStanding, long Compared)
{
    /// <param name="journal">The journal of the cluster, after the last write.</param>
    /// <param name="undisturbed">
    /// The journal of the same days without faults; null when senders gave up, because their year then differs.
    /// </param>
    public static async Task<Verdict> Of(
        IJournal journal, IReadOnlyCollection<Operation> operations, YearOf year, IJournal? undisturbed)
    {
        using var copy = JournalCopy.Of(journal);
        var logic = new AmoeLogic(Rulebook.Embedded);
        var audit = Audit(copy);
        var sent = operations.Select(operation => operation.Command)
            .OfType<Command>()
            .Where(command => command is not Query)
            .ToList();
        List<string> problems = [
            .. audit.Problems, .. HistoryCheck.Problems(operations, copy), .. AnswerCheck.Problems(operations, copy)
        ];
        var (takeovers, standing) = (CountTakeovers(copy), CountStanding(copy, operations));
        if (undisturbed is not null && Audit(undisturbed).Digest is var expected && expected != audit.Digest)
            problems.AddRange(
                [
                    $"the journal's digest is {audit.Digest:x16}, and of the same days where nothing happened it is {expected:x16}",
                    .. Differences.Of(copy, undisturbed)
                ]);

        // The rehearsal decides only commands that were sent.
        if (problems.Count > 0)
            return new Verdict(problems, audit.Digest, audit.Records, takeovers, standing, 0);
        if (await Rehearsal.Digest(copy, sent, logic) is var rehearsed && rehearsed != audit.Digest)
            problems.Add(
                $"the journal's digest is {audit.Digest:x16}, and the same commands decided once more come to {rehearsed:x16}");
        var oracle = await OracleCheck.Of(copy, sent, year.Scenario.Horizon.Opens, year.Scenario.Horizon.Closes);
        if (!oracle.Agrees)
            problems.Add(oracle.Report());
        return new Verdict(problems, audit.Digest, audit.Records, takeovers, standing, oracle.Compared);
    }

    private static AuditReport Audit(IJournal journal) => JournalAudit.Run(journal, Environment.ProcessorCount);

    private static long CountStanding(MemoryJournal journal, IReadOnlyCollection<Operation> operations)
    {
        var givenUp = operations.Where(operation => operation.IsGivenUp && !operation.IsAnswered)
            .ToLookup(
                operation => operation.Partition, operation => (operation.Command!.Student, operation.Command.Id));
        return givenUp.Sum(partition =>
            History.OfPartition(journal, partition.Key)
                .Select(entry => (entry.Header.Student, entry.Header.Id))
                .Intersect(partition)
                .LongCount());
    }

    private static long CountTakeovers(MemoryJournal journal) =>
        Enumerable.Range(0, journal.Identity.TotalPartitions)
            .Sum(partition =>
                Math.Max(0, journal.Read(partition).Select(segment => segment.Epoch).Distinct().Count() - 1L));
}
