using System.Diagnostics;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Bench.Ladder;

/// <summary>Lines adjudicated in a second on one core, in memory.</summary>
/// <param name="Decided">
/// A whole claim: received, its student asked about each line's day, every line priced, both events made.
/// </param>
/// <param name="Priced">A line's price alone.</param>
internal sealed record AdjudicationRates(long Decided, long Priced);

/// <summary>Adjudicates claims of a recording for a while.</summary>
internal static class AdjudicationSpeed
{
    private const int ClaimsMax = 20_000;
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(1);

    public static AdjudicationRates Measure(Recording recording)
    {
        var files = recording.Tapes.SelectMany(tape => tape.Commands)
            .OfType<DepositClaim>()
            .Take(ClaimsMax)
            .Select(File.Of)
            .ToArray();
        var lines = files.Sum(file => file.Claim.Lines.Length);
        return new AdjudicationRates(
            Rate(lines, () =>
            {
                foreach (var file in files)
                    file.Adjudicate(Rulebook.Embedded);
            }),
            Rate(lines, () =>
            {
                foreach (var file in files)
                    file.Price(Rulebook.Embedded);
            }));
    }

    private static long Rate(int lines, Action once)
    {
        once();
        Heap.Collect();
        var (start, times) = (Stopwatch.GetTimestamp(), 0L);
        for (; Stopwatch.GetElapsedTime(start) < Enough; times++)
            once();
        return (long)(lines * times / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>A deposited claim and its student, who has an entitlement period.</summary>
    internal sealed record File(Student Student, Claim Claim, ReceiveClaim Command)
    {
        private readonly Decision _decision = new();

        public static File Of(DepositClaim deposit)
        {
            var student = new Student(deposit.Student);
            var year = deposit.Known.Month >= 9 ? deposit.Known.Year : deposit.Known.Year - 1;
            StudentEvolver.Evolve(student, new ApplicationAccepted(
                year, deposit.Known.AddYears(-2), deposit.Known.AddYears(1), deposit.Known.AddYears(1), null));
            var claim = new Claim(deposit.Claim);
            ClaimEvolver.Evolve(
                claim,
                new ClaimDeposited(
                    deposit.Claim, deposit.Way, deposit.Desk, deposit.Provider, deposit.Items, deposit.Effective,
                    deposit.Lines));
            return new File(
                student, claim, new ReceiveClaim(deposit.Student, deposit.Claim, deposit.Known, deposit.Known));
        }

        /// <summary>
        /// Decides <see cref="ReceiveClaim"/> like a partition, without mailbox and journal, and leaves the claim as it
        /// was.
        /// </summary>
        public Event Adjudicate(Rulebook rules)
        {
            _decision.Clear();
            Claim.Status = ClaimStatus.Deposited;
            ClaimDecider.Decide(Claim, Command, OnlyClaim.Instance, rules, _decision);
            ClaimEvolver.Evolve(Claim, (ClaimEvent)_decision.Events[0]);
            var question = (CheckCoverage)_decision.Messages[0];
            _decision.Taken();
            StudentDecider.Decide(Student, question, OnlyClaim.Instance, _decision);
            var answer = (CoverageAnswer)_decision.Messages[0];
            _decision.Taken();
            ClaimDecider.Decide(Claim, answer, rules, _decision);
            return _decision.Events[0];
        }

        public long Price(Rulebook rules)
        {
            var sum = 0L;
            foreach (ref readonly var line in Claim.Lines.AsSpan())
                sum += Adjudication.Price(
                    line, Claim.Way, Claim.DepositedOn, new LineCoverage(Reason.None, false, line.Quantity),
                    rules).AmountCentimes;
            return sum;
        }
    }
}
