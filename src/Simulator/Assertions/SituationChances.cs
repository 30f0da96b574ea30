using Amoe.Simulator.Scenarios;
using Amoe.Simulator.Traffic;

namespace Amoe.Simulator.Assertions;

/// <summary>How often each rare situation follows from what gives it a chance, and how often it did.</summary>
internal sealed class SituationChances(Scenario scenario, Marginals counted)
{
    /// <summary>
    /// The whole of a figure, its value in this run, and the expected value; null for a figure of another kind.
    /// </summary>
    public (long Whole, long Measured, Expected Expected)? Of(string name)
    {
        var (money, approvals, prostheses) = (scenario.Contribution.Unexpected, scenario.Care.Approvals,
            scenario.Care.Prostheses);
        return name switch
        {
            MarginalNames.Changed => Follow(
                CountedByDay.DeclaresNone, Counted.Changed, Chances.Of(scenario.Registration.Change.Share),
                In(DelayChances.Uniform(scenario.Registration.Change.After))),
            MarginalNames.MadeGood => Follow(
                CountedByDay.Paid, Counted.MadeGood,
                Chances.Of(scenario.Contribution.WrongSum) * Chances.Of(money.MadeGood),
                In(DelayChances.Skewed(scenario.Contribution.CorrectedAfter))),
            MarginalNames.PaidTwice =>
                Follow(
                    CountedByDay.Paid, Counted.PaidTwice, Chances.Of(money.Twice),
                    In(DelayChances.Uniform(money.TwiceAfter))),
            MarginalNames.PaidEarly =>
                Follow(
                    CountedByDay.Paid, Counted.PaidEarly, Chances.Of(money.Early),
                    In(DelayChances.Uniform(money.EarlyAfter))),
            MarginalNames.PaidNotOwed =>
                Follow(
                    CountedByDay.OwesNothing, Counted.PaidNotOwed, Chances.Of(money.NotOwed),
                    In(DelayChances.Uniform(money.NotOwedAfter))),
            MarginalNames.SecondCoverages => Follow(
                CountedByDay.Covered, Counted.SecondCoverages, Chances.Of(scenario.Situations.Coverages.Second),
                In(DelayChances.Uniform(scenario.Situations.Coverages.SecondAfter))),
            MarginalNames.ExemptionsUndone => Follow(
                CountedByDay.Exempted, Counted.ExemptionsUndone, Chances.Of(scenario.Situations.ExemptionUndone),
                In(DelayChances.Uniform(scenario.Situations.UndoneAfter))),
            MarginalNames.ExemptionsForBills => Follow(
                CountedByDay.Billed, Counted.ExemptionsForBills, Chances.Of(scenario.Situations.ExemptedForBill),
                In(DelayChances.Uniform(scenario.Situations.ForBillAfter))),
            MarginalNames.ApprovalsLate =>
                Follow(
                    CountedByDay.ApprovalAsked, Counted.ApprovalsLate, Chances.Of(approvals.Late),
                    LateDecision(approvals)),
            MarginalNames.ApprovalsCorrected =>
                Follow(
                    CountedByDay.ApprovalDecided, Counted.ApprovalsCorrected, Chances.Of(approvals.Corrected),
                    Correction(approvals)),
            MarginalNames.PresentedAgain => Follow(
                CountedByDay.SentWrongWay, Counted.PresentedAgain, Chances.Of(scenario.Detours.PresentedAgain),
                AtDesk(DelayChances.Uniform(scenario.Detours.PresentedAfter))),
            MarginalNames.SecondProstheses => Follow(
                CountedByDay.Prostheses, Counted.SecondProstheses,
                Chances.Of(prostheses.Again) * (1 - Chances.Of(scenario.Detours.Duplicates)),
                AtDesk(DelayChances.Uniform(prostheses.AgainAfter))),
            MarginalNames.FirstReturned => Follow(
                CountedByDay.LaterOrders, Counted.FirstReturned, Chances.Of(scenario.Detours.FirstReturned),
                In(DelayChances.Exactly(1))),
            _ => null,
        };
    }

    private static Func<DateOnly, DateOnly, double> In(DelayChances after) =>
        (day, until) => after.Of(days => day.AddDays(days) <= until);

    /// <summary>Desks are closed on Sundays.</summary>
    private static Func<DateOnly, DateOnly, double> AtDesk(DelayChances after) =>
        (day, until) => after.Of(days => MarginalModel.NotOnSunday(day.AddDays(days)) <= until);

    private static Func<DateOnly, DateOnly, double> LateDecision(ApprovalModel approvals)
    {
        var (decided, late) = (DelayChances.Uniform(approvals.Delay), DelayChances.Uniform(approvals.LateBy));
        return (day, until) => decided
            .Join(late, (asked, by) => RegistrationTraffic.OnWeekday(day.AddDays(asked)).DayNumber - day.DayNumber + by)
            .Of(days => day.AddDays(days) <= until);
    }

    /// <summary>A decision that is taken back is made again a day later.</summary>
    private static Func<DateOnly, DateOnly, double> Correction(ApprovalModel approvals)
    {
        var after = DelayChances.Uniform(approvals.CorrectedAfter)
            .Join(
                DelayChances.Either(Chances.Of(approvals.Replaced), DelayChances.Exactly(0), DelayChances.Exactly(1)),
                (corrected, again) => corrected + again);
        return In(after);
    }

    /// <param name="inTime">
    /// The chance that what follows still does within the horizon, from a day until the horizon's last.
    /// </param>
    private (long Whole, long Measured, Expected Expected) Follow(
        CountedByDay from, Counted measured, double chance, Func<DateOnly, DateOnly, double> inTime)
    {
        var (whole, sum) = (0L, default(Expected));
        for (var day = 0; day < counted.Days; day++)
        {
            if (counted.On(from, day) is not (> 0 and var number))
                continue;
            whole += number;
            sum += Expected.Draws(
                number, chance * inTime(scenario.Horizon.Opens.AddDays(day), scenario.Horizon.Closes));
        }

        return (whole, counted[measured], sum);
    }
}
