using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Explaining;
using Amoe.Engine.Journal;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>The result of a case: the case alone when it is as expected.</summary>
/// <param name="History">What happened.</param>
/// <param name="Why">
/// The explanation of what came instead of what the first difference expects; null where there is none.
/// </param>
internal sealed record CaseResult(
    RuleCase Case, IReadOnlyList<Difference> Differences, IReadOnlyList<HistoryEntry> History, Explanation? Why)
{
    public bool Passed => Differences.Count == 0;
}

/// <summary>Plays a case and compares.</summary>
internal static class CaseRunner
{
    /// <summary>Within this share a claim is drawn, whatever share from it on the rules name.</summary>
    private const int DrawnBasisPoints = 100;

    /// <summary>Outside this share a claim is not drawn, whatever share up to it the rules name.</summary>
    private const int NotDrawnBasisPoints = 5_000;

    private const ulong StudentsMax = 10_000_000;

    public static CaseResult Run(RuleCase one)
    {
        using var world = new CaseWorld(one.Rulebook, StudentOf(one));
        var differences = new List<Difference>();
        var asked = new Queue<Expectation>(
            one.Expected.Where(expected => expected.Known is not null).OrderBy(expected => expected.Known));
        foreach (var step in one.Given)
        {
            // What must be known on a day includes all that became known on it.
            while (asked.TryPeek(out var next) && next.Known < step.Known)
                Check(asked.Dequeue());
            world.Open(step.Known);
            differences.AddRange(Play(world, step));
        }

        while (asked.TryDequeue(out var next))
            Check(next);
        var last = one.Expected.Select(expected => expected.Latest).Append(world.Today).Max();
        world.Open(last);
        foreach (var expected in one.Expected.Where(expected => expected.Known is null))
            differences.AddRange(expected.Check(world));
        if (differences.Count == 0)
            return new CaseResult(one, [], [], null);
        var explained = differences.Find(difference => difference.About is not null);
        return new CaseResult(
            one, [.. differences.OrderBy(difference => difference.Line)], world.History(),
            explained?.About!(world.Read()));

        void Check(Expectation expected)
        {
            if (expected.Known > world.Today)
                world.Open(expected.Known.Value);
            differences.AddRange(expected.Check(world));
        }
    }

    private static IEnumerable<Difference> Play(CaseWorld world, CaseStep step)
    {
        for (var i = 0; i < step.Commands.Count; i++)
        {
            var reply = world.Send(step.Commands[i]);
            var isLast = i == step.Commands.Count - 1;
            var revised = (reply.Answer as ClaimsRevised)?.Claims ?? [];
            if (isLast && step.Revises is { } revises && !revises.SequenceEqual(revised))
                yield return new Difference(step.Line, NameOf(step, i), $"it revises {Shown(revises)}", Shown(revised));
            if (Fits(reply, isLast ? step.Gives : [])
                && !(isLast && step.Rule is { } rule && rule != ReasonRules.RuleOf(reply.Reason)))
                continue;
            var expected = !isLast || step.Gives.Count == 0 ? "no refusal" : string.Join(", ", step.Gives);
            yield return new Difference(
                step.Line,
                NameOf(step, i),
                isLast && step.Rule is { } wanted ? $"{expected} ({wanted})" : expected,
                Shown(reply));
        }
    }

    private static bool Fits(in Reply reply, IReadOnlyList<string> gives)
    {
        if (gives.Count == 0)
            return reply.Outcome is Outcome.Done or Outcome.ApplicationAccepted or Outcome.ClaimPayable
                or Outcome.ClaimNothingPayable or Outcome.ClaimHeld;
        var (outcome, reason) = (SnakeCase<Outcome>.NameOf(reply.Outcome), SnakeCase<Reason>.NameOf(reply.Reason));
        return gives.All(name => name == outcome || name == reason);
    }

    private static string NameOf(CaseStep step, int command) =>
        string.Create(CultureInfo.InvariantCulture, $"{step.What} of {step.Commands[command].Effective:yyyy-MM-dd}");

    private static string Shown(IReadOnlyList<RevisedClaim> revised) => revised.Count == 0
        ? "no other claim"
        : string.Join(
            ", ",
            revised.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture, $"claim {one.Claim}: {SnakeCase<Revision>.NameOf(one.Now)}")));

    private static string Shown(in Reply reply)
    {
        var rule = ReasonRules.RuleOf(reply.Reason);
        var reason = reply.Reason == Reason.None
            ? ""
            : $": {SnakeCase<Reason>.NameOf(reply.Reason)}{(rule.Length == 0 ? "" : $" ({rule})")}";
        return SnakeCase<Outcome>.NameOf(reply.Outcome) + reason;
    }

    /// <summary>
    /// The first student that the draw treats as the case says (X4): the numbers of student and sheet decide it.
    /// </summary>
    private static StudentId StudentOf(RuleCase one)
    {
        var claims = one.Given.SelectMany(step => step.Commands)
            .OfType<DepositClaim>()
            .Select(deposit => deposit.Claim)
            .Distinct()
            .ToList();
        for (var number = 1UL; number < StudentsMax; number++)
        {
            var student = new StudentId(number);
            if (claims.TrueForAll(claim =>
                one.Drawn.Contains(claim)
                    ? ReviewSample.IsDrawn(student, claim, DrawnBasisPoints)
                    : !ReviewSample.IsDrawn(student, claim, NotDrawnBasisPoints)))
                return student;
        }

        throw new CaseException(
            $"{one.File}, line {one.Line}: no student is drawn for all of these claims; take one claim, or other numbers");
    }
}
