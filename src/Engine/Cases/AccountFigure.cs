using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Cases;

/// <summary>An amount of an institution's or a provider's account that a case can expect.</summary>
/// <param name="Key">Its key in a case file.</param>
/// <param name="Centimes">Reads it from a ledger of its kind.</param>
internal sealed record AccountFigure(string Key, Func<Ledger, long> Centimes)
{
    /// <summary>Contributions in an institution's hands (C3).</summary>
    public static IReadOnlyList<AccountFigure> OfInstitutions { get; } =
    [
        Of<InstitutionLedger>("collected", ledger => ledger.CollectedCentimes),
        Of<InstitutionLedger>("transferred", ledger => ledger.TransferredCentimes),
        Of<InstitutionLedger>("in_transit", ledger => ledger.BalanceCentimes),
    ];

    /// <summary>Payments to a provider, and what it owes back (K2, X7).</summary>
    public static IReadOnlyList<AccountFigure> OfProviders { get; } =
    [
        Of<ProviderLedger>("ordered", ledger => ledger.Payments.OrderedCentimes),
        Of<ProviderLedger>("in_transit", ledger => ledger.Payments.InTransitCentimes),
        Of<ProviderLedger>("paid", ledger => ledger.Payments.PaidCentimes),
        Of<ProviderLedger>("owes", ledger => ledger.Debts.Sum(debt => debt.OwedCentimes)),
        Of<ProviderLedger>("kept_back", ledger => ledger.Debts.Sum(debt => debt.OwedCentimes - debt.OpenCentimes)),
        Of<ProviderLedger>("set_off", ledger => ledger.SetOffCentimes),
    ];

    private static AccountFigure Of<T>(string key, Func<T, long> centimes)
        where T : Ledger => new(key, ledger => centimes((T)ledger));
}
