using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Oracle.Model;

namespace Amoe.Oracle.Harness;

/// <summary>
/// Compares model and engine: every command's answer while they run, and at the end, from the journal alone, every
/// student's entitlement on every day, every claim and the totals.
/// </summary>
internal sealed class Comparison
{
    private const int KindsShown = 10;
    private readonly PartitionComparison[] _partitions;
    private readonly IActorLogic _logic;
    private readonly List<string> _totals = [];

    /// <param name="logic">With which the journal is read back.</param>
    /// <param name="running">
    /// The journal while it is written, where there are ledgers that send commands of their own.
    /// </param>
    public Comparison(
        int partitions, Scheme scheme, Rulebook rulebook, IActorLogic logic, Func<IJournal>? running = null)
    {
        _logic = logic;
        _partitions = new PartitionComparison[partitions];
        for (var i = 0; i < partitions; i++)
            _partitions[i] = new PartitionComparison(
                scheme, rulebook)
            { FromLedgers = running is null ? null : student => FromLedgers(running(), student) };
    }

    public long Compared => _partitions.Sum(partition => partition.Compared);

    public long Students => _partitions.Sum(partition => (long)partition.Model.People.Count);

    public long Claims => _partitions.Sum(partition => partition.Model.Sums.Claims);

    public IEnumerable<Disagreement> Disagreements => _partitions.SelectMany(partition => partition.Disagreements);

    /// <summary>How often each situation of the rules occurred, by name.</summary>
    public IReadOnlyList<(string Name, long Times)> Situations =>
        Harness.Situations.Of([.. _partitions.Select(partition => partition.Model)]);

    public bool Agrees => _totals.Count == 0 && !Disagreements.Any();

    public void Take(int partition, Command command, Reply reply) => _partitions[partition].Take(command, reply);

    /// <summary>
    /// Takes what a journal has instead of what was answered: of a run in which answers were lost and commands sent
    /// again, it alone has the order in which they were decided.
    /// </summary>
    public void Take(IJournal journal, IEnumerable<Command> sent)
    {
        var commands = sent.Where(command => command is not Query)
            .ToLookup(command => (command.Student, command.Id, command.Fingerprint()));
        for (var i = 0; i < _partitions.Length; i++)
        {
            foreach (var entry in History.OfPartition(journal, i).Where(entry => entry.Header.IsCommand))
            {
                var header = entry.Header;

                // The same command may have become known on more days than one: the model asks for no more than one of
                // them.
                if (commands[(header.Student, header.Id, header.Fingerprint)].FirstOrDefault() is { } command)
                    Take(i, command, new Reply(header.Id, header.Outcome, header.Reason));
                else if (FromALedger(entry) is { } recovery)
                    Take(i, recovery, new Reply(header.Id, header.Outcome, header.Reason));
                else
                    _partitions[i].Disagree(header.Student, $"{header.Id} is in the journal and was not sent");
            }
        }
    }

    /// <summary>Compares what the journal leads to with what the model has come to.</summary>
    /// <param name="first">The first day on which entitlement is compared.</param>
    public void CompareEnd(IJournal journal, DateOnly first, DateOnly last)
    {
        var totals = new Totals();
        for (var i = 0; i < _partitions.Length; i++)
        {
            var state = PartitionReplay.Of(journal, i, _logic);
            totals.Add(state.Totals);
            TakeLastWords(_partitions[i]);
            CompareStudents(_partitions[i], state, first, last);
            CompareClaims(_partitions[i], FoldedClaims.Of(journal, i, _logic));
        }

        // What a student was wrongly answered shows in the totals too: no news.
        if (!Disagreements.Any())
            _totals.AddRange(TotalsComparison.Of([.. _partitions.Select(partition => partition.Model)], totals));
    }

    /// <summary>The number of disagreements, and of each kind the one with the shortest story.</summary>
    public string Report()
    {
        var all = Disagreements.ToList();
        var kinds = all.GroupBy(one => one.Kind).OrderByDescending(group => group.Count());
        return string.Join("\n\n", [
            $"{all.Count} students of {Students} disagree, {_totals.Count} totals differ",
            .. kinds.Take(KindsShown).Select(kind => $"{kind.Count()} times: {kind.MinBy(one => one.Story.Count)}"),
            .. _totals]);
    }

    /// <summary>
    /// Providers' ledgers that had the last word: nothing came after it that would have asked for it.
    /// </summary>
    private static void TakeLastWords(PartitionComparison partition)
    {
        if (partition.FromLedgers is null)
            return;
        foreach (var person in partition.Model.People.Where(person =>
            !partition.IsLost(person.Id)
                && person.Claims.Values.Any(claim => claim.AccountOf(PaidTo.Provider) is { Overpaid: > 0 })).ToList())
            partition.TakeFromLedgers(person.Id);
    }

    private static IEnumerable<(Command, Reply)> FromLedgers(IJournal journal, StudentId student)
    {
        foreach (var entry in History.Of(journal, student))
        {
            if (FromALedger(entry) is { } recovery)
                yield return (recovery, new Reply(entry.Header.Id, entry.Header.Outcome, entry.Header.Reason));
        }
    }

    /// <summary>A command that a provider's ledger sent to a claim; null for one from outside.</summary>
    private static RecoverOverpayment? FromALedger(HistoryEntry entry) =>
        entry.Header is { Kind: CommandKind.RecoverOverpayment, Id.Attempt: >= LedgerDecider.FirstAttempt } header
            && entry.Events.OfType<OverpaymentRecovered>().FirstOrDefault() is { } recovered
            ? new RecoverOverpayment(
                header.Student, header.Id.Reference, header.Effective, header.Known,
                recovered.AmountCentimes)
            { Attempt = header.Id.Attempt }
            : null;

    private void CompareStudents(PartitionComparison partition, PartitionState state, DateOnly first, DateOnly last)
    {
        foreach (var person in partition.Model.People)
        {
            if (partition.IsLost(person.Id))
                continue;
            var student = state.Find(person.Id);
            if (student is null && !person.IsKnown)
                continue;
            if (student is null)
                partition.Disagree(person.Id, "he is not in the journal");
            else if (WhatDiffers(partition.Model.Scheme, person, student, first, last) is { } difference)
                partition.Disagree(person.Id, difference);
        }

        foreach (var cell in state.Students.Where(cell => partition.Model.Find(cell.Id) is null))
            partition.Disagree(cell.Id, "he is in the journal and nothing was sent to him");
    }

    private static string? WhatDiffers(Scheme scheme, Person person, Student student, DateOnly first, DateOnly last)
    {
        var held = student.Insurance?.HeldCentimes ?? 0;
        var expectedHeld = Contributions.Held(person, scheme);
        if (expectedHeld != held / 100m)
            return $"expected {expectedHeld:0.00} held, got {held / 100m:0.00}";

        // Most students have no entitlement period at all.
        if (!person.HasAnyRight && student.Insurance is not { Rights.Length: > 0 })
            return null;
        var standing = new EntitledDays(person, scheme);
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            var (expected, actual) = (standing.Validate(day), Entitlement.On(student, day));
            if (expected != actual)
                return $"on {day:yyyy-MM-dd} expected {(expected == Reason.None ? "entitled" : expected)}, got {(actual == Reason.None ? "entitled" : actual)}";
        }

        return null;
    }

    private static void CompareClaims(PartitionComparison partition, Dictionary<(StudentId, ulong), FoldedClaim> folded)
    {
        foreach (var person in partition.Model.People)
        {
            foreach (var claim in person.Claims.Values)
            {
                if (partition.IsLost(person.Id))
                    break;
                if (!folded.Remove((person.Id, claim.Number), out var actual))
                    partition.Disagree(person.Id, $"claim {claim.Number} is not in the journal");
                else if (ClaimComparison.Of(claim, actual.Claim, actual.Returns) is { } difference)
                    partition.Disagree(person.Id, $"claim {claim.Number}: {difference}");
            }
        }

        foreach (var (student, number) in folded.Keys.Where(key => !partition.IsLost(key.Item1)))
            partition.Disagree(student, $"claim {number} is in the journal and was never deposited");
    }
}
