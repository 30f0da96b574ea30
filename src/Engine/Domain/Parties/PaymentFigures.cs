namespace Amoe.Engine.Domain.Parties;

/// <summary>Payments, how many and how much: ordered, and what became of them (K8, X6).</summary>
/// <param name="Returned">Undelivered: came back before it was confirmed.</param>
/// <param name="CameBack">Came back after it was confirmed.</param>
public readonly record struct PaymentFigures(
    long Ordered, long OrderedCentimes, long Confirmed, long ConfirmedCentimes, long Returned, long ReturnedCentimes,
    long CameBack, long CameBackCentimes)
{
    /// <summary>Ordered, and neither confirmed nor undelivered yet.</summary>
    public long InTransit => Ordered - Confirmed - Returned;

    public long InTransitCentimes => OrderedCentimes - ConfirmedCentimes - ReturnedCentimes;

    /// <summary>Confirmed and not come back.</summary>
    public long Paid => Confirmed - CameBack;

    public long PaidCentimes => ConfirmedCentimes - CameBackCentimes;

    public static PaymentFigures operator +(in PaymentFigures left, in PaymentFigures right) => new(
        left.Ordered + right.Ordered, left.OrderedCentimes + right.OrderedCentimes, left.Confirmed + right.Confirmed,
        left.ConfirmedCentimes + right.ConfirmedCentimes,
        left.Returned + right.Returned, left.ReturnedCentimes + right.ReturnedCentimes, left.CameBack + right.CameBack,
        left.CameBackCentimes + right.CameBackCentimes);

    public static PaymentFigures operator *(int factor, in PaymentFigures figures) => new(
        factor * figures.Ordered, factor * figures.OrderedCentimes, factor * figures.Confirmed,
        factor * figures.ConfirmedCentimes,
        factor * figures.Returned, factor * figures.ReturnedCentimes, factor * figures.CameBack,
        factor * figures.CameBackCentimes);

    /// <summary>These with one posting more; a posting that is no payment changes nothing.</summary>
    public PaymentFigures With(in Posting posting) => posting.Kind switch
    {
        PostingKind.Ordered =>
            this with { Ordered = Ordered + 1, OrderedCentimes = OrderedCentimes + posting.AmountCentimes },
        PostingKind.Confirmed =>
            this with { Confirmed = Confirmed + 1, ConfirmedCentimes = ConfirmedCentimes + posting.AmountCentimes },
        PostingKind.Returned =>
            this with { Returned = Returned + 1, ReturnedCentimes = ReturnedCentimes + posting.AmountCentimes },
        PostingKind.CameBack =>
            this with { CameBack = CameBack + 1, CameBackCentimes = CameBackCentimes + posting.AmountCentimes },
        _ => this,
    };
}
