using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.People;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>
/// The payment runs, and what becomes of what they pay: confirmed, back again and paid once more, or paid back (K8, X6,
/// X7).
/// </summary>
/// <remarks>
/// A claim's first order, and what follows from it, is attempt 0. Whatever comes later is sent under the number of its
/// run: so each round has ids of its own without anyone counting them.
/// </remarks>
internal sealed class PaymentTraffic(Scenario scenario, World world)
{
    /// <summary>
    /// The most runs of a horizon: their numbers, from 1, are attempts below <see cref="SecondTry"/>.
    /// </summary>
    public const int RunsMax = SecondTry - 1;

    /// <summary>
    /// The number of a claim's first payment. Whether an order left anything to pay after set-offs is not known here,
    /// so later numbers are not either: the bank's messages leave them out, and name the second where they are asked.
    /// </summary>
    private const int First = 1;

    /// <summary>The bank's second message, which names the payment that came back.</summary>
    private const int NamedAfter = 2;

    /// <summary>
    /// Marks the order of what could not be ordered at first because an earlier payment was out; and a return whose
    /// message names the payment.
    /// </summary>
    private const int SecondTry = 128;

    private readonly FilingModel _filing = scenario.Filing;
    private readonly DetourModel _detours = scenario.Detours;
    private readonly DateOnly _firstRun = scenario.Horizon.Opens.AddDays(
        ((int)DayOfWeek.Thursday - (int)scenario.Horizon.Opens.DayOfWeek + 7) % 7);

    /// <summary>Days after which no payment is out any more.</summary>
    private readonly int _longestOut = Math.Max(
        Math.Max(scenario.Filing.BankDelay.Max, scenario.Filing.PostDelay.Max), scenario.Detours.UnclaimedAfter.Max)
            + 2;

    /// <summary>There is something to pay for the first time.</summary>
    public void Payable(in Life life, int n, DateOnly day, Agenda agenda) =>
        agenda.Add(NextRun(day), life.Step(StepKind.OrderPayment, n));

    /// <summary>There is something, or more, to pay: perhaps beside what was paid before.</summary>
    public void PayableAgain(in Life life, int n, DateOnly day, Agenda agenda)
    {
        var run = NextRun(day);
        agenda.Add(run, life.Step(StepKind.OrderPayment, n, RunOf(run)));
    }

    /// <summary>Too much was paid. Some pay it back by instalments; the rest is left to be set off.</summary>
    public void Overpaid(in Life life, int n, DateOnly day, Agenda agenda)
    {
        if (life.Draws.Chance(DrawPurpose.PaysBack, _detours.PaysBack, n))
            agenda.Add(
                NextRun(day.AddDays(life.Draws.Range(DrawPurpose.PaysBackAfter, _detours.PaysBackAfter, n))),
                life.Step(StepKind.Recover, n));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var (sheet, attempt) = (Sheet.Of(life, step.Number), (byte)step.Attempt);
        return step.Kind switch
        {
            StepKind.OrderPayment => new OrderPayment(life.Id, sheet, day, day) { Attempt = attempt },
            StepKind.ConfirmPayment =>
                new ConfirmPayment(life.Id, sheet, day, day, NumberOf(attempt)) { Attempt = attempt },
            StepKind.ReturnPayment =>
                new ReportPaymentReturned(life.Id, sheet, day, day, NumberOf(attempt)) { Attempt = attempt },
            StepKind.ReturnFirstPayment =>
                new ReportPaymentReturned(life.Id, sheet, day, day, First) { Attempt = attempt },
            StepKind.NameReturnedPayment =>
                new ReportPaymentReturned(life.Id, sheet, day, day, First + 1) { Attempt = attempt },
            StepKind.ReissuePayment => new ReissuePayment(life.Id, sheet, day, day) { Attempt = attempt },
            _ =>
                new RecoverOverpayment(
                    life.Id, sheet, day, day, _detours.InstalmentCentimes)
                { Attempt = (byte)RunOf(day) },
        };
    }

    public void React(in Life life, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda)
    {
        var n = Sheet.NumberOf(id.Reference);
        switch (id.Kind)
        {
            case CommandKind.OrderPayment or CommandKind.ReissuePayment when outcome == Outcome.Done:
                Ordered(life, n, id.Attempt, day, agenda);
                if (id.Kind == CommandKind.OrderPayment && id.Attempt is > 0 and < SecondTry)
                    FirstMayReturn(life, n, id.Attempt, day, agenda);
                break;
            case CommandKind.ReportPaymentReturned when reason == Reason.PaymentNotNamed && id.Attempt < SecondTry:
                agenda.Add(day.AddDays(NamedAfter), life.Step(StepKind.NameReturnedPayment, n, SecondTry | id.Attempt));
                break;
            case CommandKind.OrderPayment when reason == Reason.PaymentAlreadyOrdered
                && id.Attempt is > 0 and < SecondTry:
                var again = NextRun(day.AddDays(_longestOut));
                agenda.Add(again, life.Step(StepKind.OrderPayment, n, SecondTry | RunOf(again)));
                break;
            case CommandKind.ReportPaymentReturned when outcome == Outcome.Done:
                Returned(life, n, id.Attempt, day, agenda);
                break;
            case CommandKind.RecoverOverpayment when outcome == Outcome.Done:
                // Until less than an instalment is owed: then it is refused.
                agenda.Add(NextRun(day.AddDays(_detours.InstalmentEvery)), life.Step(StepKind.Recover, n));
                break;
            default:
                break;
        }
    }

    private void Returned(in Life life, int n, int attempt, DateOnly day, Agenda agenda)
    {
        var (draws, round) = (life.Draws, n << 8 | attempt);
        if (draws.Chance(DrawPurpose.Reissued, _detours.Reissued, round))
        {
            var run = NextRun(day.AddDays(draws.Range(DrawPurpose.ReissueAfter, _detours.ReissueAfter, round)));
            agenda.Add(run, life.Step(StepKind.ReissuePayment, n, RunOf(run)));
        }

        // Paid again after that, it goes by postal order.
        if (attempt == 0
            && life.HasBankAccount
            && draws.Chance(DrawPurpose.AccountLost, _detours.AccountLost, n)
            && life.Profile is { Declares: true, Coverage: CoverageKind.None })
            agenda.Add(day.AddDays(1), RegistrationTraffic.DeclareWithoutAccount(life, n));
    }

    /// <summary>A later payment is under way: the first, if it did not come back before, may do so now (X6).</summary>
    private void FirstMayReturn(in Life life, int n, int attempt, DateOnly day, Agenda agenda)
    {
        var byBank = life.HasBankAccount;
        if (ComesBack(life, byBank, n << 8) || ComesBack(life, byBank, n << 8 | attempt))
            return;
        agenda.Marginals.Chanced(CountedByDay.LaterOrders, day);
        if (life.Draws.Chance(DrawPurpose.FirstReturned, _detours.FirstReturned, n << 8 | attempt))
            agenda.Add(day.AddDays(1), life.Step(StepKind.ReturnFirstPayment, n, SecondTry | attempt));
    }

    private bool ComesBack(in Life life, bool byBank, int round) =>
        life.Draws.Chance(DrawPurpose.ComesBack, byBank ? _detours.AccountClosed : _detours.OrderUnclaimed, round);

    private static int NumberOf(int attempt) => attempt == 0 ? First : 0;

    /// <summary>
    /// A transfer to a closed account is confirmed, and comes back after that; a postal order that is not fetched comes
    /// back without ever being confirmed.
    /// </summary>
    private void Ordered(in Life life, int n, int attempt, DateOnly day, Agenda agenda)
    {
        var (draws, round) = (life.Draws, n << 8 | attempt);
        var byBank = life.HasBankAccount;
        var isPostalOrder = !byBank && !IsToProvider(life, n);
        if (byBank || isPostalOrder)
            agenda.Marginals.Ordered(byBank, day);
        var comesBack = ComesBack(life, byBank, round);
        if (comesBack && isPostalOrder)
        {
            agenda.Add(
                day.AddDays(draws.Range(DrawPurpose.ComesBackAfter, _detours.UnclaimedAfter, round)),
                life.Step(StepKind.ReturnPayment, n, attempt));
            return;
        }

        var confirmed = RegistrationTraffic.OnWeekday(
            day.AddDays(draws.Delay(DrawPurpose.ConfirmDelay, byBank ? _filing.BankDelay : _filing.PostDelay, round)));
        agenda.Add(confirmed, life.Step(StepKind.ConfirmPayment, n, attempt));
        if (comesBack && byBank)
            agenda.Add(
                confirmed.AddDays(draws.Range(DrawPurpose.ComesBackAfter, _detours.ClosedAfter, round)),
                life.Step(StepKind.ReturnPayment, n, attempt));
    }

    /// <summary>Providers have accounts, whatever the student has.</summary>
    private bool IsToProvider(in Life life, int n) =>
        new CareFile(scenario, world, life.Draws, n, life.Profile.Chronic).Way == ClaimWay.ThirdParty;

    /// <summary>Runs are so many days apart, from the first Thursday on.</summary>
    private DateOnly NextRun(DateOnly after)
    {
        var elapsed = Math.Max(0, after.DayNumber - _firstRun.DayNumber + 1);
        return _firstRun.AddDays(
            (elapsed + _filing.PaymentRunEvery - 1) / _filing.PaymentRunEvery * _filing.PaymentRunEvery);
    }

    /// <summary>From 1.</summary>
    private int RunOf(DateOnly run) => 1 + (run.DayNumber - _firstRun.DayNumber) / _filing.PaymentRunEvery;
}
