namespace Amoe.Engine.Domain.Claims;

/// <summary>Applies what was decided to a claim. Total: any event on any state leaves a state. Needs no rulebook.</summary>
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
                break;
            case ClaimReceived r:
                claim.Status = ClaimStatus.Received;
                claim.ReceivedOn = r.On;
                break;
            case ClaimAdjudicated a:
                claim.Outcomes = a.Outcomes;
                claim.Method = a.Method;
                claim.PayableCentimes = a.PayableCentimes;
                claim.Status = claim.PayableCentimes > 0 ? ClaimStatus.Payable : ClaimStatus.NothingPayable;
                break;
            case PaymentOrdered p:
                Order(claim, p.On);
                break;
            case PaymentMade:
                claim.Status = ClaimStatus.Paid;
                break;
            case ClaimReturned r:
                claim.Status = ClaimStatus.Returned;
                claim.Missing = r.Missing;
                break;
            case ClaimCompleted c:
                claim.Status = ClaimStatus.Deposited;
                claim.Items |= c.Items;
                claim.Missing = FileItems.None;
                break;
            case ClaimHeld h:
                claim.Status = h.AsDuplicate ? ClaimStatus.HeldAsDuplicate : ClaimStatus.HeldForReview;
                break;
            case ClaimReleased r:
                claim.Status = r.Granted ? ClaimStatus.Payable : ClaimStatus.NothingPayable;
                break;
            case ClaimAppealed:
                claim.Status = ClaimStatus.Appealed;
                break;
            case AppealDecided a:
                claim.Status = a.Granted ? ClaimStatus.Reopened : ClaimStatus.NothingPayable;
                break;
            case PaymentReturned:
                claim.Status = ClaimStatus.PaymentReturned;
                break;
            case PaymentReissued p:
                Order(claim, p.On);
                break;
            case OverpaymentRaised o:
                claim.OverpaidCentimes += o.AmountCentimes;
                break;
            case OverpaymentRecovered o:
                claim.OverpaidCentimes -= o.AmountCentimes;
                break;
            case ClaimReopened:
                claim.Status = ClaimStatus.Reopened;
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} is not an event of a claim");
        }
    }

    private static void Order(Claim claim, DateOnly on)
    {
        claim.Status = ClaimStatus.PaymentOrdered;
        (claim.OrderedOn, claim.OrderedBy) = (on, claim.Method);
    }
}
