using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Claims;

/// <summary>Payment and what may become of it: set-off, coming back, recovery of what was not due (K8, X6, X7).</summary>
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
        else if (SetOff(claim, siblings, decision) is > 0 and var left)
            decision.Emit(new PaymentOrdered(claim.Number, left, c.Effective, MethodFor(claim, siblings), claim.Payments.Count + 1));
    }

    [Rule("K8")]
    public static void Confirm(Claim claim, ConfirmPayment c, Decision decision)
    {
        var number = claim.Payments.InTransit;
        if (number == 0 || (c.Payment != 0 && c.Payment != number))
        {
            decision.Refuse(number > 0 ? Reason.PaymentUnknown : claim.IsClosed ? Reason.ClaimClosed : Reason.PaymentNotOrdered);
            return;
        }

        // A late fact may have made less of it due while it was on its way.
        decision.Emit(new PaymentMade(claim.Number, claim.InTransitCentimes, c.Effective, number));
        Owe(claim, claim.SettledCentimes + claim.InTransitCentimes, claim.PayableCentimes, decision);
    }

    /// <summary>Any payment that was not returned before can come back. A message that does not say which means the only one.</summary>
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
                Owe(claim, claim.SettledCentimes - payment.AmountCentimes, claim.PayableCentimes, decision);
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
        else if (SetOff(claim, siblings, decision) is > 0 and var left)
            decision.Emit(new PaymentReissued(claim.Number, left, c.Effective, MethodFor(claim, siblings), claim.Payments.Count + 1));
    }

    [Rule("X7")]
    public static void Recover(Claim claim, RecoverOverpayment c, Decision decision)
    {
        if (claim.OverpaidCentimes == 0)
            decision.Refuse(Reason.NothingToRecover);
        else if (c.AmountCentimes > claim.OverpaidCentimes)
            decision.Refuse(Reason.RecoveryTooHigh);
        else
            decision.Emit(new OverpaymentRecovered(claim.Number, c.AmountCentimes, BySetOff: false));
    }

    /// <summary>Says what of an overpayment is new, or made good, when a claim comes to have these amounts (X7).</summary>
    [Rule("X7")]
    public static void Owe(Claim claim, long settledCentimes, long payableCentimes, Decision decision)
    {
        var change = Math.Max(0, settledCentimes - payableCentimes) - claim.OverpaidCentimes;
        if (change > 0)
            decision.Emit(new OverpaymentRaised(claim.Number, change));
        else if (change < 0)
            decision.Emit(new OverpaymentCancelled(claim.Number, -change));
    }

    /// <summary>X7: what the student owes back on other reimbursements is kept back from one. What is left of what is due.</summary>
    [Rule("X7")]
    private static long SetOff(Claim claim, ISiblings siblings, Decision decision)
    {
        var due = claim.DueCentimes;
        if (claim.Way != ClaimWay.Reimbursement)
            return due;
        foreach (var debtor in siblings.Debtors(claim.Number))
        {
            var amount = Math.Min(due, debtor.OverpaidCentimes);
            decision.Emit(new PaymentSetOff(claim.Number, amount, debtor.Number));
            decision.Emit(new OverpaymentRecovered(debtor.Number, amount, BySetOff: true));
            due -= amount;
            if (due == 0)
                break;
        }

        return due;
    }

    /// <summary>K8: decided by what is on record on the day of the order, so that a payment ordered again does not go to an account given up since.</summary>
    [Rule("K8", "X6")]
    private static PaymentMethod MethodFor(Claim claim, ISiblings siblings) =>
        claim.Way == ClaimWay.ThirdParty || siblings.HasBankAccount ? PaymentMethod.BankTransfer : PaymentMethod.PostalOrder;
}
