using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Parties;

/// <summary>Ledgers that get the postings of students and claims, day by day.</summary>
public sealed class LedgerTests
{
    private const byte First = LedgerDecider.FirstAttempt;
    private static readonly PartyId Clinic = PartyId.Provider(900);

    [Fact]
    public void An_institution_has_in_hand_what_it_collected_and_did_not_transfer()
    {
        var party = PartyId.Institution(11);
        var institution = new InstitutionLedger(party);
        Book(
            institution, "2023-10-02", Contribution(PostingKind.Collected),
            Contribution(PostingKind.Collected, student: 8));
        Book(institution, "2023-11-02", Contribution(PostingKind.Transferred));
        Assert.Equal(
            (80_000, 40_000, 40_000),
            (institution.CollectedCentimes, institution.TransferredCentimes, institution.BalanceCentimes));

        Posting Contribution(PostingKind kind, ulong student = 7) =>
            new(party, kind, 40_000, PaymentMethod.None, new StudentId(student));
    }

    [Fact]
    public void A_receipt_that_is_taken_back_is_in_the_institutions_hands_again()
    {
        var institution = new InstitutionLedger(PartyId.Institution(11));
        Posting received = new(institution.Party, PostingKind.Transferred, 40_000, PaymentMethod.None, Student);
        Book(institution, "2023-11-02", received with { Kind = PostingKind.Collected }, received);
        Book(institution, "2023-12-02", received with { AmountCentimes = -40_000 });
        Assert.Equal(40_000, institution.BalanceCentimes);
    }

    [Fact]
    public void A_run_knows_what_is_in_transit_transfers_and_postal_orders_apart()
    {
        var run = new PaymentRunLedger(PartyId.RunOf(Day("2023-12-05")));
        Book(
            run, "2023-12-06", Payment(run.Party, PostingKind.Ordered, 6_400),
            Payment(run.Party, PostingKind.Ordered, 1_000, PaymentMethod.PostalOrder),
            Payment(run.Party, PostingKind.Ordered, 500));
        Book(
            run, "2023-12-20", Payment(run.Party, PostingKind.Confirmed, 6_400),
            Payment(run.Party, PostingKind.Returned, 1_000, PaymentMethod.PostalOrder));
        Assert.Equal((1, 500), (run.Transfers.InTransit, run.Transfers.InTransitCentimes));
        Assert.Equal((0, 0), (run.PostalOrders.InTransit, run.PostalOrders.InTransitCentimes));

        // X6: what comes back after it was confirmed is no more in transit than before, and paid no more.
        Book(run, "2024-01-20", Payment(run.Party, PostingKind.CameBack, 6_400));
        Assert.Equal((500, 0), (run.Transfers.InTransitCentimes, run.Transfers.PaidCentimes));
    }

    [Fact]
    public void What_a_provider_owes_is_set_off_against_what_is_ordered_for_it_the_oldest_first()
    {
        var clinic = new ProviderLedger(Clinic);
        Book(clinic, "2024-03-01", Owe(64, 3_000));
        Book(clinic, "2024-03-02", Owe(65, 2_000));

        var booked = Book(clinic, "2024-03-10", Payment(Clinic, PostingKind.Ordered, 4_000));

        Assert.Equal(
            [
                new ProviderBooked(Clinic, new PaymentFigures { Ordered = 1, OrderedCentimes = 4_000 }),
                new ProviderSetOff(Clinic, Student, 64, First, 3_000, Day("2024-03-15")),
                new ProviderSetOff(Clinic, Student, 65, First, 1_000, Day("2024-03-15")),
            ],
            booked);
    }

    [Fact]
    public void What_is_set_off_is_owed_until_the_claim_has_booked_it_and_never_set_off_twice()
    {
        var clinic = new ProviderLedger(Clinic);
        Book(clinic, "2024-03-01", Owe(64, 3_000), Payment(Clinic, PostingKind.Ordered, 2_000));
        Assert.Equal((3_000, 1_000), (Debt(clinic).OwedCentimes, Debt(clinic).OpenCentimes));

        // The rest, and no more, against the next order; with the next attempt.
        var booked = Book(clinic, "2024-03-02", Payment(Clinic, PostingKind.Ordered, 9_000));
        Assert.Equal(new ProviderSetOff(Clinic, Student, 64, First + 1, 1_000, Day("2024-03-07")), booked[^1]);
        Assert.DoesNotContain(
            Book(clinic, "2024-03-03", Payment(Clinic, PostingKind.Ordered, 9_000)), e => e is ProviderSetOff);

        Book(
            clinic, "2024-03-07", Answer(PostingKind.Recovered, 2_000, First),
            Answer(PostingKind.Recovered, 1_000, First + 1));
        Assert.Equal((0, 0, 3_000), (Debt(clinic).OwedCentimes, Debt(clinic).Pending.Count, clinic.SetOffCentimes));
    }

    [Fact]
    public void A_set_off_that_the_claim_refuses_is_released_and_what_is_still_owed_set_off_again()
    {
        var clinic = new ProviderLedger(Clinic);
        Book(clinic, "2024-03-01", Owe(64, 3_000), Payment(Clinic, PostingKind.Ordered, 9_000));

        // In the meantime a part proved to be due after all: less is owed than was set off.
        Book(clinic, "2024-03-04", Owe(64, 1_000) with { Kind = PostingKind.OverpaymentCancelled });
        var booked = Book(
            clinic, "2024-03-07", Answer(PostingKind.RecoveryRefused, 0, First),
            Payment(Clinic, PostingKind.Ordered, 9_000));

        Assert.Equal(new ProviderSetOffReleased(Clinic, Student, 64, First, 3_000), booked[0]);
        Assert.Equal(new ProviderSetOff(Clinic, Student, 64, First + 1, 2_000, Day("2024-03-12")), booked[^1]);
        Assert.Equal(0, clinic.SetOffCentimes);
    }

    [Fact]
    public void What_a_provider_pays_back_by_hand_is_no_set_off()
    {
        var clinic = new ProviderLedger(Clinic);
        Book(clinic, "2024-03-01", Owe(64, 3_000));
        Assert.Equal(
            [new ProviderRepaid(Clinic, Student, 64, 3_000)],
            Book(clinic, "2024-03-02", Answer(PostingKind.Recovered, 3_000, attempt: 0)));
        Assert.Equal((0, 0), (Debt(clinic).OwedCentimes, clinic.SetOffCentimes));
        Assert.DoesNotContain(
            Book(clinic, "2024-03-03", Payment(Clinic, PostingKind.Ordered, 9_000)), e => e is ProviderSetOff);
    }

    [Fact]
    public void A_claim_overpaid_again_is_set_off_with_attempts_that_were_never_used()
    {
        var clinic = new ProviderLedger(Clinic);
        var attempts = new List<byte>();
        for (var day = Day("2024-01-01"); day < Day("2025-06-01"); day = day.AddDays(1))
        {
            var booked = Book(clinic, $"{day:yyyy-MM-dd}", Owe(64, 100), Payment(Clinic, PostingKind.Ordered, 100));
            if (booked[^1] is not ProviderSetOff setOff)
                break;
            attempts.Add(setOff.Attempt);
            Book(clinic, $"{day:yyyy-MM-dd}", Answer(PostingKind.Recovered, 100, setOff.Attempt));
        }

        // After the last attempt what is owed stays owed: it can be recovered by hand.
        Assert.Equal(Enumerable.Range(First, 128).Select(attempt => (byte)attempt), attempts);
        Assert.Equal(100, Debt(clinic).OpenCentimes);
    }

    [Fact]
    public void Whatever_is_posted_the_ledger_is_the_sum_of_it() => Properties.Check(
        Properties.FromSeeds(random => new Anything(random)),
        one =>
        {
            var postings = one.Made;
            var clinic = new ProviderLedger(Clinic);
            foreach (var window in postings.Windows)
                Book(clinic, "2024-03-01", [.. window]);
            var all = postings.Windows.SelectMany(window => window).ToList();
            long Sum(params PostingKind[] kinds) =>
                all.Where(posting => kinds.Contains(posting.Kind)).Sum(posting => posting.AmountCentimes);
            var owed = Sum(PostingKind.Overpaid) - Sum(PostingKind.OverpaymentCancelled, PostingKind.Recovered);
            return clinic.Payments.OrderedCentimes == Sum(PostingKind.Ordered)
                && clinic.Payments.PaidCentimes == Sum(PostingKind.Confirmed) - Sum(PostingKind.CameBack)
                && clinic.Debts.Sum(debt => debt.OwedCentimes) == owed
                && clinic.Debts.All(debt => debt.OpenCentimes <= Math.Max(0, debt.OwedCentimes));
        },
        count: 300);

    private static ProviderDebt Debt(ProviderLedger provider) => Assert.Single(provider.Debts);

    private static Posting Payment(
        PartyId party, PostingKind kind, long centimes,
        PaymentMethod method = PaymentMethod.BankTransfer) => new(party, kind, centimes, method, Student, 70);

    private static Posting Owe(ulong claim, long centimes) =>
        new(Clinic, PostingKind.Overpaid, centimes, PaymentMethod.None, Student, claim);

    private static Posting Answer(PostingKind kind, long centimes, byte attempt) =>
        new(Clinic, kind, centimes, PaymentMethod.None, Student, 64, attempt);

    /// <summary>One window's postings are booked on a day; what that led to.</summary>
    private static List<Event> Book(Ledger ledger, string day, params Posting[] postings)
    {
        var decision = new Decision();
        LedgerDecider.Decide(ledger, postings, Day(day), decision);
        foreach (var e in decision.Events)
            LedgerEvolver.Evolve(ledger, (PartyEvent)e);
        return [.. decision.Events];
    }

    /// <summary>Windows of postings in any order, sense or none.</summary>
    private sealed class Anything(Random random)
    {
        public List<List<Posting>> Windows { get; } = [.. Enumerable.Range(0, random.Next(1, 12))
            .Select(_ => Window(random))];

        private static List<Posting> Window(Random random) =>
            [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => new Posting(
                Clinic, (PostingKind)random.Next(3, 11), random.Next(1, 10_000), PaymentMethod.BankTransfer, Student,
                (ulong)random.Next(64, 67), (byte)random.Next(0, 2) == 0 ? (byte)0 : (byte)(First + random.Next(4))))];
    }
}
