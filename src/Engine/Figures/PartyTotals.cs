using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Figures;

/// <summary>The sums over the ledgers of institutions, providers and payment runs. Amounts in centimes.</summary>
public sealed class PartyTotals
{
    public long Institutions { get; private set; }

    public long Providers { get; private set; }

    public long PaymentRuns { get; private set; }

    /// <summary>Contributions that students paid to institutions (C3).</summary>
    public long CollectedCentimes { get; private set; }

    /// <summary>Contributions that the fund received from institutions (C3).</summary>
    public long TransferredCentimes { get; private set; }

    /// <summary>In the institutions' hands.</summary>
    public long InstitutionsBalanceCentimes => CollectedCentimes - TransferredCentimes;

    /// <summary>Payments by bank transfer, over all runs (K8).</summary>
    public PaymentFigures Transfers { get; private set; }

    /// <summary>Payments by postal order, over all runs (K8).</summary>
    public PaymentFigures PostalOrders { get; private set; }

    /// <summary>Payments to providers, over all of them (K2).</summary>
    public PaymentFigures ToProviders { get; private set; }

    /// <summary>The debts of providers (X7).</summary>
    public long ProvidersOweCentimes { get; private set; }

    /// <summary>Of what providers ever owed, what was set off and booked by the claims.</summary>
    public long SetOffCentimes { get; private set; }

    /// <summary>Set off, and not yet booked by the claims.</summary>
    public long SetOffInTransitCentimes { get; private set; }

    internal static PartyTotals Of(IEnumerable<Ledger> ledgers)
    {
        var totals = new PartyTotals();
        foreach (var ledger in ledgers)
            totals.Add(ledger);
        return totals;
    }

    internal void Add(PartyTotals other)
    {
        Institutions += other.Institutions;
        Providers += other.Providers;
        PaymentRuns += other.PaymentRuns;
        CollectedCentimes += other.CollectedCentimes;
        TransferredCentimes += other.TransferredCentimes;
        Transfers += other.Transfers;
        PostalOrders += other.PostalOrders;
        ToProviders += other.ToProviders;
        ProvidersOweCentimes += other.ProvidersOweCentimes;
        SetOffCentimes += other.SetOffCentimes;
        SetOffInTransitCentimes += other.SetOffInTransitCentimes;
    }

    internal void Add(Ledger ledger) => Count(ledger, 1);

    /// <summary>Takes a ledger out as it is, before it changes.</summary>
    internal void Remove(Ledger ledger) => Count(ledger, -1);

    private void Count(Ledger ledger, int sign)
    {
        switch (ledger)
        {
            case InstitutionLedger institution:
                Institutions += sign;
                CollectedCentimes += sign * institution.CollectedCentimes;
                TransferredCentimes += sign * institution.TransferredCentimes;
                break;
            case PaymentRunLedger run:
                PaymentRuns += sign;
                Transfers += sign * run.Transfers;
                PostalOrders += sign * run.PostalOrders;
                break;
            case ProviderLedger provider:
                Providers += sign;
                ToProviders += sign * provider.Payments;
                SetOffCentimes += sign * provider.SetOffCentimes;
                foreach (var debt in provider.Debts)
                {
                    ProvidersOweCentimes += sign * debt.OwedCentimes;
                    SetOffInTransitCentimes += sign * (debt.OwedCentimes - debt.OpenCentimes);
                }

                break;
        }
    }
}
