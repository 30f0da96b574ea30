using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Explaining;

/// <summary>The steps of a claim's money: ordered, paid, come back, set off, owed back (K8, X6, X7).</summary>
internal static class PaymentExplainer
{
    /// <summary>The message of an event; null for one that is not of these.</summary>
    public static Explanation? Of(StudentReading reading, HistoryEntry entry, ClaimEvent e)
    {
        var known = ("known", (Argument)new On(entry.Header.Known));
        return e switch
        {
            PaymentOrdered p =>
                Ordered(Keys.PaymentOrdered, "K8", known, After(reading, entry, e), p.Payment).For(To(p.Payee)),
            PaymentMade p =>
                Numbered(
                    Keys.PaymentMade, "K8", ("on", new On(p.On)), p.AmountCentimes,
                    NumberOf(reading, entry, e, p.Payment)).For(To(PayeeOf(reading, entry, e, p.Payment))),
            PaymentReturned p => Numbered(
                p.WasConfirmed ? Keys.PaymentReturned : Keys.PaymentReturnedInTransit, "X6", known, p.AmountCentimes,
                NumberOf(reading, entry, e, p.Payment))
                .For(To(PayeeOf(reading, entry, e, p.Payment))),
            PaymentReissued p =>
                Ordered(Keys.PaymentReissued, "X6", known, After(reading, entry, e), p.Payment).For(To(p.Payee)),
            PaymentSetOff s =>
                new Explanation(
                    Keys.PaymentSetOff, known, ("amount", new Money(s.AmountCentimes)), ("debtor", Code.Of(s.Debtor)))
                        .Under("X7"),
            OverpaymentRaised o => Raised(reading.Before(entry, e).Claim(o.Claim), o, known),
            OverpaymentCancelled o => With(Keys.OverpaymentCancelled, "X7", known, o.AmountCentimes).For(Of(o.Payee)),
            OverpaymentRecovered o =>
                With(o.BySetOff ? Keys.OverpaymentSetOff : Keys.OverpaymentRecovered, "X7", known, o.AmountCentimes)
                    .For(Of(o.Payee)),
            _ => null,
        };
    }

    /// <summary>X7: owed by the payee; what is owed in all is what was settled less what is payable now.</summary>
    private static Explanation Raised(Claim claim, OverpaymentRaised raised, (string, Argument) known)
    {
        var key = claim.Way == ClaimWay.ThirdParty && raised.Payee == Payee.None
            ? Keys.OwedByProvider
            : Keys.OwedByStudent;
        return With(key, "X7", known, raised.AmountCentimes)
            .For(
                Of(raised.Payee),
                new Explanation(Keys.OverpaidSum, ("formula", Owed(claim.AccountOf(raised.Payee)))).Under("X7"));
    }

    /// <summary>Settled − payable = owed back.</summary>
    public static Formula Owed(PayeeAccount account) => new(
        new Amount(account.SettledCentimes / 100m), Sign.Minus, new Amount(account.PayableCentimes / 100m), Sign.Is,
        new Amount(account.OverpaidCentimes / 100m));

    /// <summary>
    /// Says that a debt is the student's of a third-party claim; null where it is of the claim's own payee.
    /// </summary>
    public static Explanation? Of(Payee payee) =>
        payee == Payee.None ? null : new Explanation(Keys.OverpaidByStudent).Under("B11");

    /// <summary>
    /// Says that a payment goes to the student of a third-party claim; null where it goes to the claim's own payee.
    /// </summary>
    private static Explanation? To(Payee payee) =>
        payee == Payee.None ? null : new Explanation(Keys.PaymentToStudent).Under("B11");

    private static Payee PayeeOf(StudentReading reading, HistoryEntry entry, ClaimEvent e, int payment) =>
        reading.Before(entry, e).Claim(e.Claim).Payments[NumberOf(reading, entry, e, payment)].Payee;

    private static Explanation Ordered(string key, string rule, (string, Argument) known, Claim after, int payment)
    {
        var number = payment != 0 ? payment : after.Payments.Count;
        var order = after.Payments[number];
        return new Explanation(
            key, known, ("number", new Count(number, Unit.None)), ("amount", new Money(order.AmountCentimes)),
            ("method", Name.Of("method", order.Method))).Under(rule);
    }

    private static Explanation Numbered(string key, string rule, (string, Argument) day, long centimes, int number) =>
        new Explanation(key, day, ("number", new Count(number, Unit.None)), ("amount", new Money(centimes)))
            .Under(rule);

    private static Claim After(StudentReading reading, HistoryEntry entry, ClaimEvent e)
    {
        var claim = reading.Before(entry, e).Claim(e.Claim);
        ClaimEvolver.Evolve(claim, e);
        return claim;
    }

    /// <summary>
    /// The number of the payment. First-version events lack it: it follows from the state of the claim's payments.
    /// </summary>
    private static int NumberOf(StudentReading reading, HistoryEntry entry, ClaimEvent e, int payment)
    {
        if (payment != 0)
            return payment;
        var before = reading.Before(entry, e).Claim(e.Claim).Payments;
        return before.LastIn(
            e is PaymentReturned { WasConfirmed: true } ? PaymentState.Confirmed : PaymentState.InTransit);
    }

    private static Explanation With(string key, string rule, (string, Argument) known, long centimes) =>
        new Explanation(key, known, ("amount", new Money(centimes))).Under(rule);
}
