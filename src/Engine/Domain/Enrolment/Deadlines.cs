namespace Amoe.Engine.Domain.Enrolment;

/// <summary>What falls due for a student, derived from his state: the contribution (T3), an interruption's clock (T4), the end of grace (D8), the end of an approval.</summary>
internal static class Deadlines
{
    /// <summary>The earliest day on which something falls due.</summary>
    public static DateOnly Next(Insurance insurance)
    {
        var next = DateOnly.MaxValue;
        if (insurance.CurrentRight is { } right)
        {
            next = Days.After(right.GraceUntil);
            if (ContributionSuspends(insurance) is { } unpaid && unpaid < next)
                next = unpaid;
            if (InterruptionSuspends(insurance) is { } interrupted && interrupted < next)
                next = interrupted;
        }

        foreach (var approval in insurance.Approvals)
        {
            if (Lapses(approval) is { } lapse && lapse < next)
                next = lapse;
        }

        return next;
    }

    /// <summary>Emits what has fallen due on a day, each with the date it takes effect.</summary>
    public static void Fire(Student student, DateOnly day, Decision decision)
    {
        if (student.Insurance is not { } insurance)
            return;
        foreach (var approval in insurance.Approvals)
        {
            if (Lapses(approval) is { } lapse && lapse <= day)
                decision.Emit(new ApprovalLapsed(approval.Reference, lapse));
        }

        if (insurance.CurrentRight is not { } right)
            return;
        if (ContributionSuspends(insurance) is { } unpaid && unpaid <= day)
            decision.Emit(new RightSuspended(SuspensionCause.Contribution, unpaid));
        if (InterruptionSuspends(insurance) is { } interrupted && interrupted <= day)
            decision.Emit(new RightSuspended(SuspensionCause.Interruption, interrupted));
        if (right.GraceUntil < day)
            decision.Emit(new RightLapsed(right.Year, Days.After(right.GraceUntil)));
    }

    private static DateOnly? ContributionSuspends(Insurance insurance) =>
        insurance.Contribution is { IsSettled: false, Due: { } due } && !insurance.IsSuspendedFor(SuspensionCause.Contribution) ? Days.After(due) : null;

    private static DateOnly? InterruptionSuspends(Insurance insurance) =>
        insurance.Interruption is { Suspends: { } suspends } && !insurance.IsSuspendedFor(SuspensionCause.Interruption) ? suspends : null;

    private static DateOnly? Lapses(in Approval approval) =>
        approval.State == ApprovalState.Granted && approval.Used < approval.Units ? Days.After(approval.Until) : null;
}
