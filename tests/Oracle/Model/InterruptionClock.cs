using Amoe.Engine.Domain;

namespace Amoe.Oracle.Model;

/// <summary>The days on which interruptions of studies suspend the entitlement (S3, S4, T4).</summary>
internal sealed class InterruptionClock(Scheme scheme)
{
    private bool _isInterrupted;
    private DateOnly? _unexcusedSince;
    private DateOnly? _excusedSince;

    /// <summary>The day on which S3 takes effect; null while no clock runs.</summary>
    private DateOnly? _suspends;

    private readonly List<(DateOnly From, DateOnly Until)> _periods = [];

    /// <summary>Every day of them is suspended.</summary>
    public List<(DateOnly From, DateOnly Until)> Suspensions(Person person)
    {
        foreach (var day in person.Studies.GroupBy(fact => fact.On).OrderBy(day => day.Key))
            Take(WhatHolds(day));
        EndUnexcused(DateOnly.MaxValue);
        return _periods;
    }

    /// <summary>
    /// T7: of the facts of a day the one learnt last, but a reason given for the day an interruption begins is the one
    /// it begins for.
    /// </summary>
    private static StudyFact WhatHolds(IEnumerable<StudyFact> ofOneDay) => ofOneDay.Aggregate((known, fact) =>
        fact.Fact == CommandKind.ChangeInterruptionReason && known.Fact == CommandKind.InterruptStudies
            ? known with { Reason = fact.Reason }
            : fact);

    private void Take(StudyFact fact)
    {
        if (fact.Fact == CommandKind.ResumeStudies)
        {
            EndUnexcused(fact.On.AddDays(-1));
            (_isInterrupted, _excusedSince, _suspends) = (false, null, null);
            return;
        }

        if (fact.Fact == CommandKind.ChangeInterruptionReason && !_isInterrupted)
            return;
        _isInterrupted = true;
        if (Scheme.Excuses(fact.Reason))
        {
            EndUnexcused(fact.On.AddDays(-1));
            _excusedSince ??= fact.On;
        }
        else
        {
            BeginUnexcused(fact.On);
        }
    }

    private void BeginUnexcused(DateOnly day)
    {
        if (_excusedSince is { } spell && _suspends is { } suspends)
        {
            if (!scheme.ExcusedSpellPauses.On(spell))
                _suspends = null;
            else if (spell < suspends)
                _suspends = suspends.AddDays(day.DayNumber - spell.DayNumber);
        }

        _suspends ??= day.AddMonths(scheme.InterruptionMonths.On(day));
        _unexcusedSince ??= day;
        _excusedSince = null;
    }

    private void EndUnexcused(DateOnly lastDay)
    {
        if (_unexcusedSince is { } since && _suspends is { } suspends)
        {
            var from = since > suspends ? since : suspends;
            if (from <= lastDay)
                _periods.Add((from, lastDay));
        }

        _unexcusedSince = null;
    }
}
