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

    /// <summary>What the case expects, explained, where that is asked for; of a case that passes too.</summary>
    public IReadOnlyList<Explanation> Explanations { get; init; } = [];
}

/// <summary>Plays a case and compares.</summary>
internal static class CaseRunner
{
    /// <param name="one">The case.</param>
    /// <param name="explains">True explains what it expects, whether it passes or not.</param>
    public static CaseResult Run(RuleCase one, bool explains = false)
    {
        using var world = new CaseWorld(one);
        var differences = new List<Difference>();
        foreach (var step in one.Given)
        {
            world.Open(step.Known);
            differences.AddRange(Play(world, step));
        }

        world.Open(one.Expected.Select(expected => expected.Latest).Append(world.Today).Max());
        world.Close();
        foreach (var expected in one.Expected)
            differences.AddRange(expected.Check(world.Of(expected.Student, expected.Known)));
        var subject = differences.Find(difference => difference.About is not null)?.About;
        return new CaseResult(
            one,
            [.. differences.OrderBy(difference => difference.Line)],
            differences.Count > 0 ? world.History() : [],
            subject is null ? null : Explained(subject, world))
        { Explanations = explains ? Explain(one, world) : [] };
    }

    /// <summary>Everything that is expected; where only answers are, the student at the end.</summary>
    private static Explanation[] Explain(RuleCase one, CaseWorld world)
    {
        var subjects = one.Expected.SelectMany(expected => expected.Subjects).DistinctBy(subject => subject.Title);
        return [.. subjects.DefaultIfEmpty(Subject.Right(1, world.Today, null))
            .Select(subject => Explained(subject, world)).OfType<Explanation>()];
    }

    private static Explanation? Explained(Subject subject, CaseWorld world) =>
        subject.Of(world.Reading(subject.Student));

    private static IEnumerable<Difference> Play(CaseWorld world, CaseStep step)
    {
        for (var i = 0; i < step.Commands.Count; i++)
        {
            var reply = world.Send(step.Commands[i]);
            var isLast =
                i == step.Commands.Count - 1 || IsSettled(world, step.Commands[i], reply, step.Commands[i + 1]);
            var revised = (reply.Answer as ClaimsRevised)?.Claims ?? [];
            if (isLast && step.Revises is { } revises && !revises.SequenceEqual(revised))
                yield return new Difference(step.Line, NameOf(step, i), $"it revises {Shown(revises)}", Shown(revised));
            if (!Fits(reply, isLast ? step.Gives : [])
                || (isLast && step.Rule is { } rule && rule != ReasonRules.RuleOf(reply.Reason)))
            {
                var expected = !isLast || step.Gives.Count == 0 ? "no refusal" : string.Join(", ", step.Gives);
                yield return new Difference(
                    step.Line,
                    NameOf(step, i),
                    isLast && step.Rule is { } wanted ? $"{expected} ({wanted})" : expected,
                    Shown(reply));
            }

            if (isLast)
                break;
        }
    }

    /// <summary>
    /// True where an order was set off to the last centime (X7): it has no payment that could be confirmed.
    /// </summary>
    private static bool IsSettled(CaseWorld world, Command sent, in Reply reply, Command next) =>
        (sent, next, reply.Outcome) is (OrderPayment order, ConfirmPayment, Outcome.Done)
            && world.Of((int)order.Student.Value, null).Claim(order.Claim) is { InTransitCentimes: 0 };

    /// <summary>True for what must come of a step that does not say what it gives.</summary>
    public static bool IsNoRefusal(Outcome outcome) =>
        outcome is Outcome.Done or Outcome.ApplicationAccepted or Outcome.ClaimPayable
            or Outcome.ClaimNothingPayable or Outcome.ClaimHeld;

    private static bool Fits(in Reply reply, IReadOnlyList<string> gives)
    {
        if (gives.Count == 0)
            return IsNoRefusal(reply.Outcome);
        var (outcome, reason) = (SnakeCase<Outcome>.NameOf(reply.Outcome), SnakeCase<Reason>.NameOf(reply.Reason));
        return gives.All(name => name == outcome || name == reason);
    }

    private static string NameOf(CaseStep step, int command) =>
        string.Create(CultureInfo.InvariantCulture, $"{step.What} of {step.Commands[command].Effective:yyyy-MM-dd}{Subject.OfStudent((int)step.Commands[command].Student.Value)}");

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
}
