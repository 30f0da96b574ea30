using Amoe.Engine.Rules;
using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Assertions;

/// <summary>
/// Holds what a run counted against what its scenario's probabilities come to. Each expected value follows from the
/// scenario alone, or from the scenario and how often the run took the chance (docs/marginals.md); nothing is tuned to
/// a seed, and a scenario that changes a probability changes what it expects.
/// </summary>
internal sealed class MarginalModel
{
    private readonly Scenario _scenario;
    private readonly Marginals _counted;
    private readonly long _students;
    private readonly int _scale;
    private readonly PopulationChances _population;
    private readonly Lazy<CareChances> _care;

    /// <param name="counted">By all partitions of a complete run.</param>
    public MarginalModel(Scenario scenario, Rulebook rulebook, Marginals counted, Population population)
    {
        (_scenario, _counted, _students, _scale) = (scenario, counted, population.Count, population.Scale);
        _population = new PopulationChances(scenario, rulebook);
        _care = new Lazy<CareChances>(() => new CareChances(scenario, counted));
    }

    /// <summary>Every expectation of the scenario beside what was measured.</summary>
    public IReadOnlyList<MarginalCheck> Check() => [.. _scenario.Expectations.Select(Check)];

    private MarginalCheck Check(Expectation expectation)
    {
        var (whole, measured, expected) = Work(expectation.Of);
        expected = Adjust(expected, expectation, whole);
        var isCount = MarginalNames.IsCount(expectation.Of);
        var unit = isCount ? 1 : whole == 0 ? 0 : (double)Draws.Whole / whole;
        return new MarginalCheck(
            expectation.Of, isCount ? MarginalCheck.Count : MarginalCheck.Share, whole, Round(expected.Mean * unit),
            Round(measured * unit),
            Round(Math.Sqrt(expected.Variance) * unit), Round(expected.Tolerance(_scenario.Expectations.Count) * unit));
    }

    /// <summary>The value that is worked out, or what the scenario puts in its place; chance grows with it.</summary>
    private Expected Adjust(in Expected expected, Expectation expectation, long whole)
    {
        if (expectation.Value is not { } value)
            return expected.Times(expectation.TimesPerMille / 1000.0);
        var mean = MarginalNames.IsCount(expectation.Of)
            ? value * _scale / 1000.0
            : (double)value * whole / Draws.Whole;
        return expected.Mean == 0 ? new Expected(mean, mean) : expected.Times(mean / expected.Mean);
    }

    /// <summary>The whole of a figure, its value in this run, and the expected value.</summary>
    private (long Whole, long Measured, Expected Expected) Work(string name)
    {
        var (declarations, claims) = (_counted[Counted.Declarations], _counted[Counted.Claims]);
        if (MarginalNames.IsOfCategory(name, out var category))
            return Share(declarations, _counted.Of(category), _population.Of(category));
        if (MarginalNames.IsOfCoverage(name, out var coverage))
            return Share(declarations, _counted.Of(coverage), _population.Coverage(coverage));
        if (MarginalNames.IsOfAge(name, out var band))
            return Share(declarations, _counted.OfAge(band), _population.OfAge(band));
        if (MarginalNames.IsOfFirstAct(name, out var act))
            return (claims, _counted.Of(act), _care.Value.FirstAct(act, claims));
        return name switch
        {
            MarginalNames.Declarations => Share(_students, declarations, _population.Declares),
            MarginalNames.Applications => Share(_students, _counted[Counted.Applications], _population.Applies),
            MarginalNames.Active => Share(_students, _counted[Counted.Active], _population.Accepted()),
            MarginalNames.Claims => (_students, claims, _care.Value.Claims()),
            MarginalNames.Late => (claims, _counted[Counted.Late], _care.Value.Late(claims)),
            MarginalNames.Outside => (claims, _counted[Counted.Outside], _care.Value.Outside(claims)),
            MarginalNames.ThirdParty => (claims, _counted[Counted.ThirdParty], _care.Value.ThirdParty(claims)),
            MarginalNames.Incomplete =>
                Share(
                    _counted[Counted.ClaimsThatNeedPapers], _counted[Counted.Incomplete],
                    Chances.Of(_scenario.Filing.Incomplete)),
            MarginalNames.ReviewsGranted =>
                Share(
                    _counted[Counted.Reviews], _counted[Counted.ReviewsGranted],
                    Chances.Of(_scenario.Detours.ReviewGranted)),
            MarginalNames.SentAgain => (Sum(CountedByDay.Deposited), _counted[Counted.SentAgain], SentAgain()),
            MarginalNames.Appealed =>
                (Sum(CountedByDay.Payable) + Sum(CountedByDay.NothingPayable), _counted[Counted.Appealed], Appealed()),
            MarginalNames.Returned =>
                (Sum(CountedByDay.Transfers) + Sum(CountedByDay.PostalOrders), _counted[Counted.Returned], Returned()),
            MarginalNames.LateFacts =>
                (_counted[Counted.Facts], _counted[Counted.LateFacts], new FactChances(_scenario, _counted).Late()),
            MarginalNames.WrongFacts =>
                (Sum(CountedByDay.FactKnown), _counted[Counted.TakenBack],
                    new FactChances(_scenario, _counted).TakenBack()),
            _ =>
                new SituationChances(_scenario, _counted).Of(name)
                    ?? throw new ArgumentOutOfRangeException(nameof(name), name, "nothing measures it"),
        };
    }

    private static (long Whole, long Measured, Expected Expected) Share(long whole, long measured, double chance) =>
        (whole, measured, Expected.Draws(whole, chance));

    private Expected SentAgain()
    {
        var after = DelayChances.Uniform(_scenario.Detours.DuplicateAfter);
        return Follow(
            CountedByDay.Deposited, _scenario.Detours.Duplicates,
            (day, until) => after.Of(days => NotOnSunday(day.AddDays(days)) <= until));
    }

    private Expected Appealed()
    {
        var after = DelayChances.Uniform(_scenario.Detours.AppealAfter);
        return Follow(CountedByDay.Payable, _scenario.Detours.AppealsInPart, InTime)
            + Follow(CountedByDay.NothingPayable, _scenario.Detours.Appeals, InTime);

        double InTime(DateOnly day, DateOnly until) => after.Of(days => day.AddDays(days) <= until);
    }

    /// <summary>A transfer comes back after it was confirmed, a postal order instead.</summary>
    private Expected Returned()
    {
        var (confirmed, closed) = (DelayChances.Skewed(_scenario.Filing.BankDelay),
            DelayChances.Uniform(_scenario.Detours.ClosedAfter));
        var unclaimed = DelayChances.Uniform(_scenario.Detours.UnclaimedAfter);
        return Follow(CountedByDay.Transfers, _scenario.Detours.AccountClosed, (day, until) => confirmed
                .Join(
                    closed,
                    (sent, returned) =>
                        RegistrationTraffic.OnWeekday(day.AddDays(sent)).DayNumber - day.DayNumber + returned)
                            .Of(days => day.AddDays(days) <= until))
            + Follow(
                CountedByDay.PostalOrders, _scenario.Detours.OrderUnclaimed,
                (day, until) => unclaimed.Of(days => day.AddDays(days) <= until));
    }

    /// <summary>What follows with a chance, if it still does within the horizon.</summary>
    /// <param name="inTime">The chance that it does, from a day until the horizon's last.</param>
    private Expected Follow(CountedByDay from, int per100k, Func<DateOnly, DateOnly, double> inTime)
    {
        var sum = default(Expected);
        for (var day = 0; day < _counted.Days; day++)
        {
            if (_counted.On(from, day) is > 0 and var number)
                sum += Expected.Draws(
                    number,
                    Chances.Of(per100k) * inTime(_scenario.Horizon.Opens.AddDays(day), _scenario.Horizon.Closes));
        }

        return sum;
    }

    private long Sum(CountedByDay what) => Enumerable.Range(0, _counted.Days).Sum(day => (long)_counted.On(what, day));

    internal static DateOnly NotOnSunday(DateOnly day) => day.DayOfWeek == DayOfWeek.Sunday ? day.AddDays(1) : day;

    private static decimal Round(double figure) => Math.Round((decimal)figure, 6);
}
