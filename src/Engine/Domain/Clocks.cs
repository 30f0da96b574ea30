using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain;

/// <summary>
/// What another party of the scheme should have done within a time: measured beside the decision that ends it, and
/// never a reason to refuse. The time allowed is that of the day on which the clock began to run.
/// </summary>
[Rule("X3")]
internal static class Clocks
{
    private const int HoursOfWorkingDay = 24;

    /// <summary>The medical control answered a request for approval.</summary>
    public static void ApprovalAnswered(Approval requested, DateOnly on, Rulebook rulebook, Decision decision)
    {
        if (requested.RequestedOn is { } asked)
            Measure(
                Clock.ApprovalAnswer, rulebook.Calendar.WorkingDays(asked, on),
                rulebook.On(asked).ApprovalWorkingHours / HoursOfWorkingDay, decision);
    }

    /// <summary>A provider sent its bill: after the last care of it.</summary>
    public static void BillDeposited(DepositClaim c, Rulebook rulebook, Decision decision)
    {
        if (c.Way != ClaimWay.ThirdParty)
            return;
        var lastCare = c.Lines[0].CareDate;
        foreach (var line in c.Lines)
            lastCare = line.CareDate > lastCare ? line.CareDate : lastCare;
        Measure(
            Clock.ThirdPartyBill, c.Effective.DayNumber - lastCare.DayNumber, rulebook.On(lastCare).ThirdPartyBillDays,
            decision);
    }

    /// <summary>
    /// A provider has its money, for the first time: what a later decision adds has nothing to do with how soon the
    /// fund paid.
    /// </summary>
    public static void PaymentConfirmed(Claim claim, ConfirmPayment c, Rulebook rulebook, Decision decision)
    {
        if (claim.Way != ClaimWay.ThirdParty
            || claim.AccountOf(Payee.Provider) is not { SettledCentimes: 0, InTransitCentimes: > 0 }
            || decision.Outcome == Outcome.Refused
            || claim.ReceivedOn is not { } received)
            return;
        Measure(
            Clock.ProviderPayment, c.Effective.DayNumber - received.DayNumber,
            rulebook.On(received).ProviderPaymentDays, decision);
    }

    /// <summary>
    /// The fund has the contribution that a student paid to the institution: of several payments the first that it
    /// still waits for.
    /// </summary>
    public static void ContributionReceived(Contribution? paid, DateOnly on, Rulebook rulebook, Decision decision)
    {
        if (paid?.AwaitedSince is { } since)
            Measure(
                Clock.ContributionTransfer, on.DayNumber - since.DayNumber, rulebook.On(since).ContributionTransferDays,
                decision);
    }

    private static void Measure(Clock clock, int days, int allowed, Decision decision)
    {
        if (days > allowed)
            decision.Emit(new ClockMissed(clock, days, allowed));
    }
}
