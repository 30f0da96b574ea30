using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Parties;

/// <summary>
/// The effects of an event of a student's record on the ledgers of institutions, providers and payment runs. They are a
/// function of the event and of the state before it, the same live and in a replay.
/// </summary>
internal static class Postings
{
    [Rule("C3", "S5")]
    public static void Of(Student student, StudentEvent e, List<Posting> postings)
    {
        switch (e)
        {
            case ContributionPaid p:
                postings.Add(
                    new Posting(
                        PartyId.Institution(p.Institution), PostingKind.Collected, p.AmountCentimes, PaymentMethod.None,
                        student.Id));
                break;
            case ContributionReceived r:
                postings.Add(
                    new Posting(
                        PartyId.Institution(TransferredBy(student, r.Year)), PostingKind.Transferred, r.AmountCentimes,
                        PaymentMethod.None, student.Id));
                break;
            case ReceiptCorrected r:
                if (student.Insurance?.ContributionOf(r.Year)?.LastLearnt(r.On) is { } corrected)
                    TakeBack(student, corrected, postings);
                break;
            case FactCorrected { Fact: CommandKind.ReceiveContribution } f:
                TakeBack(student, f.On, postings);
                break;
        }
    }

    [Rule("K8", "X6", "X7")]
    public static void Of(StudentId student, Claim claim, ClaimEvent e, List<Posting> postings)
    {
        switch (e)
        {
            case PaymentOrdered p:
                Pay(
                    student, claim, claim.Ordered(p.AmountCentimes, p.On, p.Method, p.Payee), PostingKind.Ordered,
                    p.AmountCentimes, postings);
                break;
            case PaymentReissued p:
                Pay(
                    student, claim, claim.Ordered(p.AmountCentimes, p.On, p.Method, p.Payee), PostingKind.Ordered,
                    p.AmountCentimes, postings);
                break;
            case PaymentMade p:
                Pay(student, claim, OrderOf(claim, p.Payment), PostingKind.Confirmed, p.AmountCentimes, postings);
                break;
            case PaymentReturned p:
                Pay(
                    student, claim, OrderOf(claim, p.Payment),
                    p.WasConfirmed ? PostingKind.CameBack : PostingKind.Returned, p.AmountCentimes, postings);
                break;
            case OverpaymentRaised o:
                Owe(student, claim, o.Payee, PostingKind.Overpaid, o.AmountCentimes, postings);
                break;
            case OverpaymentCancelled o:
                Owe(student, claim, o.Payee, PostingKind.OverpaymentCancelled, o.AmountCentimes, postings);
                break;
            case OverpaymentRecovered o:
                Owe(student, claim, o.Payee, PostingKind.Recovered, o.AmountCentimes, postings);
                break;
        }
    }

    /// <summary>
    /// A recovery that a ledger asked for was refused. The claim may have closed long ago, so the posting has no party:
    /// it is for the provider's ledger that asked.
    /// </summary>
    public static void Refused(StudentId student, CommandId id, List<Posting> postings)
    {
        if (id.Attempt >= LedgerDecider.FirstAttempt)
            postings.Add(
                new Posting(
                    default, PostingKind.RecoveryRefused, 0, PaymentMethod.None, student, id.Reference, id.Attempt));
    }

    /// <summary>
    /// The order that a payment is confirmed, and comes back, to. Ledgers of the first version booked each to the
    /// claim's last order, and must agree with what a replay posts to them.
    /// </summary>
    private static Payment OrderOf(Claim claim, int payment) =>
        payment == 0 ? claim.Payments.Last : claim.Payments[payment];

    private static void Pay(
        StudentId student, Claim claim, in Payment order, PostingKind kind, long centimes, List<Posting> postings)
    {
        postings.Add(new Posting(PartyId.RunOf(order.On), kind, centimes, order.Method, student, claim.Number));
        if (IsProviders(claim, order.Payee))
            postings.Add(
                new Posting(PartyId.Provider(claim.Provider), kind, centimes, order.Method, student, claim.Number));
    }

    private static bool IsProviders(Claim claim, Payee payee) =>
        payee == Payee.None && claim.Way == ClaimWay.ThirdParty;

    /// <summary>
    /// What a student owes back is set off by the student's own claims (K1, B11); a provider has its ledger (K2).
    /// </summary>
    private static void Owe(
        StudentId student, Claim claim, Payee payee, PostingKind kind, long centimes, List<Posting> postings)
    {
        if (IsProviders(claim, payee))
            postings.Add(
                new Posting(
                    PartyId.Provider(claim.Provider), kind, centimes, PaymentMethod.None, student, claim.Number));
    }

    /// <summary>
    /// The institution that has not transferred yet what the student paid; where no payment is recorded, the one of the
    /// enrolment.
    /// </summary>
    private static int TransferredBy(Student student, int year) =>
        student.Insurance?.ContributionOf(year == 0 ? student.Year : year)?.TransferredBy(student.Enrolment.Institution)
            ?? student.Enrolment.Institution;

    /// <summary>A receipt that never was is back with the institution that had transferred it.</summary>
    private static void TakeBack(Student student, in ContributionReceipt receipt, List<Posting> postings) =>
        postings.Add(
            new Posting(
                PartyId.Institution(receipt.Institution), PostingKind.Transferred, -(long)receipt.Centimes,
                PaymentMethod.None, student.Id));

    /// <summary>All receipts of a day, in journals of before <see cref="ReceiptCorrected"/>.</summary>
    private static void TakeBack(Student student, DateOnly day, List<Posting> postings)
    {
        for (var contribution = student.Insurance?.Contribution; contribution is not null; contribution =
            contribution.Before)
        {
            foreach (var receipt in contribution.Receipts)
            {
                if (receipt.On == day)
                    TakeBack(student, receipt, postings);
            }
        }
    }
}
