using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>
/// A readjudicated claim: which lines came to be decided differently, from what, and that what was decided and paid
/// before was right then (S5).
/// </summary>
internal static class RevisionExplainer
{
    public static Explanation Of(StudentReading reading, HistoryEntry entry, ClaimRevised revised)
    {
        var then = reading.Before(entry, revised);
        var claim = then.Claim(revised.Claim);
        var units = ApprovedUnits.Of(then.Now, claim, revised.Outcomes, then.Rules);

        // A late fact leaves the lines of other days alone; the others have every line readjudicated.
        var isWhole = revised.Cause is RevisionCause.Appeal or RevisionCause.Reopened;
        var changed = from i in Enumerable.Range(0, revised.Outcomes.Length)
                      let isChanged = revised.Outcomes[i] != revised.Former[i]
                      where isChanged || isWhole
                      select LineExplainer.Of(then, claim, i, revised.Outcomes[i], units[i])
                          .For(isChanged ? Former(revised.Former[i]) : new Explanation(Keys.LineAsItWas));
        (string, Argument)[] arguments =
        [
            ("known", new On(entry.Header.Known)), ("cause", Name.Of("revision", revised.Cause)),
            ("before", new Money(LineOutcome.Sum(revised.Former))),
            ("after", new Money(LineOutcome.Sum(revised.Outcomes))),
        ];
        return new Explanation(Keys.ClaimRevised, arguments).Under(RuleOf(revised.Cause))
            .For(revised.Cause == RevisionCause.LateFact ? Learnt(then, entry, revised.Claim) : [])
            .For(changed)
            .For(
                revised.Outcomes.Length > 1 ? AdjudicationExplainer.Sum(revised.Outcomes) : null,
                revised.Outcomes.Length > 1 ? PatientShare.Of(claim, revised.Outcomes) : null,
                revised.DueCentimes > 0
                    ? new Explanation(Keys.RevisionDue, ("amount", new Money(revised.DueCentimes))).Under("K8")
                    : null);
    }

    /// <summary>
    /// X5, S5: a granted appeal or a re-opening that changed nothing has no event of its own; its lines are explained
    /// as they were.
    /// </summary>
    public static Explanation? Unchanged(StudentReading reading, HistoryEntry entry, ulong number)
    {
        if (entry.Events.OfType<ClaimRevised>().Any(revised => revised.Claim == number))
            return null;
        var then = reading.Through(entry);
        var claim = then.Claim(number);
        var units = ApprovedUnits.Of(then.Now, claim, claim.Outcomes, then.Rules);
        return new Explanation(Keys.JudgedAgainUnchanged, ("amount", new Money(claim.PayableCentimes)))
            .For(claim.Outcomes.Select((outcome, i) => LineExplainer.Of(then, claim, i, outcome, units[i])));
    }

    private static string RuleOf(RevisionCause cause) => cause switch
    {
        RevisionCause.Duplicate => "X1",
        RevisionCause.Review => "X4",
        RevisionCause.Appeal => "X5",
        _ => "S5",
    };

    private static Explanation Former(LineOutcome former) => former.IsRefused
        ? new Explanation(Keys.LineFormerRefused, ("reason", Name.Of("reason", former.Reason)))
        : new Explanation(Keys.LineFormer, ("amount", new Money(former.AmountCentimes)));

    /// <summary>What was learnt, and that it was unknown when the claim was decided and paid.</summary>
    private static IEnumerable<Explanation> Learnt(StudentReading then, HistoryEntry entry, ulong claim)
    {
        var header = entry.Header;
        yield return Hindsight.Learnt(entry);
        if (then.LastJudgement(claim) is { } judged && judged.Header.Known < header.Known)
            yield return new Explanation(Keys.CorrectWhenDecided, ("known", new On(judged.Header.Known))).Under("S5");
        foreach (var paid in then.Of(claim)
            .SelectMany(record => record.Events.OfType<PaymentMade>())
            .Where(paid => paid.Claim == claim && paid.On < header.Known))
            yield return new Explanation(Keys.CorrectWhenPaid, ("day", new On(paid.On))).Under("S5");
    }
}
