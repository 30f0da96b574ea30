using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>Facts about a student's situation: other coverage, interrupted studies, and the operator's correction of either (S2-S5, T7).</summary>
internal static class Situation
{
    [Rule("S2", "T5")]
    public static void Report(Student student, ReportOtherCoverage c, Decision decision) =>
        Record(student, new OtherCoverageReported(c.Coverage, c.Effective, c.ByAnam), c, decision);

    [Rule("S2", "S4")]
    public static void End(Student student, EndOtherCoverage c, Decision decision) => Record(student, new OtherCoverageEnded(c.Effective), c, decision);

    [Rule("S3", "T4")]
    public static void Interrupt(Student student, InterruptStudies c, Rulebook rulebook, Decision decision) =>
        Record(student, new StudiesInterrupted(c.Effective, c.Reason, SuspendsOn(c.Effective, c.Reason, rulebook)), c, decision);

    [Rule("S3", "S4", "T4")]
    public static void ChangeReason(Student student, ChangeInterruptionReason c, Rulebook rulebook, Decision decision) =>
        Record(student, new InterruptionReasonChanged(c.Effective, c.Reason, SuspendsOn(c.Effective, c.Reason, rulebook)), c, decision);

    [Rule("S3", "S4")]
    public static void Resume(Student student, ResumeStudies c, Decision decision) => Record(student, new StudiesResumed(c.Effective), c, decision);

    [Rule("B9")]
    public static void Exempt(Student student, DecideExemption c, Decision decision) =>
        Record(student, new ExemptionDecided(c.Granted, c.Illness, c.Effective, c.Until), c, decision);

    /// <summary>Coverage declared or found by ANAM is other coverage of who has any right (S2).</summary>
    [Rule("S2", "D1")]
    public static void Find(Student student, CoverageKind coverage, bool byAnam, Command c, Decision decision)
    {
        if (coverage == CoverageKind.None || student.Insurance is not { Rights.Length: > 0 })
            return;
        decision.Emit(new OtherCoverageReported(coverage, c.Effective, byAnam));
        Suspending.Follow(student, c.Known, decision);
    }

    /// <summary>A fact of that kind and date is taken back as if it had never been; one it had replaced does not come back.</summary>
    [Rule("S5", "T7")]
    public static void Correct(Student student, CorrectFact c, Rulebook rulebook, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        if (c.Fact is not (CommandKind.ReportOtherCoverage or CommandKind.EndOtherCoverage or CommandKind.InterruptStudies or CommandKind.ChangeInterruptionReason
            or CommandKind.ResumeStudies or CommandKind.ReceiveContribution or CommandKind.DecideExemption))
        {
            decision.Refuse(Reason.FactNotCorrectable);
            return;
        }

        if (student.Insurance is not { } insurance || !IsOnRecord(insurance, c.Fact, c.Effective))
        {
            decision.Refuse(Reason.FactUnknown);
            return;
        }

        if (c.Fact == CommandKind.ReceiveContribution)
            ContributionAccount.TakeBackReceipt(student, c.Effective, rulebook, decision);
        else
            decision.Emit(new FactCorrected(c.Fact, c.Effective, 0));
        Suspending.Follow(student, c.Known, decision);
    }

    private static bool IsOnRecord(Insurance insurance, CommandKind fact, DateOnly on) => fact switch
    {
        CommandKind.ReportOtherCoverage => Timeline.Of(insurance.CoverageFacts, on) is { Coverage: not CoverageKind.None },
        CommandKind.EndOtherCoverage => Timeline.Of(insurance.CoverageFacts, Days.After(on)) is { Coverage: CoverageKind.None },
        CommandKind.InterruptStudies => Timeline.Of(insurance.StudyFacts, on) is { Change: StudyChange.Interrupted },
        CommandKind.ChangeInterruptionReason => Timeline.Of(insurance.StudyFacts, on) is { Change: StudyChange.ReasonChanged },
        CommandKind.ResumeStudies => Timeline.Of(insurance.StudyFacts, on) is { Change: StudyChange.Resumed },
        CommandKind.ReceiveContribution => ContributionAccount.LastLearnt(insurance, on) is not null,
        _ => Array.Exists(insurance.Exemptions, exemption => exemption.From == on),
    };

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

    /// <summary>The day the months of S3 have passed since a date, under the rules of that date; null where the reason excuses.</summary>
    private static DateOnly? SuspendsOn(DateOnly from, InterruptionReason reason, Rulebook rulebook)
    {
        var rules = rulebook.On(from);
        return rules.Excuses(reason) ? null : from.AddMonths(rules.InterruptionMonths);
    }
}
