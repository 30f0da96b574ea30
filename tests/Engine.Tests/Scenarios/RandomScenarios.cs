using System.Collections.Concurrent;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Scenarios;

/// <summary>
/// Random scenarios hold what must always hold, and between them reach every state and every reason. AMOE_SCENARIOS
/// says how many; a failure names its seed, and AMOE_SEED runs that one alone.
/// </summary>
[Trait("Breadth", "full")]
public sealed class RandomScenarios
{
    private const int ScenariosByDefault = 1_000;

    // Fewer, or the one that AMOE_SEED names, cannot reach everything: they show that nothing is wrong.
    private const int ScenariosThatReachEverything = 200;

    // Scenarios differ more than students of one: a quarter of the students reaches everything too.
    private static readonly int _studentsPerScenario = Breadth.Of(quick: 50, full: 200);

    // The scheme's default has no limit for late filing (X2): every fourth scenario has one.
    private static readonly Rulebook RulebookWithLateFiling = WithLateFiling();

    [Fact]
    public void Hold_money_entitlement_order_and_durability_and_reach_everything()
    {
        var outcomes = new ConcurrentDictionary<Outcome, bool>();
        var reasons = new ConcurrentDictionary<Reason, bool>();
        var lines = new ConcurrentDictionary<Reason, bool>();
        var transitions = new ConcurrentDictionary<string, bool>();
        var failures = new ConcurrentQueue<string>();
        OwnThreads.ForEach(Seeds(), seed =>
        {
            using var run = ScenarioRun.OverPartitions(
                seed, seed % 4 == 0 ? RulebookWithLateFiling : Rulebook.Embedded);
            var state = PlayNamingTheSeed(run, seed);
            var audit = run.Audit(CancellationToken.None);
            foreach (var problem in run.Problems.Concat(audit.Problems))
                failures.Enqueue($"seed {seed}: {problem}");
            if (audit.Digest != state.Digest)
                failures.Enqueue(
                    $"seed {seed}: replayed, the digest is {audit.Digest:x16}; live it was {state.Digest:x16}");
            if (audit.Accounts.NotYetBooked != default || audit.Accounts.Ledgers.SetOffInTransitCentimes != 0)
                failures.Enqueue(
                    $"seed {seed}: all days are over, and not yet booked is {audit.Accounts.NotYetBooked}, to the claims {audit.Accounts.Ledgers.SetOffInTransitCentimes}");
            foreach (var outcome in run.Outcomes)
                outcomes[outcome] = true;
            foreach (var reason in run.Reasons)
                reasons[reason] = true;
            foreach (var reason in Enum.GetValues<Reason>().Where(reason =>
                audit.Accounts.Totals.LinesRefusedFor(reason) > 0))
                lines[reason] = true;
            foreach (var transition in Transitions.Of(run.Durable))
                transitions[transition] = true;
        });

        Assert.Empty(failures.Take(10));
        if (Seeds().Count() >= ScenariosThatReachEverything)
            AssertEverythingWasReached(outcomes.Keys, reasons.Keys.Union(lines.Keys), transitions.Keys);
    }

    private static void AssertEverythingWasReached(
        IEnumerable<Outcome> outcomes, IEnumerable<Reason> reasons, ICollection<string> transitions)
    {
        // Files without their prices are returned: only journals of the first version have lines without.
        Assert.Empty(Enum.GetValues<Reason>().Except([Reason.ReferenceMissing]).Except(reasons));
        Assert.Empty(
            Enum.GetValues<Outcome>()
                .Except([Outcome.Overloaded, Outcome.Failed, Outcome.Quarantined])
                .Except(outcomes));
        Assert.Empty(Transitions.All.Except(transitions));
        Assert.Empty(transitions.Except(Transitions.All));
    }

    private static RuntimeState PlayNamingTheSeed(ScenarioRun run, ulong seed)
    {
        try
        {
            return run.Play(_studentsPerScenario).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }

    private static IEnumerable<ulong> Seeds()
    {
        if (ulong.TryParse(Environment.GetEnvironmentVariable("AMOE_SEED"), out var seed))
            return [seed];
        var count = int.TryParse(Environment.GetEnvironmentVariable("AMOE_SCENARIOS"), out var asked)
            ? asked
            : ScenariosByDefault;
        return Enumerable.Range(1, count).Select(i => (ulong)i);
    }

    // What the scheme's own rulebook has off: late filing is refused and approvals have an end.
    private static Rulebook WithLateFiling() =>
        Rulebook.Load(
            With("B10.approval_validity_days", "90", With("X2.late_filing_days", "60", Rulebook.EmbeddedText)),
            "with late filing");

    private static string With(string parameter, string value, string text)
    {
        var at = text.IndexOf("value: 0", text.IndexOf(parameter, StringComparison.Ordinal), StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), $"value: {value}", text.AsSpan(at + "value: 0".Length));
    }
}
