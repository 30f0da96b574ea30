using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Parties;

/// <summary>
/// Decides what the postings of one window mean for a party's ledger. Pure, and never refuses: what happened, happened.
/// </summary>
internal static class LedgerDecider
{
    /// <summary>A recovery's attempts from here on are a ledger's; those before are a clerk's.</summary>
    public const byte FirstAttempt = 128;

    /// <summary>Days between a set-off and its value date, on which the claim books it.</summary>
    public const int ValueDays = 5;

    private const int AttemptsMax = byte.MaxValue - FirstAttempt + 1;

    /// <param name="postings">All of this party, in the order of day, student and event.</param>
    /// <param name="day">The day on which they are booked.</param>
    public static void Decide(Ledger ledger, ReadOnlySpan<Posting> postings, DateOnly day, Decision decision)
    {
        switch (ledger)
        {
            case InstitutionLedger institution:
                Decide(institution, postings, decision);
                break;
            case PaymentRunLedger run:
                Decide(run, postings, decision);
                break;
            case ProviderLedger provider:
                Decide(provider, postings, day, decision);
                break;
        }
    }

    [Rule("C3")]
    private static void Decide(InstitutionLedger institution, ReadOnlySpan<Posting> postings, Decision decision)
    {
        var (collected, transferred) = (0L, 0L);
        foreach (ref readonly var posting in postings)
        {
            if (posting.Kind == PostingKind.Collected)
                collected += posting.AmountCentimes;
            else if (posting.Kind == PostingKind.Transferred)
                transferred += posting.AmountCentimes;
        }

        decision.Emit(new InstitutionBooked(institution.Party, collected, transferred));
    }

    [Rule("K8", "X6")]
    private static void Decide(PaymentRunLedger run, ReadOnlySpan<Posting> postings, Decision decision)
    {
        var (transfers, postalOrders) = (default(PaymentFigures), default(PaymentFigures));
        foreach (ref readonly var posting in postings)
        {
            if (posting.Method == PaymentMethod.PostalOrder)
                postalOrders = postalOrders.With(posting);
            else
                transfers = transfers.With(posting);
        }

        if (transfers != default)
            decision.Emit(new PaymentRunBooked(run.Party, PaymentMethod.BankTransfer, transfers));
        if (postalOrders != default)
            decision.Emit(new PaymentRunBooked(run.Party, PaymentMethod.PostalOrder, postalOrders));
    }

    [Rule("K2", "X6", "X7")]
    private static void Decide(ProviderLedger provider, ReadOnlySpan<Posting> postings, DateOnly day, Decision decision)
    {
        // What it owes is looked up after the postings of the window: decided on a copy, because a decision changes
        // nothing.
        var debts = new DebtsAfter(provider);
        var payments = default(PaymentFigures);
        foreach (ref readonly var posting in postings)
        {
            payments = payments.With(posting);
            if (debts.Answer(posting) is not { } e)
                continue;
            debts.Apply(e);
            decision.Emit(e);
        }

        if (payments != default)
            decision.Emit(new ProviderBooked(provider.Party, payments));
        SetOff(provider.Party, debts, payments.OrderedCentimes, day, decision);
    }

    /// <summary>
    /// What is ordered for a provider that owes something back pays that first, the oldest debt before the others.
    /// </summary>
    private static void SetOff(
        PartyId provider, DebtsAfter debts, long orderedCentimes, DateOnly day, Decision decision)
    {
        foreach (var debt in debts.All)
        {
            var amount = Math.Min(debt.OpenCentimes, orderedCentimes);
            if (amount <= 0 || debt.Attempts >= AttemptsMax)
                continue;
            orderedCentimes -= amount;
            decision.Emit(
                new ProviderSetOff(
                    provider, debt.Student, debt.Claim, (byte)(FirstAttempt + debt.Attempts), amount,
                    day.AddDays(ValueDays)));
        }
    }

    /// <summary>A provider's debts as the events decided so far leave them.</summary>
    private sealed class DebtsAfter(ProviderLedger provider)
    {
        private ProviderLedger? _after;

        public IReadOnlyList<ProviderDebt> All => (_after ?? provider).Debts;

        public PartyEvent? Answer(in Posting p) => p.Kind switch
        {
            PostingKind.Overpaid => new ProviderOverpaid(p.Party, p.Student, p.Claim, p.AmountCentimes),
            PostingKind.OverpaymentCancelled =>
                new ProviderDebtCancelled(p.Party, p.Student, p.Claim, p.AmountCentimes),
            PostingKind.Recovered when Find(p) is not null =>
                new ProviderSetOffSettled(p.Party, p.Student, p.Claim, p.Attempt, p.AmountCentimes),
            PostingKind.Recovered => new ProviderRepaid(p.Party, p.Student, p.Claim, p.AmountCentimes),
            PostingKind.RecoveryRefused when Find(p) is { } refused =>
                new ProviderSetOffReleased(p.Party, p.Student, p.Claim, p.Attempt, refused.AmountCentimes),
            _ => null,
        };

        public void Apply(PartyEvent e) => LedgerEvolver.Evolve(_after ??= Copy(provider), e);

        private SetOff? Find(in Posting posting)
        {
            foreach (var debt in All)
            {
                if (debt.Student != posting.Student || debt.Claim != posting.Claim)
                    continue;
                foreach (var pending in debt.Pending)
                {
                    if (pending.Attempt == posting.Attempt)
                        return pending;
                }
            }

            return null;
        }

        private static ProviderLedger Copy(ProviderLedger provider)
        {
            var copy = new ProviderLedger(provider.Party);
            foreach (var debt in provider.Debts)
            {
                var same = copy.DebtOf(debt.Student, debt.Claim);
                (same.OwedCentimes, same.Attempts) = (debt.OwedCentimes, debt.Attempts);
                same.Pending.AddRange(debt.Pending);
            }

            return copy;
        }
    }
}
