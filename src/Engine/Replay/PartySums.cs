using System.Globalization;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Replay;

/// <summary>The sums of postings, or of the ledger they were booked in. Amounts in centimes.</summary>
/// <param name="Transfers">Payments of a run by bank transfer; of a provider all of them.</param>
/// <param name="PostalOrders">Payments of a run by postal order.</param>
/// <param name="OwedCentimes">What a provider owes back.</param>
public readonly record struct PartySums(
    long CollectedCentimes, long TransferredCentimes, PaymentFigures Transfers, PaymentFigures PostalOrders,
    long OwedCentimes)
{
    public static PartySums operator +(in PartySums left, in PartySums right) => new(
        left.CollectedCentimes + right.CollectedCentimes, left.TransferredCentimes + right.TransferredCentimes,
        left.Transfers + right.Transfers,
        left.PostalOrders + right.PostalOrders, left.OwedCentimes + right.OwedCentimes);

    /// <summary>The figures that are not nothing.</summary>
    public override string ToString()
    {
        (string Name, long Figure)[] figures =
        [
            ("collected", CollectedCentimes), ("transferred", TransferredCentimes), .. Of("", Transfers),
            .. Of("postal orders ", PostalOrders), ("owed", OwedCentimes),
        ];
        var some = figures.Where(figure => figure.Figure != 0)
            .Select(figure => string.Create(CultureInfo.InvariantCulture, $"{figure.Name} {figure.Figure}"))
            .ToArray();
        return some.Length == 0 ? "nothing" : string.Join(", ", some);

        static IEnumerable<(string Name, long Figure)> Of(string what, PaymentFigures f) =>
        [
            ($"{what}ordered", f.OrderedCentimes), ($"{what}confirmed", f.ConfirmedCentimes),
            ($"{what}returned", f.ReturnedCentimes), ($"{what}came back", f.CameBackCentimes),
        ];
    }

    internal static PartySums Of(Ledger ledger) => ledger switch
    {
        InstitutionLedger institution =>
            new PartySums
            {
                CollectedCentimes = institution.CollectedCentimes,
                TransferredCentimes = institution.TransferredCentimes
            },
        PaymentRunLedger run => new PartySums { Transfers = run.Transfers, PostalOrders = run.PostalOrders },
        ProviderLedger provider =>
            new PartySums
            {
                Transfers = provider.Payments,
                OwedCentimes = provider.Debts.Sum(debt => debt.OwedCentimes)
            },
        _ => default,
    };

    internal PartySums With(in Posting posting) => posting.Kind switch
    {
        PostingKind.Collected => this with { CollectedCentimes = CollectedCentimes + posting.AmountCentimes },
        PostingKind.Transferred => this with { TransferredCentimes = TransferredCentimes + posting.AmountCentimes },
        PostingKind.Overpaid => this with { OwedCentimes = OwedCentimes + posting.AmountCentimes },
        PostingKind.OverpaymentCancelled or PostingKind.Recovered =>
            this with { OwedCentimes = OwedCentimes - posting.AmountCentimes },
        _ when posting.Method == PaymentMethod.PostalOrder && posting.Party.Kind == PartyKind.PaymentRun =>
            this with { PostalOrders = PostalOrders.With(posting) },
        _ => this with { Transfers = Transfers.With(posting) },
    };
}
