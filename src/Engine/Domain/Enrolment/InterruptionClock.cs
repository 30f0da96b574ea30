using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The clock of an interruption (S3, S4, T4): it starts on the first unexcused day, and excused spells pause or reset
/// it.
/// </summary>
/// <param name="Starts">Its first day.</param>
/// <param name="Expires">The day on which the months have passed, without pauses.</param>
/// <param name="PausedDays">For how many days excused spells paused it.</param>
internal readonly record struct InterruptionClock(DateOnly Starts, DateOnly Expires, int PausedDays)
{
    /// <summary>The day on which the months have passed, moved by the pauses.</summary>
    public DateOnly TakesEffect =>
        DateOnly.FromDayNumber(Math.Min(Expires.DayNumber + PausedDays, DateOnly.MaxValue.DayNumber));
}

/// <summary>
/// Unexcused days on which an interruption suspends, both ends included, and the clock that ran out before them.
/// </summary>
internal readonly record struct SuspendedSpell(DateOnly From, DateOnly Until, InterruptionClock Clock);

/// <summary>What follows from the facts about a student's studies.</summary>
internal static class Interruptions
{
    /// <summary>The fact that holds of each date, oldest first.</summary>
    [Rule("S4", "T7")]
    public static List<StudyFact> Holding(StudyFact[] facts)
    {
        var holding = new List<StudyFact>();
        foreach (var fact in Timeline.ByDate(facts))
        {
            if (holding is not [.., var before] || before.On != fact.On)
                holding.Add(fact);

            // A change of reason on the day an interruption begins is the reason it begins for.
            else if (fact.Change == StudyChange.ReasonChanged && before.Change == StudyChange.Interrupted)
                holding[^1] = fact with { Change = StudyChange.Interrupted };
            else
                holding[^1] = fact;
        }

        return holding;
    }

    /// <summary>The days on which interruptions suspend, oldest first.</summary>
    [Rule("S3", "S4", "T4")]
    public static List<SuspendedSpell> Suspended(StudyFact[] facts)
    {
        var spells = new List<SuspendedSpell>();
        var (running, clock) = (false, (InterruptionClock?)null);
        var (unexcusedFrom, excusedFrom) = ((DateOnly?)null, (DateOnly?)null);
        foreach (var fact in Holding(facts))
        {
            // A change of the reason of an interruption that was not reported, or the end of one, says nothing.
            if (!running && fact.Change != StudyChange.Interrupted)
                continue;
            running = fact.Change != StudyChange.Resumed;
            if (running && fact.Suspends is { } expires)
            {
                if (unexcusedFrom is null)
                    clock = Unexcused(clock, fact.On, expires, excusedFrom);
                (unexcusedFrom, excusedFrom) = (unexcusedFrom ?? fact.On, null);
                continue;
            }

            AddSpell(spells, clock, unexcusedFrom, Days.Before(fact.On));
            if (!running || (excusedFrom is null && !fact.Pauses))
                clock = null;
            (unexcusedFrom, excusedFrom) = (null, running ? excusedFrom ?? fact.On : null);
        }

        AddSpell(spells, clock, unexcusedFrom, DateOnly.MaxValue);
        return spells;
    }

    /// <summary>The clock starts, or a paused one runs on.</summary>
    private static InterruptionClock Unexcused(
        InterruptionClock? paused, DateOnly on, DateOnly expires, DateOnly? excusedFrom) =>
        paused is { } clock && excusedFrom is { } from
            ? clock with { PausedDays = clock.PausedDays + on.DayNumber - from.DayNumber }
            : new InterruptionClock(on, expires, 0);

    private static void AddSpell(
        List<SuspendedSpell> spells, InterruptionClock? clock, DateOnly? unexcusedFrom, DateOnly until)
    {
        if (clock is not { } ran || unexcusedFrom is not { } unexcused)
            return;
        var from = ran.TakesEffect > unexcused ? ran.TakesEffect : unexcused;
        if (from <= until)
            spells.Add(new SuspendedSpell(from, until, ran));
    }
}
