namespace Amoe.Engine.Domain.Claims;

/// <summary>
/// Applies what was decided to a claim. Total: any event on any state leaves a state. Needs no rulebook.
/// </summary>
internal static class ClaimEvolver
{
    public static void Evolve(Claim claim, ClaimEvent e)
    {
        switch (e)
        {
            case ClaimDeposited d:
                claim.Status = ClaimStatus.Deposited;
                claim.Way = d.Way;
                claim.Provider = d.Provider;
                claim.Items = d.Items;
                claim.DepositedOn = d.On;
                claim.Lines = d.Lines;
                return;
            case ClaimReturned r:
                claim.Status = ClaimStatus.Returned;
                claim.Missing = r.Missing;
                return;
            case ClaimCompleted c:
                claim.Status = ClaimStatus.Deposited;
                claim.Items |= c.Items;
                claim.Missing = FileItems.None;
                if (c.Lines.Length > 0)
                    claim.Lines = c.Lines;
                return;
            case ClaimReceived r:
                claim.Status = ClaimStatus.Received;
                claim.ReceivedOn = r.On;
                return;
            case DuplicatesFound f:
                claim.SameLines = f.SameLines;
                claim.SimilarLines = f.SimilarLines;
                return;
            case ClaimAdjudicated a:
                claim.SharedLines = a.SharedLines;
                Judge(claim, a.AnnouncedMethod, a.Outcomes);
                break;
            case ClaimRevised r:
                Judge(claim, r.AnnouncedMethod, r.Outcomes);
                break;
            case ClaimRecalled r:
                Recall(claim, r);
                break;
            default:
                if (!TryHold(claim, e))
                    Pay(claim, e);
                break;
        }

        claim.Status = StatusOf(claim);
    }

    private static void Judge(Claim claim, PaymentMethod announced, LineOutcome[] outcomes)
    {
        claim.AnnouncedMethod = announced;
        claim.Judge(outcomes);
    }

    private static bool TryHold(Claim claim, ClaimEvent e)
    {
        switch (e)
        {
            case ClaimHeld { AsDuplicate: true }:
                claim.Marks |= ClaimMarks.DuplicateAsked | ClaimMarks.HeldAsDuplicate;
                return true;
            case ClaimHeld:
                claim.Marks |= ClaimMarks.ReviewAsked | ClaimMarks.HeldForReview;
                return true;
            case ClaimReleased r:
                // What looked like earlier lines is now known to be them, or not to be.
                if (!r.Granted && claim.Marks.HasFlag(ClaimMarks.HeldAsDuplicate))
                    claim.SameLines |= claim.SimilarLines;
                if (claim.Marks.HasFlag(ClaimMarks.HeldAsDuplicate))
                    claim.SimilarLines = 0;
                claim.Marks &= ~(ClaimMarks.HeldAsDuplicate | ClaimMarks.HeldForReview);
                return true;
            case ClaimAppealed:
                claim.Marks |= ClaimMarks.Appealed | ClaimMarks.AppealPending;
                return true;
            case AppealDecided a:
                claim.Marks &= ~ClaimMarks.AppealPending;

                // The medical control has looked: no review follows, and one that was asked for meanwhile is answered.
                if (a.Granted)
                    claim.Marks = (claim.Marks | ClaimMarks.ReviewAsked) & ~ClaimMarks.HeldForReview;
                return true;
            default:
                return false;
        }
    }

    private static void Pay(Claim claim, ClaimEvent e)
    {
        switch (e)
        {
            case PaymentOrdered p:
                claim.Payments = claim.Payments.With(claim.Ordered(p.AmountCentimes, p.On, p.Method, p.Payee));
                break;
            case PaymentReissued p:
                claim.Payments = claim.Payments.With(claim.Ordered(p.AmountCentimes, p.On, p.Method, p.Payee));
                claim.Marks &= ~ClaimMarks.PaymentCameBack;
                break;
            case PaymentMade p:
                var made = p.Payment != 0 ? p.Payment : claim.Payments.InTransit;
                Settle(claim, claim.Payments[made].Payee, p.AmountCentimes);
                claim.Payments = claim.Payments.With(made, PaymentState.Confirmed);
                break;
            case PaymentReturned p:
                claim.Marks |= ClaimMarks.PaymentCameBack;
                var returned = NumberOf(claim, p);
                if (p.WasConfirmed)
                    Settle(claim, claim.Payments[returned].Payee, -p.AmountCentimes);
                claim.Payments = claim.Payments.With(returned, PaymentState.Returned);
                break;
            case PaymentSetOff s:
                Settle(claim, claim.Named(Payee.Student), s.AmountCentimes);
                claim.Marks &= ~ClaimMarks.PaymentCameBack;
                break;
            case OverpaymentRecovered o:
                Settle(claim, o.Payee, -o.AmountCentimes);
                break;
            case OverpaymentRaised or OverpaymentCancelled or ClaimReopened:
                // What is owed back follows from what is settled and what is payable.
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} is not an event of a claim");
        }
    }

    private static void Settle(Claim claim, Payee payee, long centimes)
    {
        claim.SettledCentimes += centimes;
        if (payee != Payee.None)
            claim.RefundSettledCentimes += centimes;
    }

    // A journal of the first version does not name the payment.
    private static int NumberOf(Claim claim, PaymentReturned e) =>
        e.Payment != 0
            ? e.Payment
            : e.WasConfirmed ? claim.Payments.LastIn(PaymentState.Confirmed) : claim.Payments.InTransit;

    private static void Recall(Claim claim, ClaimRecalled r)
    {
        claim.Way = r.Way;
        claim.Items = r.Items;
        claim.Missing = FileItems.None;
        claim.Provider = r.Provider;
        claim.DepositedOn = r.DepositedOn;
        claim.ReceivedOn = r.ReceivedOn;
        claim.Marks = r.Marks;
        claim.SameLines = r.SameLines;
        claim.SimilarLines = r.SimilarLines;
        claim.SettledCentimes = r.SettledCentimes;
        claim.SharedLines = r.SharedLines;
        claim.RefundSettledCentimes = r.RefundSettledCentimes;
        claim.Payments = Payments.Of(r.Payments);
        claim.Lines = r.Lines;
        Judge(claim, r.AnnouncedMethod, r.Outcomes);
    }

    /// <summary>Once judged, the status of a claim follows from its marks and amounts.</summary>
    private static ClaimStatus StatusOf(Claim claim) =>
        claim.Marks.HasFlag(ClaimMarks.HeldAsDuplicate) ? ClaimStatus.HeldAsDuplicate
        : claim.Marks.HasFlag(ClaimMarks.HeldForReview) ? ClaimStatus.HeldForReview
        : claim.InTransitCentimes > 0 ? ClaimStatus.PaymentOrdered
        : claim.DueCentimes > 0
        ? claim.Marks.HasFlag(ClaimMarks.PaymentCameBack) ? ClaimStatus.PaymentReturned : ClaimStatus.Payable
        : claim.PayableCentimes > 0 ? ClaimStatus.Paid : ClaimStatus.NothingPayable;
}
