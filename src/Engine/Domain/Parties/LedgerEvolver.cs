using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Parties;

/// <summary>Applies what was decided to a party's ledger. Total: any event on any ledger leaves a ledger.</summary>
internal static class LedgerEvolver
{
    public static void Evolve(Ledger ledger, PartyEvent e)
    {
        switch (ledger, e)
        {
            case (InstitutionLedger institution, InstitutionBooked b):
                institution.CollectedCentimes += b.CollectedCentimes;
                institution.TransferredCentimes += b.TransferredCentimes;
                break;
            case (PaymentRunLedger run, PaymentRunBooked { Method: PaymentMethod.PostalOrder } b):
                run.PostalOrders += b.Figures;
                break;
            case (PaymentRunLedger run, PaymentRunBooked b):
                run.Transfers += b.Figures;
                break;
            case (ProviderLedger provider, _):
                Evolve(provider, e);
                break;
        }
    }

    private static void Evolve(ProviderLedger provider, PartyEvent e)
    {
        switch (e)
        {
            case ProviderBooked b:
                provider.Payments += b.Figures;
                break;
            case ProviderOverpaid o:
                provider.DebtOf(o.Student, o.Claim).OwedCentimes += o.AmountCentimes;
                break;
            case ProviderDebtCancelled c:
                provider.DebtOf(c.Student, c.Claim).OwedCentimes -= c.AmountCentimes;
                break;
            case ProviderRepaid r:
                provider.DebtOf(r.Student, r.Claim).OwedCentimes -= r.AmountCentimes;
                break;
            case ProviderSetOff s:
                var debt = provider.DebtOf(s.Student, s.Claim);
                debt.Attempts++;
                debt.Pending.Add(new SetOff(s.Attempt, s.AmountCentimes, s.Due));
                break;
            case ProviderSetOffSettled s:
                var settled = provider.DebtOf(s.Student, s.Claim);
                Answered(settled, s.Attempt);
                settled.OwedCentimes -= s.AmountCentimes;
                provider.SetOffCentimes += s.AmountCentimes;
                break;
            case ProviderSetOffReleased s:
                Answered(provider.DebtOf(s.Student, s.Claim), s.Attempt);
                break;
        }
    }

    private static void Answered(ProviderDebt debt, byte attempt) =>
        debt.Pending.RemoveAll(pending => pending.Attempt == attempt);
}
