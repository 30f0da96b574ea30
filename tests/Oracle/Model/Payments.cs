using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

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
        if (!claim.IsDue)
            return OracleReply.Refused(claim.Payable > 0 ? Reason.PaymentAlreadyOrdered : Reason.NothingToPay);
        return SendOut(claim);
    }

    public OracleReply Confirm(ClaimFile claim, int number)
    {
        if (claim.Payments.Find(payment => payment.State == PaymentState.InTransit) is not { } payment)
            return OracleReply.Refused(claim.IsClosed ? Reason.ClaimClosed : Reason.PaymentNotOrdered);
        if (number != 0 && number != payment.Number)
            return OracleReply.Refused(Reason.PaymentUnknown);
        payment.State = PaymentState.Confirmed;
        payment.Account.Settled += payment.Dirhams;
        sums.Paid(payment);
        return OracleReply.Done;
    }

    /// <summary>
    /// Any payment can come back: the one in transit, or a confirmed one, and the message names which (X6).
    /// </summary>
    public OracleReply ComesBack(ClaimFile claim, int number)
    {
        var sent = claim.Payments.Where(payment => payment.State != PaymentState.Returned).ToList();
        if (sent.Count == 0)
            return OracleReply.Refused(Reason.NoPaymentToReturn);
        if (number == 0 && sent.Count > 1)
            return OracleReply.Refused(Reason.PaymentNotNamed);
        if (sent.Find(payment => number == 0 || payment.Number == number) is not { } payment)
            return OracleReply.Refused(Reason.PaymentUnknown);
        if (payment.State == PaymentState.Confirmed)
        {
            sums.Returned += payment.Dirhams;
            payment.Account.Settled -= payment.Dirhams;
        }

        payment.State = PaymentState.Returned;
        sums.Returns++;
        claim.CameBack = true;
        return OracleReply.Done;
    }

    public OracleReply Reissue(ClaimFile claim)
    {
        if (!claim.CameBack)
            return OracleReply.Refused(Reason.NoPaymentReturned);
        if (claim.IsHeld)
            return OracleReply.Refused(Reason.ClaimNotComplete);
        if (claim.InTransit > 0)
            return OracleReply.Refused(Reason.PaymentAlreadyOrdered);
        if (!claim.IsDue)
            return OracleReply.Refused(Reason.NothingToPay);
        claim.CameBack = false;
        return SendOut(claim);
    }

    /// <param name="named">The payee that the command names; null where it names none.</param>
    public OracleReply Recover(ClaimFile claim, decimal dirhams, PaidTo? named)
    {
        var payee = named ?? (claim.AccountOf(PaidTo.Provider) is { Overpaid: > 0 } ? PaidTo.Provider : PaidTo.Student);
        if (claim.AccountOf(payee) is not { Overpaid: > 0 } account)
            return OracleReply.Refused(Reason.NothingToRecover);
        if (dirhams > account.Overpaid)
            return OracleReply.Refused(Reason.RecoveryTooHigh);
        account.Settled -= dirhams;
        sums.Recovered += dirhams;
        return OracleReply.Done;
    }

    /// <summary>
    /// For the provider while anything is due to it, else for the student (K2, B11). What the student owes back on
    /// other claims is set off first against what goes to him; what is left goes out, by the method of the day of the
    /// order (K8).
    /// </summary>
    private OracleReply SendOut(ClaimFile claim)
    {
        var account = claim.Accounts.First(account => account.Due > 0);
        var isForStudent = account.Payee == PaidTo.Student;
        if (isForStudent)
        {
            foreach (var other in person.Claims.Values.Where(other => other != claim))
                SetOff(claim, account, other.AccountOf(PaidTo.Student)!);
        }

        if (account.Due > 0)
        {
            var method = !isForStudent || person.Enrolment.HasBankAccount
                ? PaymentMethod.BankTransfer
                : PaymentMethod.PostalOrder;
            sums.Ordered += account.Due;
            claim.Payments.Add(new Payment(claim.Payments.Count + 1, account, account.Due, method));
        }

        return OracleReply.Done;
    }

    private void SetOff(ClaimFile claim, Account account, Account owed)
    {
        var dirhams = Math.Min(account.Due, owed.Overpaid);
        account.Settled += dirhams;
        owed.Settled -= dirhams;
        sums.SetOff += dirhams;
        if (dirhams > 0 && claim.IsThirdParty)
            sums.RefundsSetOff++;
    }
}
