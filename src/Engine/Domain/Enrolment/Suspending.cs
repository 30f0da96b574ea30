using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// From what is on record to the suspensions of a right: whenever facts, receipts or rights change, the suspensions
/// that follow from them as far as they have begun are put on record, and the student's claims are shown which days are
/// not what they were (S1-S5).
/// </summary>
internal static class Suspending
{
    private static readonly SuspensionCause[] Causes = [
        SuspensionCause.Contribution, SuspensionCause.OtherCoverage, SuspensionCause.Interruption
    ];

    /// <summary>Emits what follows, as far as it has begun by a day, from the events decided so far.</summary>
    [Rule("S4", "S5")]
    public static void Follow(Student student, DateOnly day, Decision decision)
    {
        var after = student.Rehearse(decision.Events);
        if (after.Insurance is not { Rights.Length: > 0 } insurance)
            return;
        foreach (var cause in Causes)
        {
            while (Change(cause, insurance, day) is { } change)
            {
                decision.Emit(change);
                StudentEvolver.Evolve(after, change);
            }
        }

        if (StandingDifference.Between(student, after) is { } days && days.From <= day)
            decision.Send(days);
    }

    /// <summary>
    /// The next step from what is on record to what follows. In the usual course a suspension opens, or the open one
    /// ends; anything else is a revision.
    /// </summary>
    private static StudentEvent? Change(SuspensionCause cause, Insurance insurance, DateOnly day)
    {
        var known = Array.FindAll(insurance.Suspensions, suspension => suspension.Cause == cause);
        var follow = SuspensionRules.Of(cause, insurance);
        follow.RemoveAll(suspension => suspension.From > day);
        if (follow.SequenceEqual(known))
            return null;
        if (known is not [.., { IsOpen: true } open])
        {
            if (follow is [.., var opens] && follow.SkipLast(1).SequenceEqual(known))
                return new RightSuspended(cause, opens.From);
        }
        else if (follow.SequenceEqual(known.SkipLast(1)))
            return new RightResumed(cause, open.From); // before it ever was suspended
        else if (follow is [.., { IsOpen: false } ended]
            && ended.From == open.From
            && follow.SkipLast(1).SequenceEqual(known.SkipLast(1)))
            return new RightResumed(cause, Days.After(ended.Until));
        return new SuspensionsRevised(
            cause,
            [.. follow.Select(suspension => new Period(suspension.From, suspension.IsOpen ? null : suspension.Until))]);
    }
}
