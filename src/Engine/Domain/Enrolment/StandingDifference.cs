using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The days on which a student's coverage differs from before, which the claims have to learn of (S5).
/// </summary>
internal static class StandingDifference
{
    /// <summary>From the first such day to the last; null when there is none.</summary>
    public static CoverageChanged? Between(Student before, Student after)
    {
        // A standing is the same from one of these days to the eve of the next.
        var days = new SortedSet<DateOnly> { DateOnly.MinValue };
        AddTurns(before, days);
        AddTurns(after, days);
        CoverageChanged? changed = null;
        DateOnly? differs = null;
        foreach (var day in days)
        {
            if (differs is { } from)
                changed = new CoverageChanged(changed?.From ?? from, Days.Before(day));
            differs = StandingOn(before, day) == StandingOn(after, day) ? null : day;
        }

        return differs is { } last ? new CoverageChanged(changed?.From ?? last, DateOnly.MaxValue) : changed;
    }

    private static void AddTurns(Student student, SortedSet<DateOnly> days)
    {
        if (student.Insurance is not { } insurance)
            return;
        foreach (var right in insurance.Rights)
            Add(days, right.From, right.GraceUntil);
        foreach (var suspension in insurance.Suspensions)
            Add(days, suspension.From, suspension.Until);
        foreach (var exemption in insurance.Exemptions)
            Add(days, exemption.From, exemption.Until);
    }

    private static void Add(SortedSet<DateOnly> days, DateOnly from, DateOnly until)
    {
        days.Add(from);
        if (until != DateOnly.MaxValue)
            days.Add(Days.After(until));
    }

    // A first right changes nothing on the days before it, though the reason why there is none is another then.
    private static (Reason Reason, bool IsExempt) StandingOn(Student student, DateOnly day)
    {
        var reason = Entitlement.On(student, day);
        return (reason == Reason.NeverEntitled ? Reason.CareBeforeRight : reason,
            student.Insurance?.IsExemptOn(day) == true);
    }
}
