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
        else if (claim.InTransitCentimes > 0 || claim.Marks.HasFlag(ClaimMarks.PaymentCameBack))
            decision.Refuse(Reason.PaymentAlreadyOrdered);
        else if (claim.DueCentimes <= 0)
            decision.Refuse(claim.PayableCentimes > 0 ? Reason.PaymentAlreadyOrdered : Reason.NothingToPay);
        else if (SetOff(claim, siblings, decision) is > 0 and var left)
            decision.Emit(new PaymentOrdered(claim.Number, left, c.Effective));
    }

    [Rule("K8")]
    public static void Confirm(Claim claim, ConfirmPayment c, Decision decision)
    {
        if (claim.InTransitCentimes == 0)
        {
            decision.Refuse(claim.IsClosed ? Reason.ClaimClosed : Reason.PaymentNotOrdered);
            return;
        }

        // A late fact may have made less of it due while it was on its way.
        decision.Emit(new PaymentMade(claim.Number, claim.InTransitCentimes, c.Effective));
        Owe(claim, claim.SettledCentimes + claim.InTransitCentimes, claim.PayableCentimes, decision);
    }

    [Rule("X6")]
    public static void Return(Claim claim, Decision decision)
    {
        if (claim.InTransitCentimes > 0)
        {
            decision.Emit(new PaymentReturned(claim.Number, claim.InTransitCentimes, WasConfirmed: false));
        }
        else if (claim.LastPaymentCentimes > 0)
        {
            decision.Emit(new PaymentReturned(claim.Number, claim.LastPaymentCentimes, WasConfirmed: true));
            Owe(claim, claim.SettledCentimes - claim.LastPaymentCentimes, claim.PayableCentimes, decision);
        }
        else
        {
            decision.Refuse(Reason.NoPaymentToReturn);
        }
    }

    [Rule("X6")]
    public static void Reissue(Claim claim, ReissuePayment c, ISiblings siblings, Decision decision)
    {
        if (!claim.Marks.HasFlag(ClaimMarks.PaymentCameBack))
            decision.Refuse(Reason.NoPaymentReturned);
        else if (claim.IsHeld)
            decision.Refuse(Reason.ClaimNotComplete);
        else if (claim.DueCentimes <= 0)
            decision.Refuse(Reason.NothingToPay);
        else if (SetOff(claim, siblings, decision) is > 0 and var left)
            decision.Emit(new PaymentReissued(claim.Number, left, c.Effective));
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
}
