using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Figures;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>
/// What a ledger partition keeps of its ledgers besides the ledgers: their sums, and what they have to say to claims.
/// </summary>
public sealed class LedgerBookTests
{
    private const ulong Sheet = 64;
    private static readonly PartyId Clinic = PartyId.Provider(900);
    private static readonly PartyId Laboratory = PartyId.Provider(12);
    private static readonly PaymentFigures Paid = new(2, 9_000, 1, 6_000, 1, 3_000, 0, 0);

    private static readonly PartyEvent[] Year =
    [
        new InstitutionBooked(PartyId.Institution(11), 80_000, 40_000),
        new InstitutionBooked(PartyId.Institution(4), 40_000, 0),
        new PaymentRunBooked(PartyId.RunOf(Day("2023-12-05")), PaymentMethod.BankTransfer, Paid),
        new PaymentRunBooked(PartyId.RunOf(Day("2023-12-05")), PaymentMethod.PostalOrder, Paid),
        new ProviderBooked(Clinic, Paid),
        new ProviderOverpaid(Clinic, Student, Sheet, 3_000),
        new ProviderOverpaid(Clinic, Student, Sheet + 1, 2_000),
        new ProviderOverpaid(Laboratory, Student, Sheet + 2, 700),
        new ProviderSetOff(Clinic, Student, Sheet, 128, 3_000, Day("2024-03-15")),
        new ProviderSetOff(Clinic, Student, Sheet + 1, 128, 1_000, Day("2024-03-16")),
        new ProviderSetOff(Laboratory, Student, Sheet + 2, 128, 700, Day("2024-03-16")),
        new ProviderSetOffSettled(Clinic, Student, Sheet, 128, 3_000),
        new ProviderSetOffReleased(Laboratory, Student, Sheet + 2, 128, 700),
        new ProviderDebtCancelled(Laboratory, Student, Sheet + 2, 700),
        new InstitutionBooked(PartyId.Institution(11), 0, -40_000),
        new ProviderSetOffSettled(Clinic, Student, Sheet + 1, 128, 1_000),
        new ProviderRepaid(Clinic, Student, Sheet + 1, 400),
    ];

    [Fact]
    public void The_sums_are_those_of_the_ledgers_after_every_event()
    {
        var book = new LedgerBook(studentPartitions: 2);
        foreach (var (e, i) in Year.Select((e, i) => (e, i)))
        {
            book.Evolve(new PostingsTaken([i + 1, 0]));
            book.Evolve(e);
            Assert.NotNull(book.HandOver());
            Assert.Equivalent(PartyTotals.Of(book.Ledgers), book.Totals, strict: true);
        }

        Assert.Equal((2, 2, 1), (book.Totals.Institutions, book.Totals.Providers, book.Totals.PaymentRuns));
        Assert.Equal(
            (600, 4_000, 0),
            (book.Totals.ProvidersOweCentimes, book.Totals.SetOffCentimes, book.Totals.SetOffInTransitCentimes));
    }

    [Fact]
    public void Letters_are_the_set_offs_that_no_claim_has_answered()
    {
        var book = new LedgerBook(studentPartitions: 2);
        var waiting = new List<int>();
        foreach (var (e, i) in Year.Select((e, i) => (e, i)))
        {
            book.Evolve(new PostingsTaken([i + 1, 0]));
            book.Evolve(e);
            waiting.Add(book.HandOver()!.Recoveries.Length);
        }

        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 2, 1, 1, 1, 0, 0], waiting);
    }

    [Fact]
    public void What_was_taken_is_handed_over_once()
    {
        var book = new LedgerBook(studentPartitions: 2);
        Assert.NotNull(book.HandOver());
        Assert.Null(book.HandOver());
        book.Evolve(new PostingsTaken([1, 0]));
        Assert.Equal([1, 0], book.HandOver()!.Through!);
        Assert.Null(book.HandOver());
    }

    [Fact]
    public void A_snapshot_restores_sums_and_notices_in_the_same_bytes_in_any_order_of_arrival()
    {
        var book = BookOf(Year[..11]);
        var bytes = Bytes(book);
        Assert.Equal(bytes, Bytes(BookOf([.. Year[..11].OrderByDescending(e => e.Party.Value)])));

        var restored = new LedgerBook(studentPartitions: 2);
        var reader = new ByteReader(bytes);
        PartySnapshot.Read(ref reader, StateOf(restored), isLatest: true);

        var (before, after) = (book.HandOver()!, restored.HandOver()!);
        Assert.Equal(before.Through!, after.Through!);
        Assert.Equal(before.Recoveries, after.Recoveries);
        Assert.Equivalent(book.Totals, restored.Totals, strict: true);
        Assert.Equal(bytes, Bytes(restored));
    }

    private static LedgerBook BookOf(PartyEvent[] events)
    {
        var book = new LedgerBook(studentPartitions: 2);
        book.Evolve(new PostingsTaken([7, 9]));
        foreach (var e in events)
            book.Evolve(e);
        return book;
    }

    private static byte[] Bytes(LedgerBook book)
    {
        var w = new ByteWriter(256);
        PartySnapshot.Write(w, StateOf(book));
        return w.Written.ToArray();
    }

    private static PartitionState StateOf(LedgerBook book) => new(new AmoeLogic(Rulebook.Embedded)) { Ledgers = book };
}
