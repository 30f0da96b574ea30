using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>Facts about a student's situation: other coverages, interrupted studies, exemption (S2-S5, B9).</summary>
internal static class Situation
{
    [Rule("S2", "T5")]
    public static void Report(Student student, ReportOtherCoverage c, Decision decision) =>
        Record(student, new OtherCoverageReported(c.Coverage, c.Effective, c.ByAnam, c.Holder), c, decision);

    [Rule("S2", "S4")]
    public static void End(Student student, EndOtherCoverage c, Decision decision)
    {
        if (student.IsKnown && c.Coverage == CoverageKind.None)
            decision.Refuse(Reason.CoverageNotNamed);
        else
            Record(
                student,
                new OtherCoverageEnded(
                    c.Effective, c.Coverage, c.Holder, c.ByAnam ? CoverageSource.Anam : CoverageSource.Student),
                c, decision);
    }

    [Rule("S3", "S4", "T4")]
    public static void Interrupt(Student student, InterruptStudies c, Rulebook rulebook, Decision decision)
    {
        var (suspends, pauses) = Clock(c.Effective, c.Reason, rulebook);
        Record(student, new StudiesInterrupted(c.Effective, c.Reason, suspends, pauses), c, decision);
    }

    [Rule("S3", "S4", "T4")]
    public static void ChangeReason(Student student, ChangeInterruptionReason c, Rulebook rulebook, Decision decision)
    {
        var (suspends, pauses) = Clock(c.Effective, c.Reason, rulebook);
        Record(student, new InterruptionReasonChanged(c.Effective, c.Reason, suspends, pauses), c, decision);
    }

    [Rule("S3", "S4")]
    public static void Resume(Student student, ResumeStudies c, Decision decision) =>
        Record(student, new StudiesResumed(c.Effective), c, decision);

    [Rule("B9")]
    public static void Exempt(Student student, DecideExemption c, Decision decision) =>
        Record(student, new ExemptionDecided(c.Granted, c.Illness, c.Effective, c.Until), c, decision);

    /// <summary>Coverage declared or found by ANAM is other coverage of who has any right (S2).</summary>
    [Rule("S2", "D1")]
    public static void Find(Student student, CoverageName coverage, bool byAnam, Command c, Decision decision)
    {
        if (coverage.Kind == CoverageKind.None || student.Insurance is not { Rights.Length: > 0 })
            return;
        decision.Emit(new OtherCoverageReported(coverage.Kind, c.Effective, byAnam, coverage.Holder));
        Suspending.Follow(student, c.Known, decision);
    }

    private static void Record(Student student, StudentEvent fact, Command c, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        decision.Emit(fact);
        Suspending.Follow(student, c.Known, decision);
    }

    /// <summary>
    /// The day the months of S3 have passed since a date, null where the reason excuses, and whether it then pauses the
    /// clock: under the rules of that date.
    /// </summary>
    private static (DateOnly? Suspends, bool Pauses) Clock(DateOnly from, InterruptionReason reason, Rulebook rulebook)
    {
        var rules = rulebook.On(from);
        return rules.Excuses(reason)
            ? (null, rules.ExcusedSpellPauses)
            : (from.AddMonths(rules.InterruptionMonths), false);
    }
}
