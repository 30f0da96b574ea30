using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// Why an application was accepted or refused: course, age, other coverage, under the rules of the day of enrolment
/// (E1-E3).
/// </summary>
internal static class ApplicationExplainer
{
    public static Explanation Accepted(StudentReading reading, HistoryEntry entry, ApplicationAccepted accepted)
    {
        var before = reading.Before(entry).Now;
        (string, Argument)[] arguments =
        [
            ("known", new On(entry.Header.Known)), ("year", EntitlementExplainer.YearOf(accepted.Year)),
            ("from", new On(accepted.From)),
            ("until", new On(accepted.Until)), ("grace", new On(accepted.GraceUntil)),
        ];
        var rules = reading.RulesAt(entry);
        var liability = ContributionExplainer.Liability(rules, before);
        return new Explanation(Keys.ApplicationAccepted, arguments).Under("D4")
            .For(Checks(rules, before, Reason.None))
            .For(
                accepted.From < entry.Header.Effective
                    ? new Explanation(Keys.RightFromYearStart, ("from", new On(accepted.From))).Under("D4")
                    : null)
            .For(Grace(rules, before, accepted), liability)
            .For(accepted.ContributionDue is { } due ? ContributionExplainer.Due(reading, entry, due) : null);
    }

    public static Explanation Refused(StudentReading reading, HistoryEntry entry, ApplicationRefused refused)
    {
        var before = reading.Before(entry).Now;
        (string, Argument)[] arguments =
        [
            ("known", new On(entry.Header.Known)), ("year", EntitlementExplainer.YearOf(refused.Year)),
            ("reason", Name.Of("reason", refused.Reason)),
        ];
        return new Explanation(Keys.ApplicationRefused, arguments)
            .Under(ReasonRules.RuleOf(refused.Reason))
            .For(Checks(reading.RulesAt(entry), before, refused.Reason));
    }

    /// <summary>The checks in their order, up to the one that failed.</summary>
    private static IEnumerable<Explanation> Checks(Rulebook rules, Student student, Reason reason)
    {
        yield return CycleCheck(rules, student);
        if (reason == Reason.CycleNotEligible)
            yield break;
        yield return Age(rules, student);
        if (reason == Reason.OverAge)
            yield break;
        yield return reason == Reason.None
            ? new Explanation(Keys.CheckNoCoverage).Under("E3")
            : new Explanation(Keys.CheckCoverage, ("reason", Name.Of("reason", reason))).Under("E3");
    }

    private static Explanation CycleCheck(Rulebook rules, Student student)
    {
        var cycle = student.Enrolment.Cycle;
        return new Explanation(
            rules.On(student.EnrolledOn).IsEligible(cycle) ? Keys.CheckCycle : Keys.CheckCycleNot,
            ("cycle", Name.Of("cycle", cycle))).Under("E1")
            .By(rules.Read(ParameterIds.EligibleCycles, student.EnrolledOn));
    }

    /// <summary>E2: completed years on the day of enrolment against the highest age, itself allowed.</summary>
    private static Explanation Age(Rulebook rules, Student student)
    {
        var (enrolment, day) = (student.Enrolment, student.EnrolledOn);
        var inForce = rules.On(day);
        if (inForce.IsExemptFromAgeLimit(enrolment.Cycle))
            return new Explanation(Keys.CheckAgeExempt, ("cycle", Name.Of("cycle", enrolment.Cycle)))
                .Under("E2")
                .By(rules.Read(ParameterIds.AgeExemptCycles, day));
        var age = Entitlement.AgeOn(enrolment.BirthDate, day);
        (string, Argument)[] arguments =
        [
            ("born", new On(enrolment.BirthDate)), ("enrolled", new On(day)), ("age", new Count(age, Unit.Year)),
            ("birthday", new On(enrolment.BirthDate.AddYears(age))),
            ("limit", new Count(inForce.AgeMaxYears, Unit.Year)),
        ];
        return new Explanation(age <= inForce.AgeMaxYears ? Keys.CheckAge : Keys.CheckAgeOver, arguments)
            .Under("E2")
            .By(rules.Read(ParameterIds.AgeMaxYears, day));
    }

    private static Explanation Grace(Rulebook rules, Student student, ApplicationAccepted accepted)
    {
        var months = rules.On(student.EnrolledOn).GraceMonths;
        var formula = new Formula(
            new On(accepted.Until), Sign.Plus, new Count(months, Unit.Month), Sign.Is,
            new On(accepted.Until.AddMonths(months)));
        return new Explanation(Keys.RightGraceClock, ("until", new On(accepted.Until)), ("formula", formula))
            .Under("D8")
            .By(
                rules.Read(ParameterIds.AcademicYearEnd, student.EnrolledOn, student.Enrolment.Category),
                rules.Read(ParameterIds.GraceMonths, student.EnrolledOn));
    }
}
