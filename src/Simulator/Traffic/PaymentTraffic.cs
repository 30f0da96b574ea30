using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Traffic;

/// <summary>The payment runs, and what becomes of what they pay: confirmed, back again and paid once more, or paid back (K8, X6, X7).</summary>
/// <remarks>
/// A claim's first order, and what follows from it, is attempt 0. Whatever comes later is sent under the number of its run: so each round has ids of its own
/// without anyone counting them.
/// </remarks>
internal sealed class PaymentTraffic(Scenario scenario)
{
    /// <summary>The most runs of a horizon: their numbers, from 1, are attempts below <see cref="SecondTry"/>.</summary>
    public const int RunsMax = SecondTry - 1;

    /// <summary>Marks the order of what could not be ordered at first because an earlier payment was out.</summary>
    private const int SecondTry = 128;

    private readonly FilingModel _filing = scenario.Filing;
    private readonly DetourModel _detours = scenario.Detours;
    private readonly DateOnly _firstRun = scenario.Horizon.Opens.AddDays(((int)DayOfWeek.Thursday - (int)scenario.Horizon.Opens.DayOfWeek + 7) % 7);

    /// <summary>Days after which no payment is out any more.</summary>
    private readonly int _longestOut = Math.Max(Math.Max(scenario.Filing.BankDelay.Max, scenario.Filing.PostDelay.Max), scenario.Detours.UnclaimedAfter.Max) + 2;

    /// <summary>There is something to pay for the first time.</summary>
    public void Payable(in Life life, int n, DateOnly day, Agenda agenda) => agenda.Add(NextRun(day), life.Step(StepKind.OrderPayment, n));

    /// <summary>There is something, or more, to pay: perhaps beside what was paid before.</summary>
    public void PayableAgain(in Life life, int n, DateOnly day, Agenda agenda)
    {
        var run = NextRun(day);
        agenda.Add(run, life.Step(StepKind.OrderPayment, n, NumberOf(run)));
    }

    /// <summary>Too much was paid. Some pay it back by instalments; the rest is left to be set off.</summary>
    public void Overpaid(in Life life, int n, DateOnly day, Agenda agenda)
    {
        if (life.Draws.Chance(Lot.PaysBack, _detours.PaysBack, n))
            agenda.Add(NextRun(day.AddDays(life.Draws.Range(Lot.PaysBackAfter, _detours.PaysBackAfter, n))), life.Step(StepKind.Recover, n));
    }

    public Command Act(in Life life, Step step, DateOnly day)
    {
        var (sheet, attempt) = (Sheet.Of(life, step.Number), (byte)step.Attempt);
        return step.Kind switch
        {
            StepKind.OrderPayment => new OrderPayment(life.Id, sheet, day, day) { Attempt = attempt },
            StepKind.ConfirmPayment => new ConfirmPayment(life.Id, sheet, day, day) { Attempt = attempt },
            StepKind.ReturnPayment => new ReportPaymentReturned(life.Id, sheet, day, day) { Attempt = attempt },
            StepKind.ReissuePayment => new ReissuePayment(life.Id, sheet, day, day) { Attempt = attempt },
            _ => new RecoverOverpayment(life.Id, sheet, day, day, _detours.InstalmentCentimes) { Attempt = (byte)NumberOf(day) },
        };
    }

    public void React(in Life life, CommandId id, Outcome outcome, Reason reason, DateOnly day, Agenda agenda)
    {
        var n = Sheet.NumberOf(id.Reference);
        switch (id.Kind)
        {
            case CommandKind.OrderPayment or CommandKind.ReissuePayment when outcome == Outcome.Done:
                Ordered(life, n, id.Attempt, day, agenda);
                break;
            case CommandKind.OrderPayment when reason == Reason.PaymentAlreadyOrdered && id.Attempt is > 0 and < SecondTry:
                var again = NextRun(day.AddDays(_longestOut));
                agenda.Add(again, life.Step(StepKind.OrderPayment, n, SecondTry | NumberOf(again)));
                break;
            case CommandKind.ReportPaymentReturned when outcome == Outcome.Done && life.Draws.Chance(Lot.Reissued, _detours.Reissued, n << 8 | id.Attempt):
                var run = NextRun(day.AddDays(life.Draws.Range(Lot.ReissueAfter, _detours.ReissueAfter, n << 8 | id.Attempt)));
                agenda.Add(run, life.Step(StepKind.ReissuePayment, n, NumberOf(run)));
                break;
            case CommandKind.RecoverOverpayment when outcome == Outcome.Done:
                // Until less than an instalment is owed: then it is refused.
                agenda.Add(NextRun(day.AddDays(_detours.InstalmentEvery)), life.Step(StepKind.Recover, n));
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// A transfer to a closed account is confirmed, and comes back after that; a postal order that nobody fetches comes back without ever being confirmed.
    /// </summary>
    private void Ordered(in Life life, int n, int attempt, DateOnly day, Agenda agenda)
    {
        var (draws, round) = (life.Draws, n << 8 | attempt);
        var byBank = life.HasBankAccount;
        var isPostalOrder = !byBank && !IsToProvider(life, n);
        if (byBank || isPostalOrder)
            agenda.Marginals.Ordered(byBank, day);
        var comesBack = draws.Chance(Lot.ComesBack, byBank ? _detours.AccountClosed : _detours.OrderUnclaimed, round);
        if (comesBack && isPostalOrder)
        {
            agenda.Add(day.AddDays(draws.Range(Lot.ComesBackAfter, _detours.UnclaimedAfter, round)), life.Step(StepKind.ReturnPayment, n, attempt));
            return;
        }

        var confirmed = RegistrationTraffic.OnWeekday(day.AddDays(draws.Delay(Lot.ConfirmDelay, byBank ? _filing.BankDelay : _filing.PostDelay, round)));
        agenda.Add(confirmed, life.Step(StepKind.ConfirmPayment, n, attempt));
        if (comesBack && byBank)
            agenda.Add(confirmed.AddDays(draws.Range(Lot.ComesBackAfter, _detours.ClosedAfter, round)), life.Step(StepKind.ReturnPayment, n, attempt));
    }

    /// <summary>Providers have accounts, whatever the student has.</summary>
    private bool IsToProvider(in Life life, int n) =>
        new CareFile(scenario, life.Draws, Sheet.CareOf(n), life.Profile.Chronic).Way == ClaimWay.ThirdParty;

    /// <summary>Runs are so many days apart, from the first Thursday on.</summary>
    private DateOnly NextRun(DateOnly after)
    {
        var elapsed = Math.Max(0, after.DayNumber - _firstRun.DayNumber + 1);
        return _firstRun.AddDays((elapsed + _filing.PaymentRunEvery - 1) / _filing.PaymentRunEvery * _filing.PaymentRunEvery);
    }

    /// <summary>From 1.</summary>
    private int NumberOf(DateOnly run) => 1 + (run.DayNumber - _firstRun.DayNumber) / _filing.PaymentRunEvery;
}
