using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Cases;

/// <summary>What became of a claim's money, from its history.</summary>
/// <param name="PaidCentimes">What went out and did not come back.</param>
/// <param name="OverpaidCentimes">What was paid, was not due, and is still owed back (X7).</param>
internal readonly record struct ClaimMoney(long PaidCentimes, long OverpaidCentimes)
{
    public static ClaimMoney Of(IEnumerable<Event> events, ulong claim)
    {
        var (paid, overpaid) = (0L, 0L);
        foreach (var e in events.OfType<ClaimEvent>().Where(e => e.Claim == claim))
        {
            switch (e)
            {
                case PaymentMade made:
                    paid += made.AmountCentimes;
                    break;
                case OverpaymentRaised raised:
                    overpaid += raised.AmountCentimes;
                    break;
                case OverpaymentRecovered recovered:
                    overpaid -= recovered.AmountCentimes;
                    break;
            }
        }

        return new ClaimMoney(paid, overpaid);
    }
}
