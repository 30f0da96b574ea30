using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The money of a claim: what was paid, set off and recovered, what is in transit, due, owed back (K8, X6, X7). The
/// status alone says
/// "nothing payable" of a claim that was paid and is owed back.
/// </summary>
internal static class ClaimBalance
{
    /// <summary>The status, with what the engine's own leaves out: that what was paid is owed back.</summary>
    public static Name StatusOf(Claim claim) => claim.Status switch
    {
        ClaimStatus.NothingPayable when claim.OverpaidCentimes > 0 => new Name(Keys.PaidAndOwedBack),
        ClaimStatus.Paid when claim.OverpaidCentimes > 0 => new Name(Keys.PaidAndOwedBackInPart),
        _ => Name.Of("status", claim.Status),
    };

    /// <summary>The values of a head: status, amount payable, balance.</summary>
    public static (string, Argument)[] ArgumentsOf(StudentReading reading, Claim claim) =>
    [
        ("status", StatusOf(claim)), ("amount", new Money(claim.PayableCentimes)),
        ("balance", new Phrases([.. Of(reading, claim)])),
    ];

    /// <summary>
    /// Each part that is not zero: settled = paid + set off − recovered, and payable = settled + in transit + due.
    /// </summary>
    public static IEnumerable<Message> Of(StudentReading reading, Claim claim)
    {
        var (paid, setOff, recovered) = Moved(reading, claim.Number);
        var (student, provider) = (claim.AccountOf(Payee.Student), claim.AccountOf(Payee.Provider));
        var (own, refund) = claim.Way == ClaimWay.ThirdParty ? (provider, student) : (student, default);
        (string Key, long Centimes)[] parts =
        [
            (Keys.BalancePaid, paid), (Keys.BalanceSetOff, setOff), (Keys.BalanceRecovered, recovered),
            (Keys.BalanceInTransit, claim.InTransitCentimes),
            (Keys.BalanceNotDueInTransit, student.InTransitNotDueCentimes + provider.InTransitNotDueCentimes),
            (Keys.BalanceRefunded, refund.SettledCentimes),
            (claim.IsHeld ? Keys.BalanceHeld : Keys.BalanceDue, own.DueCentimes),
            (claim.IsHeld ? Keys.BalanceRefundHeld : Keys.BalanceRefundDue, refund.DueCentimes),
            (Keys.BalanceOwedByProvider, provider.OverpaidCentimes),
            (Keys.BalanceOwedByStudent, student.OverpaidCentimes),
        ];
        return from part in parts
               where part.Centimes > 0
               select new Message(part.Key, ("amount", new Money(part.Centimes)));
    }

    private static (long Paid, long SetOff, long Recovered) Moved(StudentReading reading, ulong number)
    {
        var (paid, setOff, recovered) = (0L, 0L, 0L);
        foreach (var e in reading.Of(number)
            .SelectMany(entry => entry.Events)
            .OfType<ClaimEvent>()
            .Where(e => e.Claim == number))
        {
            paid += e is PaymentMade made
                ? made.AmountCentimes
                : e is PaymentReturned { WasConfirmed: true } returned ? -returned.AmountCentimes : 0;
            setOff += e is PaymentSetOff kept ? kept.AmountCentimes : 0;
            recovered += e is OverpaymentRecovered back ? back.AmountCentimes : 0;
        }

        return (paid, setOff, recovered);
    }
}
