using Amoe.Engine.Domain;

namespace Amoe.Oracle.Model;

/// <summary>
/// Whether a student is entitled on a day, and why not (D4, D8, S1-S4). Worked out once from what is on record, then
/// asked for as many days as one likes; a new fact makes a new one.
/// </summary>
internal sealed class EntitledDays
{
    private readonly Person _person;
    private readonly List<(DateOnly From, DateOnly Until)> _interrupted;

    public EntitledDays(Person person, Scheme scheme) =>
        (_person, _interrupted) = (person, new InterruptionClock(scheme).Suspensions(person));

    public YearRight? RightOn(DateOnly day)
    {
        // Of two that were granted for the same day the later one took over.
        for (var i = _person.Rights.Count - 1; i >= 0; i--)
        {
            if (_person.Rights[i].Covers(day))
                return _person.Rights[i];
        }

        return null;
    }

    /// <summary>None where the student is entitled.</summary>
    public Reason Validate(DateOnly day)
    {
        if (!_person.HasAnyRight)
            return Reason.NeverEntitled;
        if (RightOn(day) is not { } right)
            return _person.Rights.Any(other => other.From <= day) ? Reason.CareAfterRight : Reason.CareBeforeRight;
        if (IsContributionMissing(right.Year, day))
            return Reason.SuspendedForContribution;
        if (Coverages.IsCovered(_person, day))
            return Reason.SuspendedForOtherCoverage;
        return _interrupted.Any(period => period.From <= day && day <= period.Until)
            ? Reason.SuspendedForInterruption
            : Reason.None;
    }

    /// <summary>S1: from the day after it was due to the day before what the fund received reached it.</summary>
    private bool IsContributionMissing(int year, DateOnly day) =>
        _person.Accounts.TryGetValue(year, out var account)
            && account.Owed > 0
            && day > account.Due
            && account.ReceivedBy(day) < account.Owed;
}
