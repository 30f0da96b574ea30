using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>A suspension with the facts it rests on: what was due and not received, which other coverage, which interruption (S1-S4, T3-T5).</summary>
internal static class SuspensionExplainer
{
    public static Explanation Of(StudentReading reading, Suspension suspension)
    {
        var isOpen = suspension.Until == DateOnly.MaxValue;
        (string, Argument)[] arguments = [("cause", Name.Of("suspension", suspension.Cause)), ("from", new On(suspension.From)), ("until", new On(suspension.Until))];
        return new Explanation(isOpen ? Keys.SuspensionOpen : Keys.SuspensionClosed, isOpen ? arguments[..2] : arguments).Under(RuleOf(suspension.Cause)).For(suspension.Cause switch
        {
            SuspensionCause.Contribution => Unpaid(reading, suspension),
            SuspensionCause.OtherCoverage => Covered(reading, suspension),
            _ => Interrupted(reading, suspension),
        });
    }

    public static string RuleOf(SuspensionCause cause) => cause switch
    {
        SuspensionCause.Contribution => "S1",
        SuspensionCause.OtherCoverage => "S2",
        _ => "S3",
    };

    private static IEnumerable<Explanation?> Unpaid(StudentReading reading, Suspension suspension)
    {
        if (reading.Last<ApplicationAccepted>(a => a.ContributionDue is { } due && due < suspension.From) is var (entry, accepted))
            yield return ContributionExplainer.Due(reading, entry, accepted.ContributionDue!.Value);
        yield return reading.Last<ContributionReceived>(r => r.On >= suspension.From) is var (receipt, received)
            ? new Explanation(Keys.ContributionReceived, ("amount", new Money(received.AmountCentimes)), ("on", new On(received.On)), ("known", new On(receipt.Header.Known))).Under("C3")
            : new Explanation(Keys.ContributionNotReceived).Under("C3");
    }

    private static IEnumerable<Explanation?> Covered(StudentReading reading, Suspension suspension)
    {
        if (reading.Last<OtherCoverageReported>(r => r.From <= suspension.From) is var (entry, reported))
            yield return FactExplainer.Of(entry, reported);
        if (reading.Last<OtherCoverageEnded>(e => e.LastDay >= suspension.From) is var (later, ended))
            yield return FactExplainer.Of(later, ended);
    }

    private static IEnumerable<Explanation?> Interrupted(StudentReading reading, Suspension suspension)
    {
        if (reading.Last<StudiesInterrupted>(i => i.From <= suspension.From) is not var (entry, interrupted))
            yield break;
        yield return FactExplainer.Of(entry, interrupted);
        var starts = interrupted.From;
        foreach (var (changeEntry, change) in Changes(reading, interrupted.From, suspension.From))
        {
            yield return FactExplainer.Of(changeEntry, change);
            if (change.Suspends is { } suspends && suspends != interrupted.Suspends)
                starts = change.On;
        }

        yield return Clock(reading.Rules, starts, suspension.From);
        if (reading.Last<StudiesResumed>(r => r.On > suspension.From) is var (back, resumed))
            yield return FactExplainer.Of(back, resumed);
    }

    /// <summary>T4: so many months after the clock started.</summary>
    private static Explanation Clock(Rulebook rules, DateOnly starts, DateOnly suspends)
    {
        var months = rules.On(starts).InterruptionMonths;
        var formula = new Formula(new On(starts), Sign.Plus, new Count(months, Unit.Month), Sign.Is, new On(starts.AddMonths(months)));
        return new Explanation(Keys.InterruptionClock, ("from", new On(suspends)), ("formula", formula)).Under("T4")
            .By(rules.Read(ParameterIds.InterruptionMonths, starts), rules.Read(ParameterIds.ExcusedReasons, starts));
    }

    private static IEnumerable<(HistoryEntry Entry, InterruptionReasonChanged Change)> Changes(StudentReading reading, DateOnly first, DateOnly last) =>
        from entry in reading.Entries
        from change in entry.Events.OfType<InterruptionReasonChanged>()
        where change.On >= first && change.On <= last
        select (entry, change);
}
