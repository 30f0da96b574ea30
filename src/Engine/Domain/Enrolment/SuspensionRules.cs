using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Which suspensions follow from all that is on record, those to come included: a function of contributions, dated
/// facts and rights, which does not ask in which order they were learnt.
/// </summary>
internal static class SuspensionRules
{
    /// <summary>The suspensions for a cause, oldest first, as far as they meet a right.</summary>
    public static List<Suspension> Of(SuspensionCause cause, Insurance insurance)
    {
        var suspensions = new List<Suspension>();
        switch (cause)
        {
            case SuspensionCause.Contribution:
                for (var contribution = insurance.Contribution; contribution is not null; contribution =
                    contribution.Before)
                {
                    if (Unpaid(insurance, contribution) is { } unpaid)
                        suspensions.Insert(0, unpaid);
                }

                break;
            case SuspensionCause.OtherCoverage:
                AddMet(insurance.Covered, insurance.Rights, suspensions);
                break;
            default:
                AddMet(insurance.Interrupted, insurance.Rights, suspensions);
                break;
        }

        return suspensions;
    }

    /// <summary>The first day of the earliest suspension that is not on record; the end of time when all are.</summary>
    public static DateOnly NextStart(Insurance insurance)
    {
        var next = DateOnly.MaxValue;
        for (var contribution = insurance.Contribution; contribution is not null; contribution = contribution.Before)
        {
            if (Unpaid(insurance, contribution) is { } unpaid)
                Consider(unpaid, insurance, ref next);
        }

        ConsiderMet(insurance.Covered, insurance, ref next);
        ConsiderMet(insurance.Interrupted, insurance, ref next);
        return next;
    }

    /// <summary>
    /// Covered while any coverage lasts: periods that overlap or follow each other without a gap are one suspension.
    /// </summary>
    [Rule("S2", "S4", "T5")]
    public static Suspension[] Covered(CoverageFact[] facts)
    {
        if (facts is [])
            return [];
        var suspensions = new List<Suspension>();
        foreach (var period in Coverages.Of(facts))
        {
            if (suspensions is not [.., var last] || Days.After(last.Until) < period.From)
                suspensions.Add(new Suspension(SuspensionCause.OtherCoverage, period.From, period.Until));
            else if (last.Until < period.Until)
                suspensions[^1] = last with { Until = period.Until };
        }

        return [.. suspensions];
    }

    /// <summary>The unexcused days behind the months of an interruption.</summary>
    [Rule("S3", "S4", "T4")]
    public static Suspension[] Interrupted(StudyFact[] facts) =>
        facts is []
            ? []
            : [.. Interruptions.Suspended(facts).Select(spell =>
                new Suspension(SuspensionCause.Interruption, spell.From, spell.Until))];

    /// <summary>
    /// From the day after the contribution was due to the eve of the day it was settled, or as long as the rights of
    /// its year last.
    /// </summary>
    [Rule("S1", "S4", "C3", "T3")]
    private static Suspension? Unpaid(Insurance insurance, Contribution contribution)
    {
        if (contribution.Due is not { } due)
            return null;
        var from = Days.After(due);
        var until = contribution.SettledOn is { } settled ? Days.Before(settled) : DateOnly.MaxValue;
        if (until < from)
            return null;

        // A right of a later year is not suspended for this one; where there is none, no end is known.
        var last = insurance.Rights.Length - 1;
        while (last >= 0 && insurance.Rights[last].Year != contribution.Year)
            last--;
        if (last < 0 || insurance.Rights[last].GraceUntil < from)
            return null;
        if (last < insurance.Rights.Length - 1 && insurance.Rights[last].GraceUntil < until)
            until = insurance.Rights[last].GraceUntil;
        return new Suspension(SuspensionCause.Contribution, from, until);
    }

    private static void AddMet(Suspension[] candidates, Rights rights, List<Suspension> suspensions)
    {
        foreach (var suspension in candidates)
        {
            if (Meets(suspension, rights))
                suspensions.Add(suspension);
        }
    }

    private static void ConsiderMet(Suspension[] candidates, Insurance insurance, ref DateOnly next)
    {
        foreach (var suspension in candidates)
        {
            if (Meets(suspension, insurance.Rights))
                Consider(suspension, insurance, ref next);
        }
    }

    private static bool Meets(in Suspension suspension, Rights rights)
    {
        foreach (var right in rights)
        {
            if (right.From <= suspension.Until && suspension.From <= right.GraceUntil)
                return true;
        }

        return false;
    }

    private static void Consider(in Suspension suspension, Insurance insurance, ref DateOnly next)
    {
        if (suspension.From < next && Array.IndexOf(insurance.Suspensions, suspension) < 0)
            next = suspension.From;
    }
}
