using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// What falls due for a student, derived from his state: the contribution (T3), an interruption's clock (T4), other
/// coverage known ahead (T5), the end of grace (D8), the end of an approval.
/// </summary>
internal static class Deadlines
{
    /// <summary>The earliest day on which something falls due.</summary>
    public static DateOnly Next(Insurance insurance)
    {
        var next = SuspensionRules.NextStart(insurance);
        if (insurance.CurrentRight is { } right && Days.After(right.GraceUntil) is var lapses && lapses < next)
            next = lapses;

        foreach (var approval in insurance.Approvals)
        {
            if (Lapses(approval) is { } lapse && lapse < next)
                next = lapse;
        }

        return next;
    }

    /// <summary>Emits what has fallen due on a day, each with the date it takes effect.</summary>
    [Rule("S1", "S2", "S3", "D8", "B10", "T6")]
    public static void Fire(Student student, DateOnly day, Decision decision)
    {
        if (student.Insurance is not { } insurance)
            return;
        foreach (var approval in insurance.Approvals)
        {
            if (Lapses(approval) is { } lapse && lapse <= day)
                decision.Emit(new ApprovalLapsed(approval.Reference, lapse));
        }

        if (SuspensionRules.NextStart(insurance) <= day)
            Suspending.Follow(student, day, decision);
        if (insurance.CurrentRight is { } right && right.GraceUntil < day)
            decision.Emit(new RightLapsed(right.Year, Days.After(right.GraceUntil)));
    }

    private static DateOnly? Lapses(Approval approval) =>
        approval.State == ApprovalState.Granted
            && approval.Used < approval.Units
            && approval.Holding?.Until is { } until ? Days.After(until) : null;
}
