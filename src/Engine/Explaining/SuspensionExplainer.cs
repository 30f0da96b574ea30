using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>A suspension with the facts it rests on: what was due and not received, which other coverage, which interruption (S1-S4, T3-T5).</summary>
internal static class SuspensionExplainer
{
    public static Explanation Of(StudentReading reading, Suspension suspension) => Of(suspension.Cause, suspension.From, suspension.IsOpen ? null : suspension.Until).For(suspension.Cause switch
    {
        SuspensionCause.Contribution => Unpaid(reading, suspension),
        SuspensionCause.OtherCoverage => Covered(reading, suspension),
        _ => Interrupted(reading, suspension),
    });

    /// <param name="until">Null while no end is known.</param>
    public static Explanation Of(SuspensionCause cause, DateOnly from, DateOnly? until)
    {
        (string, Argument)[] arguments = [("cause", Name.Of("suspension", cause)), ("from", new On(from))];
        return (until is { } last
            ? new Explanation(Keys.SuspensionClosed, [.. arguments, ("until", new On(last))])
            : new Explanation(Keys.SuspensionOpen, arguments)).Under(RuleOf(cause));
    }

    public static string RuleOf(SuspensionCause cause) => cause switch
    {
        SuspensionCause.Contribution => "S1",
        SuspensionCause.OtherCoverage => "S2",
        _ => "S3",
    };

    private static IEnumerable<Explanation?> Unpaid(StudentReading reading, Suspension suspension)
    {
        var due = Days.Before(suspension.From);
        if (reading.Last<StudentEvent>(e => e is ApplicationAccepted a && a.ContributionDue == due || e is FurtherEnrolmentRecorded f && f.ContributionDue == due) is var (entry, _))
            yield return ContributionExplainer.Due(reading, entry, due);
        yield return reading.Last<ContributionReceived>(r => !suspension.IsOpen && Days.Before(r.On) == suspension.Until) is var (receipt, received)
            ? FactExplainer.Of(receipt, received)
            : new Explanation(Keys.ContributionNotReceived, ("due", new On(due))).Under("S1");
    }

    private static IEnumerable<Explanation?> Covered(StudentReading reading, Suspension suspension)
    {
        if (reading.Last<OtherCoverageReported>(r => r.From == suspension.From) is var (entry, reported))
            yield return FactExplainer.Of(entry, reported);
        if (reading.Last<OtherCoverageEnded>(e => e.LastDay == suspension.Until) is var (later, ended))
            yield return FactExplainer.Of(later, ended);
    }

    /// <summary>The run of facts from the interruption to the one that ended the suspension, and the clock that started in it.</summary>
    private static IEnumerable<Explanation?> Interrupted(StudentReading reading, Suspension suspension)
    {
        var facts = reading.Now.Insurance!.StudyFacts;
        var clock = Array.FindLastIndex(facts, fact => fact.Suspends == suspension.From);
        if (clock < 0)
            yield break;
        var first = Array.FindLastIndex(facts, clock, fact => fact.Change == StudyChange.Interrupted);
        for (var i = Math.Max(first, 0); i < facts.Length && facts[i].On <= Days.After(suspension.Until); i++)
        {
            yield return Of(reading, facts[i].On);
            if (i == clock)
                yield return Clock(reading.Rules, facts[i].On, suspension.From);
        }
    }

    private static Explanation? Of(StudentReading reading, DateOnly on) => reading.Last<StudentEvent>(e => e switch
    {
        StudiesInterrupted i => i.From == on,
        InterruptionReasonChanged c => c.On == on,
        StudiesResumed r => r.On == on,
        _ => false,
    }) is var (entry, fact) ? FactExplainer.Of(entry, fact) : null;

    /// <summary>T4: so many months after the clock started.</summary>
    private static Explanation Clock(Rulebook rules, DateOnly starts, DateOnly suspends)
    {
        var months = rules.On(starts).InterruptionMonths;
        var formula = new Formula(new On(starts), Sign.Plus, new Count(months, Unit.Month), Sign.Is, new On(starts.AddMonths(months)));
        return new Explanation(Keys.InterruptionClock, ("from", new On(suspends)), ("formula", formula)).Under("T4")
            .By(rules.Read(ParameterIds.InterruptionMonths, starts), rules.Read(ParameterIds.ExcusedReasons, starts));
    }
}
