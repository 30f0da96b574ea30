using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Figures;
using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>Payments, overpayments and ledgers, in the words of <c>docs/report.md</c>.</summary>
internal static class PaymentTables
{
    public static FigureTable Payments(Totals totals)
    {
        PaymentFigures[] columns =
        [
            totals.PaymentsBy(PaymentChannel.StudentTransfers), totals.PaymentsBy(PaymentChannel.StudentPostalOrders),
            totals.PaymentsBy(PaymentChannel.ProviderTransfers), totals.Payments,
        ];
        return new FigureTable("payments", "Payments, MAD (K8, X6)",
        [
            new("student_transfers", "transfers"), new("student_postal_orders", "postal orders"),
            new("provider_transfers", "to providers"), new("all", "all"),
        ],
        [
            Number("ordered", f => f.Ordered), Amount("ordered", "ordered", f => f.OrderedCentimes),
            Number("undelivered", f => f.Returned), Amount("undelivered", "undelivered", f => f.ReturnedCentimes, 2),
            Number("in_transit", f => f.InTransit), Amount("in_transit", "in transit", f => f.InTransitCentimes, 2),
            Number("confirmed", f => f.Confirmed), Amount("confirmed", "confirmed", f => f.ConfirmedCentimes, 2),
            Number("came_back", f => f.CameBack), Amount("came_back", "came back", f => f.CameBackCentimes, 3),
            Number("paid", f => f.Paid), Amount("paid", "paid", f => f.PaidCentimes, 3),
        ]);

        TableRow Number(string name, Func<PaymentFigures, long> of) =>
            new(name, null, IsMoney: false, [.. columns.Select(of)]);

        TableRow Amount(string name, string label, Func<PaymentFigures, long> of, int indent = 1) =>
            new(name, label, IsMoney: true, [.. columns.Select(of)], indent);
    }

    public static FigureTable Overpayments(Totals totals)
    {
        OverpaymentFigures[] columns = [
            totals.OverpaymentsOf(Payee.Student), totals.OverpaymentsOf(Payee.Provider), totals.Overpayments
        ];
        return new FigureTable("overpayments", "Overpayments, MAD (S5, X7)",
        [
            new("students", "students"), new("providers", "providers"), new("all", "all"),
        ],
        [
            new TableRow("raised", "number", IsMoney: false, [.. columns.Select(f => f.Raised)]),
            Amount("overpaid", "paid and not due", f => f.OverpaidCentimes),
            Amount("set_off", "set off against other claims", f => f.SetOffCentimes, 2),
            Amount("repaid", "repaid", f => f.RepaidCentimes, 2),
            Amount("made_good", "due after all, or came back", f => f.MadeGoodCentimes, 2),
            Amount("owed_back", "owed back", f => f.OwedBackCentimes, 2),
        ]);

        TableRow Amount(string name, string label, Func<OverpaymentFigures, long> of, int indent = 1) =>
            new(name, label, IsMoney: true, [.. columns.Select(of)], indent);
    }

    /// <summary>
    /// Postings of each kind: what students' and claims' events posted, what the ledgers booked, what is not yet
    /// booked.
    /// </summary>
    public static FigureTable Ledgers(Accounts accounts)
    {
        var (totals, booked, waiting) = (accounts.Totals, accounts.Ledgers, accounts.NotYetBooked);
        var providers = totals.PaymentsBy(PaymentChannel.ProviderTransfers);
        return new FigureTable("ledgers", "Postings, MAD",
        [
            new("posted", "posted"), new("booked", "booked"), new("not_yet_booked", "not yet booked"),
        ],
        [
            Row(
                "institutions_collected", "institutions: collected", totals[Counter.ContributionPaidCentimes],
                booked.CollectedCentimes, waiting.Institutions.CollectedCentimes),
            Row(
                "institutions_transferred", "institutions: transferred", totals[Counter.ContributionReceivedCentimes],
                booked.TransferredCentimes, waiting.Institutions.TransferredCentimes),
            .. Payments(
                "transfers", "transfers", totals.PaymentsBy(PaymentChannel.StudentTransfers) + providers,
                booked.Transfers, waiting.PaymentRuns.Transfers),
            .. Payments(
                "postal_orders", "postal orders", totals.PaymentsBy(PaymentChannel.StudentPostalOrders),
                booked.PostalOrders, waiting.PaymentRuns.PostalOrders),
            .. Payments("providers", "providers", providers, booked.ToProviders, waiting.Providers.Transfers),
            Row(
                "providers_owed_back", "providers: owed back (balance)",
                totals.OverpaymentsOf(Payee.Provider).OwedBackCentimes, booked.ProvidersOweCentimes,
                waiting.Providers.OwedCentimes),
        ]);

        static IEnumerable<TableRow> Payments(
            string name, string label, PaymentFigures posted, PaymentFigures booked, PaymentFigures waiting) =>
        [
            Row(
                $"{name}_ordered", $"{label}: ordered", posted.OrderedCentimes, booked.OrderedCentimes,
                waiting.OrderedCentimes),
            Row(
                $"{name}_undelivered", $"{label}: undelivered", posted.ReturnedCentimes, booked.ReturnedCentimes,
                waiting.ReturnedCentimes),
            Row(
                $"{name}_confirmed", $"{label}: confirmed", posted.ConfirmedCentimes, booked.ConfirmedCentimes,
                waiting.ConfirmedCentimes),
            Row(
                $"{name}_came_back", $"{label}: came back", posted.CameBackCentimes, booked.CameBackCentimes,
                waiting.CameBackCentimes),
        ];

        static TableRow Row(string name, string label, params long[] values) => new(name, label, IsMoney: true, values);
    }
}
