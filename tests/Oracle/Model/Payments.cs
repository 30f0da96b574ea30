using Amoe.Engine.Domain;

namespace Amoe.Oracle.Model;

/// <summary>Money that goes out, comes back, is owed back and set off (K8, X6, X7).</summary>
internal sealed class Payments(Sums sums, Person person)
{
    public OracleReply Order(ClaimFile claim)
    {
        if (!claim.IsReceived || claim.IsHeld)
            return OracleReply.Refused(Reason.ClaimNotComplete);
        if (claim.InTransit > 0 || claim.CameBack)
            return OracleReply.Refused(Reason.PaymentAlreadyOrdered);
        if (claim.Due <= 0)
            return OracleReply.Refused(claim.Payable > 0 ? Reason.PaymentAlreadyOrdered : Reason.NothingToPay);
        return SendOut(claim);
    }

    public OracleReply Confirm(ClaimFile claim)
    {
        if (claim.InTransit == 0)
            return OracleReply.Refused(claim.IsClosed ? Reason.ClaimClosed : Reason.PaymentNotOrdered);
        (claim.LastPayment, claim.InTransit) = (claim.InTransit, 0);
        claim.Settled += claim.LastPayment;
        sums.Paid(claim);
        return OracleReply.Done;
    }

    public OracleReply ComesBack(ClaimFile claim)
    {
        if (claim.InTransit > 0)
        {
            claim.InTransit = 0;
        }
        else if (claim.LastPayment > 0)
        {
            sums.Returned += claim.LastPayment;
            claim.Settled -= claim.LastPayment;
            claim.LastPayment = 0;
        }
        else
        {
            return OracleReply.Refused(Reason.NoPaymentToReturn);
        }

        sums.Returns++;
        claim.CameBack = true;
        return OracleReply.Done;
    }

    public OracleReply Reissue(ClaimFile claim)
    {
        if (!claim.CameBack)
            return OracleReply.Refused(Reason.NoPaymentReturned);
        if (claim.Due <= 0)
            return OracleReply.Refused(Reason.NothingToPay);
        claim.CameBack = false;
        return SendOut(claim);
    }

    public OracleReply Recover(ClaimFile claim, decimal dirhams)
    {
        if (claim.Overpaid == 0)
            return OracleReply.Refused(Reason.NothingToRecover);
        if (dirhams > claim.Overpaid)
            return OracleReply.Refused(Reason.RecoveryTooHigh);
        claim.Settled -= dirhams;
        sums.Recovered += dirhams;
        return OracleReply.Done;
    }

    /// <summary>What the student owes back on other claims he was reimbursed for is set off first; what is left goes out.</summary>
    private OracleReply SendOut(ClaimFile claim)
    {
        if (!claim.IsThirdParty)
        {
            foreach (var owed in person.Claims.Values.Where(other => other != claim && !other.IsThirdParty))
                SetOff(claim, owed);
        }

        claim.InTransit = claim.Due;
        sums.Ordered += claim.InTransit;
        return OracleReply.Done;
    }

    private void SetOff(ClaimFile claim, ClaimFile owed)
    {
        var dirhams = Math.Min(claim.Due, owed.Overpaid);
        claim.Settled += dirhams;
        owed.Settled -= dirhams;
        sums.SetOff += dirhams;
    }
}
