using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Payment and what may become of it: set-off, coming back, recovery of what was not due (K8, X6, X7).
/// </summary>
internal static class Paying
{
    [Rule("K8")]
    public static void Order(Claim claim, OrderPayment c, ISiblings siblings, Decision decision)
    {
        if (!claim.IsJudged || claim.IsHeld)
            decision.Refuse(Reason.ClaimNotComplete);
        else if (claim.Payments.InTransit > 0 || claim.Marks.HasFlag(ClaimMarks.PaymentCameBack))
            decision.Refuse(Reason.PaymentAlreadyOrdered);
        else if (claim.DueCentimes <= 0)
            decision.Refuse(claim.PayableCentimes > 0 ? Reason.PaymentAlreadyOrdered : Reason.NothingToPay);
        else if (PayeeDue(claim) is var payee && SetOff(claim, payee, siblings, decision) is > 0 and var left)
            decision.Emit(
                new PaymentOrdered(
                    claim.Number, left, c.Effective, MethodFor(payee, siblings), claim.Payments.Count + 1,
                    claim.Named(payee)));
    }

    [Rule("K8")]
    public static void Confirm(Claim claim, ConfirmPayment c, Decision decision)
    {
        var number = claim.Payments.InTransit;
        if (number == 0 || (c.Payment != 0 && c.Payment != number))
        {
            decision.Refuse(
                number > 0 ? Reason.PaymentUnknown : claim.IsClosed ? Reason.ClaimClosed : Reason.PaymentNotOrdered);
            return;
        }

        // A late fact may have made less of it due while it was on its way.
        decision.Emit(new PaymentMade(claim.Number, claim.InTransitCentimes, c.Effective, number));
        Owe(claim, claim.Payments[number].Payee, settledMoreCentimes: claim.InTransitCentimes, decision);
    }

    /// <summary>
    /// Any payment that was not returned before can come back. A message that does not say which means the only one.
    /// </summary>
    [Rule("X6")]
    public static void Return(Claim claim, ReportPaymentReturned c, Decision decision)
    {
        var (count, last) = claim.Payments.Out();
        var number = c.Payment != 0 ? c.Payment : last;
        var payment = claim.Payments[number];
        if (count == 0)
        {
            decision.Refuse(Reason.NoPaymentToReturn);
        }
        else if (!payment.IsOut)
        {
            decision.Refuse(Reason.PaymentUnknown);
        }
        else if (c.Payment == 0 && count > 1)
        {
            decision.Refuse(Reason.PaymentNotNamed);
        }
        else
        {
            var wasConfirmed = payment.State == PaymentState.Confirmed;
            decision.Emit(new PaymentReturned(claim.Number, payment.AmountCentimes, wasConfirmed, number));
            if (wasConfirmed)
                Owe(claim, payment.Payee, settledMoreCentimes: -payment.AmountCentimes, decision);
        }
    }

    [Rule("X6")]
    public static void Reissue(Claim claim, ReissuePayment c, ISiblings siblings, Decision decision)
    {
        if (!claim.Marks.HasFlag(ClaimMarks.PaymentCameBack))
            decision.Refuse(Reason.NoPaymentReturned);
        else if (claim.IsHeld)
            decision.Refuse(Reason.ClaimNotComplete);
        else if (claim.Payments.InTransit > 0)
            decision.Refuse(Reason.PaymentAlreadyOrdered);
        else if (claim.DueCentimes <= 0)
            decision.Refuse(Reason.NothingToPay);
        else if (PayeeDue(claim) is var payee && SetOff(claim, payee, siblings, decision) is > 0 and var left)
            decision.Emit(
                new PaymentReissued(
                    claim.Number, left, c.Effective, MethodFor(payee, siblings), claim.Payments.Count + 1,
                    claim.Named(payee)));
    }

    [Rule("X7")]
    public static void Recover(Claim claim, RecoverOverpayment c, Decision decision)
    {
        var payee = DebtorOf(claim, c);
        var owed = claim.AccountOf(payee).OverpaidCentimes;
        if (owed == 0)
            decision.Refuse(Reason.NothingToRecover);
        else if (c.AmountCentimes > owed)
            decision.Refuse(Reason.RecoveryTooHigh);
        else
            decision.Emit(
                new OverpaymentRecovered(claim.Number, c.AmountCentimes, BySetOff: false, claim.Named(payee)));
    }

    /// <summary>
    /// Says what of an overpayment is new, or made good, when a payee's account comes to be another (X7).
    /// </summary>
    [Rule("X7")]
    public static void Owe(Claim claim, Payee payee, in PayeeAccount after, Decision decision)
    {
        var change = after.OverpaidCentimes - claim.AccountOf(payee).OverpaidCentimes;
        if (change > 0)
            decision.Emit(new OverpaymentRaised(claim.Number, change, claim.Named(payee)));
        else if (change < 0)
            decision.Emit(new OverpaymentCancelled(claim.Number, -change, claim.Named(payee)));
    }

    private static void Owe(Claim claim, Payee payee, long settledMoreCentimes, Decision decision)
    {
        var account = claim.AccountOf(payee);
        Owe(claim, payee, account with { SettledCentimes = account.SettledCentimes + settledMoreCentimes }, decision);
    }

    /// <summary>Who pays back. A ledger recovers what its provider owes, who else owes something.</summary>
    [Rule("X7")]
    internal static Payee DebtorOf(Claim claim, RecoverOverpayment c) => c switch
    {
        { Attempt: >= LedgerDecider.FirstAttempt } => Payee.Provider,
        { Payee: not Payee.None } => c.Payee,
        _ => claim.AccountOf(Payee.Provider).OverpaidCentimes > 0 ? Payee.Provider : Payee.Student,
    };

    /// <summary>
    /// One payment is in transit at a time: the provider is paid first, then the student is repaid what he bore.
    /// </summary>
    [Rule("B11", "K2")]
    private static Payee PayeeDue(Claim claim) =>
        claim.AccountOf(Payee.Provider).DueCentimes > 0 ? Payee.Provider : Payee.Student;

    /// <summary>
    /// X7: what the student owes back on other claims is kept back from what he is due. What is left of what is due.
    /// </summary>
    [Rule("X7")]
    private static long SetOff(Claim claim, Payee payee, ISiblings siblings, Decision decision)
    {
        var due = claim.AccountOf(payee).DueCentimes;
        if (payee != Payee.Student)
            return due;
        foreach (var debtor in siblings.Debtors(claim.Number))
        {
            var amount = Math.Min(due, debtor.AccountOf(Payee.Student).OverpaidCentimes);
            decision.Emit(new PaymentSetOff(claim.Number, amount, debtor.Number));
            decision.Emit(new OverpaymentRecovered(debtor.Number, amount, BySetOff: true, debtor.Named(Payee.Student)));
            due -= amount;
            if (due == 0)
                break;
        }

        return due;
    }

    /// <summary>
    /// K8: decided by what is on record on the day of the order, so that a payment ordered again does not go to an
    /// account given up since.
    /// </summary>
    [Rule("K8", "X6")]
    private static PaymentMethod MethodFor(Payee payee, ISiblings siblings) =>
        payee == Payee.Provider || siblings.HasBankAccount ? PaymentMethod.BankTransfer : PaymentMethod.PostalOrder;
}
