using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// A suspension with the facts it rests on: what was due and not received, which other coverage, which interruption
/// (S1-S4, T3-T5).
/// </summary>
internal static class SuspensionExplainer
{
    public static Explanation Of(StudentReading reading, Suspension suspension) =>
        Of(suspension.Cause, suspension.From, suspension.IsOpen ? null : suspension.Until).For(suspension.Cause switch
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
        if (reading.Last<StudentEvent>(e =>
            e is ApplicationAccepted a && a.ContributionDue == due
                || e is FurtherEnrolmentRecorded f && f.ContributionDue == due) is var (entry, _))
            yield return ContributionExplainer.Due(reading, entry, due);
        yield return reading.Last<ContributionReceived>(r =>
            !suspension.IsOpen && Days.Before(r.On) == suspension.Until) is var (receipt, received)
            ? FactExplainer.Of(receipt, received)
            : new Explanation(Keys.ContributionNotReceived, ("due", new On(due))).Under("S1");
    }

    /// <summary>Each coverage of the stretch: the statements between which it lasted.</summary>
    private static IEnumerable<Explanation?> Covered(StudentReading reading, Suspension suspension)
    {
        foreach (var period in Coverages.Of(reading.Now.Insurance!.CoverageFacts)
            .Where(period => period.From <= suspension.Until && suspension.From <= period.Until))
        {
            var name = period.Name;
            if (reading.Last<OtherCoverageReported>(r =>
                r.From == period.From && new CoverageName(r.Coverage, r.Holder) == name) is var (entry, reported))
                yield return FactExplainer.Of(entry, reported);
            if (reading.Last<OtherCoverageEnded>(e => e.LastDay == period.Until
                && (e.Coverage == CoverageKind.None || new CoverageName(e.Coverage, e.Holder) == name)
                && e.Source != CoverageSource.Student) is var (later, ended))
                yield return FactExplainer.Of(later, ended);
        }
    }

    /// <summary>
    /// The facts from the one that started the clock, or the interruption before it, to the one that ended the
    /// suspension.
    /// </summary>
    private static IEnumerable<Explanation?> Interrupted(StudentReading reading, Suspension suspension)
    {
        var facts = reading.Now.Insurance!.StudyFacts;
        var spell = Interruptions.Suspended(facts).Find(spell => spell.From == suspension.From);
        if (spell == default)
            yield break;
        var holding = Interruptions.Holding(facts);
        var first = holding.FindLastIndex(fact =>
            fact.On <= spell.Clock.Starts && fact.Change == StudyChange.Interrupted);
        for (var i = Math.Max(first, 0); i < holding.Count && holding[i].On <= Days.After(suspension.Until); i++)
        {
            yield return Of(reading, holding[i].On);
            if (holding[i].On == spell.Clock.Starts)
                yield return Clock(reading.Rules, spell, holding);
        }
    }

    private static Explanation? Of(StudentReading reading, DateOnly on) => reading.Last<StudentEvent>(e => e switch
    {
        StudiesInterrupted i => i.From == on,
        InterruptionReasonChanged c => c.On == on,
        StudiesResumed r => r.On == on,
        _ => false,
    }) is var (entry, fact) ? FactExplainer.Of(entry, fact) : null;

    /// <summary>
    /// T4: so many months after the clock started, and as many days later as excused spells paused it (S4).
    /// </summary>
    private static Explanation Clock(Rulebook rules, SuspendedSpell spell, List<StudyFact> holding)
    {
        var (starts, paused) = (spell.Clock.Starts, spell.Clock.PausedDays);
        var months = rules.On(starts).InterruptionMonths;
        Argument[] sum = [new On(starts), Sign.Plus, new Count(months, Unit.Month)];
        var from = ("from", (Argument)new On(spell.From));
        if (paused == 0)
            return new Explanation(
                Keys.InterruptionClock, from,
                ("formula", new Formula([.. sum, Sign.Is, new On(starts.AddMonths(months))]))).Under("T4")
                .By(
                    rules.Read(ParameterIds.InterruptionMonths, starts),
                    rules.Read(ParameterIds.ExcusedReasons, starts));
        var excusedFrom = holding.Find(fact => fact.On > starts && fact.Suspends is null).On;
        var days = new Count(paused, Unit.Day);
        return new Explanation(
            Keys.InterruptionClockPaused, from,
            ("formula", new Formula([.. sum, Sign.Plus, days, Sign.Is, new On(spell.Clock.TakesEffect)])),
            ("days", days)).Under("S4")
            .By(
                rules.Read(ParameterIds.InterruptionMonths, starts), rules.Read(ParameterIds.ExcusedReasons, starts),
                rules.Read(ParameterIds.ExcusedSpell, excusedFrom));
    }
}
