using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Assertions;

/// <summary>How many of the reported facts are late, or taken back (S5).</summary>
internal sealed class FactChances(Scenario scenario, Marginals counted)
{
    private readonly LateFactModel _facts = scenario.LateFacts;
    private readonly SituationModel _situations = scenario.Situations;
    private readonly CoveragesModel _coverages = scenario.Situations.Coverages;

    /// <summary>
    /// By kind and effective day. A fact that would become known after the horizon is not reported, so near its end the
    /// late ones are fewer.
    /// </summary>
    public Expected Late()
    {
        var (onTime, lateBy) = (DelayChances.Exactly(0), DelayChances.Uniform(_facts.By));
        var usual = DelayChances.Skewed(_situations.InterruptLag);
        var report = DelayChances.Either(
            Chances.Of(_situations.ReportLate), DelayChances.Skewed(_situations.ReportLag), onTime);

        // ANAM confirms an end that the student reported first so many days later.
        var confirmed = DelayChances.Either(
            Chances.Of(_coverages.StudentSaysEnd), DelayChances.Uniform(_coverages.ConfirmedAfter), onTime);
        return Late(CountedByDay.Receipt, LateOr(onTime))
            + Late(
                CountedByDay.CoverageEnd,
                LateOr(DelayChances.Exactly(1)).Join(confirmed, (known, later) => known + later))
            + Late(CountedByDay.Exemption, LateOr(onTime))
            + Late(CountedByDay.Interruption, LateOr(usual))

            // When it is reported does not depend on how late that is: it is the effective date that lies before.
            + Expected.Draws(Sum(CountedByDay.CoverageReport), WithWrong(report).Of(IsLate));

        DelayChances LateOr(DelayChances usually) =>
            DelayChances.Either(Chances.Of(_facts.Share), usually.Join(lateBy, Math.Max), usually);
    }

    /// <summary>
    /// By the day they became known: what is wrong is taken back so many days later, if that is within the horizon.
    /// </summary>
    public Expected TakenBack()
    {
        var after = DelayChances.Uniform(_facts.TakenBackAfter);
        var sum = default(Expected);
        for (var day = 0; day < counted.Days; day++)
        {
            if (counted.On(CountedByDay.FactKnown, day) is > 0 and var facts)
                sum += Expected.Draws(facts, Chances.Of(_facts.Wrong) * after.Of(days => day + days < counted.Days));
        }

        return sum;
    }

    private Expected Late(CountedByDay kind, DelayChances lag)
    {
        var (sum, reported) = (default(Expected), WithWrong(lag));
        for (var effective = 0; effective < counted.Days; effective++)
        {
            if (counted.On(kind, effective) is not (> 0 and var facts))
                continue;
            var all = reported.Of(days => effective + days < counted.Days);
            sum += Expected.Draws(
                facts, all == 0 ? 0 : reported.Of(days => IsLate(days) && effective + days < counted.Days) / all);
        }

        return sum;
    }

    /// <summary>A wrong date is too early, and the fact by so much later known than it seems to have been.</summary>
    private DelayChances WithWrong(DelayChances lag) =>
        DelayChances.Either(
            Chances.Of(_facts.Wrong), lag.Join(DelayChances.Uniform(_facts.WrongBy), (days, early) => days + early),
            lag);

    private long Sum(CountedByDay kind) => Enumerable.Range(0, counted.Days).Sum(day => (long)counted.On(kind, day));

    private static bool IsLate(int days) => days > Marginals.LateFactAfterDays;
}
