using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>The days on which one other coverage lasts, both ends included.</summary>
internal readonly record struct CoveragePeriod(CoverageName Name, DateOnly From, DateOnly Until);

/// <summary>
/// Which other coverages a student has on which days, from all that was stated of each (S2, S4, T5, T7).
/// </summary>
internal static class Coverages
{
    /// <summary>The periods of every coverage, oldest first; those of several coverages overlap.</summary>
    [Rule("S2", "S4", "T5")]
    public static List<CoveragePeriod> Of(CoverageFact[] facts)
    {
        var periods = new List<CoveragePeriod>();
        foreach (var name in Names(facts))
            AddPeriods(facts, name, periods);
        return [.. periods.OrderBy(period => period.From)];
    }

    /// <summary>The coverages that last on a day.</summary>
    public static IReadOnlyList<CoverageName> LastingOn(CoverageFact[] facts, DateOnly date)
    {
        // Every acceptance asks, and most students have no such fact.
        return facts is [] ? [] : Lasting(facts, date);
    }

    private static List<CoverageName> Lasting(CoverageFact[] facts, DateOnly date) =>
        [.. Of(facts)
            .Where(period => period.From <= date && date <= period.Until)
            .Select(period => period.Name)
            .OrderBy(name => name.Kind)
            .ThenBy(name => name.Holder)];

    private static IEnumerable<CoverageName> Names(CoverageFact[] facts) =>
        facts.Where(fact => !fact.IsEnd).Select(fact => fact.Name).Distinct();

    private static void AddPeriods(CoverageFact[] facts, CoverageName name, List<CoveragePeriod> periods)
    {
        // Of one date the statement learnt last holds (T7): it comes last here, and the one before it lasts no day.
        DateOnly? covered = null;
        foreach (var statement in Timeline.ByDate(facts.Where((fact, at) => IsOf(fact, name) && Counts(facts, at))))
        {
            if (!statement.IsEnd)
                covered ??= statement.On;
            else if (covered is { } from)
            {
                if (from < statement.On)
                    periods.Add(new CoveragePeriod(name, from, Days.Before(statement.On)));
                covered = null;
            }
        }

        if (covered is { } open)
            periods.Add(new CoveragePeriod(name, open, DateOnly.MaxValue));
    }

    private static bool IsOf(in CoverageFact fact, CoverageName name) =>
        fact.Name == name || fact is { IsEnd: true, Coverage: CoverageKind.None };

    /// <summary>
    /// An end counts where ANAM confirms it. An inferred one counts until ANAM states of this coverage, learnt later,
    /// that it lasted on the inferred last day or past it.
    /// </summary>
    [Rule("S2", "S4")]
    private static bool Counts(CoverageFact[] facts, int at)
    {
        var statement = facts[at];
        if (!statement.IsEnd || statement.Source == CoverageSource.Anam)
            return true;
        if (statement.Source != CoverageSource.Inferred)
            return false;
        for (var later = at + 1; later < facts.Length; later++)
        {
            var fact = facts[later];
            if (fact.Source == CoverageSource.Anam
                && fact.Name == statement.Name
                && (fact.IsEnd ? fact.On > statement.On : fact.On < statement.On))
                return false;
        }

        return true;
    }
}
