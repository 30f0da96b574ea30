using Amoe.Engine.Rules;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>Other coverage and interruptions: when they suspend a right and when it resumes (S2-S4, T4-T6).</summary>
internal static class Suspending
{
    public static void ReportCoverage(Student student, ReportOtherCoverage c, Decision decision)
    {
        if (!student.IsKnown)
        {
            decision.Refuse(Reason.NotDeclared);
            return;
        }

        if (student.Insurance is { OtherCoverage: not CoverageKind.None })
        {
            decision.Refuse(Reason.OtherCoverageAlreadyReported);
            return;
        }

        RecordCoverage(student, c.Coverage, c.Effective, c.ByAnam, decision);
    }

    /// <summary>Suspends from the day the other coverage began (T5). A right that has lapsed since is suspended too: claims for its days still come in (S5).</summary>
    public static void RecordCoverage(Student student, CoverageKind coverage, DateOnly from, bool byAnam, Decision decision)
    {
        decision.Emit(new OtherCoverageReported(coverage, from, byAnam));
        if (student.Insurance?.HasRightFrom(from) == true)
            decision.Emit(new RightSuspended(SuspensionCause.OtherCoverage, from));
    }

    public static void EndCoverage(Student student, EndOtherCoverage c, Decision decision)
    {
        if (student.Insurance is not { OtherCoverage: not CoverageKind.None } insurance)
        {
            decision.Refuse(Reason.NoOtherCoverageReported);
            return;
        }

        if (c.Effective < insurance.OtherCoverageFrom)
        {
            decision.Refuse(Reason.DateBeforeFact);
            return;
        }

        decision.Emit(new OtherCoverageEnded(c.Effective));
        if (insurance.IsSuspendedFor(SuspensionCause.OtherCoverage))
            decision.Emit(new RightResumed(SuspensionCause.OtherCoverage, c.Effective.AddDays(1)));
    }

    public static void Interrupt(Student student, InterruptStudies c, Rulebook rulebook, Decision decision)
    {
        if (!student.IsKnown)
            decision.Refuse(Reason.NotDeclared);
        else if (student.Insurance?.Interruption is not null)
            decision.Refuse(Reason.AlreadyInterrupted);
        else
            decision.Emit(new StudiesInterrupted(c.Effective, c.Reason, SuspendsOn(c.Effective, c.Reason, rulebook)));
    }

    public static void ChangeReason(Student student, ChangeInterruptionReason c, Rulebook rulebook, Decision decision)
    {
        if (student.Insurance is not { Interruption: { } interruption } insurance)
        {
            decision.Refuse(Reason.NotInterrupted);
            return;
        }

        if (c.Effective < interruption.From)
        {
            decision.Refuse(Reason.DateBeforeFact);
            return;
        }

        // S4: a change between unexcused reasons restarts no clock; an excused one stops it.
        var suspends = SuspendsOn(c.Effective, c.Reason, rulebook) is { } restarted ? interruption.Suspends ?? restarted : (DateOnly?)null;
        decision.Emit(new InterruptionReasonChanged(c.Effective, c.Reason, suspends));
        if (suspends is null && insurance.IsSuspendedFor(SuspensionCause.Interruption))
            decision.Emit(new RightResumed(SuspensionCause.Interruption, c.Effective));
    }

    public static void Resume(Student student, ResumeStudies c, Decision decision)
    {
        if (student.Insurance is not { Interruption: { } interruption } insurance)
        {
            decision.Refuse(Reason.NotInterrupted);
            return;
        }

        if (c.Effective < interruption.From)
        {
            decision.Refuse(Reason.DateBeforeFact);
            return;
        }

        decision.Emit(new StudiesResumed(c.Effective));
        if (insurance.IsSuspendedFor(SuspensionCause.Interruption))
            decision.Emit(new RightResumed(SuspensionCause.Interruption, c.Effective));
    }

    private static DateOnly? SuspendsOn(DateOnly from, InterruptionReason reason, Rulebook rulebook)
    {
        var rules = rulebook.On(from);
        return rules.Excuses(reason) ? null : from.AddMonths(rules.InterruptionMonths);
    }
}
