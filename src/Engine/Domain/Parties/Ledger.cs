namespace Amoe.Engine.Domain.Parties;

/// <summary>A party's ledger. Changed by <see cref="LedgerEvolver"/> alone; amounts in centimes.</summary>
internal abstract class Ledger(PartyId party)
{
    public PartyId Party { get; } = party;

    /// <summary>Events it has had: its sequence number.</summary>
    public int EventCount { get; set; }

    public static Ledger Of(PartyId party) => party.Kind switch
    {
        PartyKind.Institution => new InstitutionLedger(party),
        PartyKind.Provider => new ProviderLedger(party),
        PartyKind.PaymentRun => new PaymentRunLedger(party),
        _ => throw new InvalidDataException($"a party of kind {(int)party.Kind}, which this version does not know"),
    };
}

/// <summary>Contributions in an institution's hands (C3).</summary>
internal sealed class InstitutionLedger(PartyId party) : Ledger(party)
{
    public long CollectedCentimes { get; set; }

    public long TransferredCentimes { get; set; }

    /// <summary>
    /// What it still has to transfer; less than nothing where the fund received what no student was recorded to pay.
    /// </summary>
    public long BalanceCentimes => CollectedCentimes - TransferredCentimes;
}

/// <summary>The payments ordered on one day, bank transfers and postal orders apart (K8, X6).</summary>
internal sealed class PaymentRunLedger(PartyId party) : Ledger(party)
{
    public PaymentFigures Transfers { get; set; }

    public PaymentFigures PostalOrders { get; set; }
}

/// <summary>The payments to a provider, and the provider's debts, claim by claim (K2, X7).</summary>
internal sealed class ProviderLedger(PartyId party) : Ledger(party)
{
    public PaymentFigures Payments { get; set; }

    /// <summary>Set off and booked by the claims.</summary>
    public long SetOffCentimes { get; set; }

    /// <summary>
    /// In the order in which the claims were first overpaid. A debt that is settled stays: should the claim be overpaid
    /// again, its attempts go on from there.
    /// </summary>
    public List<ProviderDebt> Debts { get; } = [];

    public ProviderDebt DebtOf(StudentId student, ulong claim)
    {
        foreach (var debt in Debts)
        {
            if (debt.Student == student && debt.Claim == claim)
                return debt;
        }

        var opened = new ProviderDebt(student, claim);
        Debts.Add(opened);
        return opened;
    }
}

/// <summary>The debt of a provider for one claim.</summary>
internal sealed class ProviderDebt(StudentId student, ulong claim)
{
    public StudentId Student { get; } = student;

    public ulong Claim { get; } = claim;

    /// <summary>
    /// As the claim said last: raised, less cancelled, less recovered. Less than nothing for a day where a recovery
    /// overtook its cause.
    /// </summary>
    public long OwedCentimes { get; set; }

    /// <summary>How often it was set off, and with which attempt next.</summary>
    public int Attempts { get; set; }

    /// <summary>Set off, and not answered by the claim yet.</summary>
    public List<SetOff> Pending { get; } = [];

    /// <summary>Owed and not yet set off.</summary>
    public long OpenCentimes
    {
        get
        {
            var open = OwedCentimes;
            foreach (var setOff in Pending)
                open -= setOff.AmountCentimes;
            return open;
        }
    }
}

/// <summary>A set-off on its way to the claim.</summary>
internal readonly record struct SetOff(byte Attempt, long AmountCentimes, DateOnly Due);
