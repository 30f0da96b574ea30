using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Replay;

namespace Amoe.Engine.Explaining;

/// <summary>What happens to a claim after it was priced: held, reviewed, appealed, paid, paid back (K8, X4-X7).</summary>
internal static class PaymentExplainer
{
    /// <summary>The message of an event; null for one that is not of these.</summary>
    public static Explanation? Of(HistoryEntry entry, ClaimEvent e)
    {
        var known = ("known", (Argument)new On(entry.Header.Known));
        return e switch
        {
            PaymentOrdered p => With(Keys.PaymentOrdered, "K8", known, p.AmountCentimes),
            PaymentMade p => new Explanation(Keys.PaymentMade, ("on", new On(p.On)), ("amount", new Money(p.AmountCentimes))).Under("K8"),
            ClaimHeld { AsDuplicate: true } => new Explanation(Keys.HeldAsDuplicate, known).Under("X1"),
            ClaimHeld => new Explanation(Keys.HeldForReview, known).Under("X4"),
            ClaimReleased r => new Explanation(r.Granted ? Keys.ReleasedGranted : Keys.ReleasedRefused, known).Under("X4"),
            ClaimAppealed => new Explanation(Keys.Appealed, known).Under("X5"),
            AppealDecided a => new Explanation(a.Granted ? Keys.AppealGranted : Keys.AppealRefused, known).Under("X5"),
            PaymentReturned p => With(Keys.PaymentReturned, "X6", known, p.AmountCentimes),
            PaymentReissued p => With(Keys.PaymentReissued, "X6", known, p.AmountCentimes),
            OverpaymentRaised o => With(Keys.OverpaymentRaised, "X7", known, o.AmountCentimes),
            OverpaymentRecovered o => With(Keys.OverpaymentRecovered, "X7", known, o.AmountCentimes),
            ClaimReopened => new Explanation(Keys.ClaimReopened, known).Under("S5"),
            _ => null,
        };
    }

    private static Explanation With(string key, string rule, (string, Argument) known, long centimes) =>
        new Explanation(key, known, ("amount", new Money(centimes))).Under(rule);
}
