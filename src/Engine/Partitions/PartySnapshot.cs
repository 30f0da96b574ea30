using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Journal;

namespace Amoe.Engine.Partitions;

/// <summary>
/// The part of a snapshot that is for other partitions: a student partition's outbox, a party partition's ledgers.
/// </summary>
internal static class PartySnapshot
{
    public static void Write(ByteWriter w, PartitionState state)
    {
        if (state.Outbox is { } outbox)
            Write(w, outbox);
        if (state.Ledgers is { } book)
            Write(w, book);
    }

    /// <param name="isLatest">False where the state has a later one already, and this one is passed over.</param>
    public static void Read(ref ByteReader r, PartitionState state, bool isLatest)
    {
        if (state.Outbox is { } outbox)
            ReadOutbox(ref r, isLatest ? outbox : new Outbox(0, null));
        if (state.Ledgers is { } book)
            ReadBook(ref r, isLatest ? book : new LedgerBook(book.Through.Length));
    }

    private static void Write(ByteWriter w, Outbox outbox)
    {
        w.Varint((ulong)outbox.Sealed);
        Write(w, outbox.Open);
        w.Varint((ulong)outbox.Pending.Count);
        foreach (var batch in outbox.Pending)
        {
            w.Varint((ulong)batch.Number);
            w.Varint((ulong)batch.Day.DayNumber);
            Write(w, batch.Postings);
        }
    }

    private static void ReadOutbox(ref ByteReader r, Outbox outbox)
    {
        var (last, open) = ((long)r.Varint(), ReadPostings(ref r));
        var pending = new PostingBatch[r.Int()];
        for (var i = 0; i < pending.Length; i++)
            pending[i] = new PostingBatch((long)r.Varint(), DateOnly.FromDayNumber(r.Int()), [.. ReadPostings(ref r)]);
        outbox.Restore(last, open, pending);
    }

    private static void Write(ByteWriter w, IReadOnlyList<Posting> postings)
    {
        w.Varint((ulong)postings.Count);
        foreach (var posting in postings)
        {
            w.Varint(posting.Party.Value);
            w.Byte((byte)posting.Kind);
            w.Signed(posting.AmountCentimes);
            w.Byte((byte)posting.Method);
            w.Varint(posting.Student.Value);
            w.Varint(posting.Claim);
            w.Byte(posting.Attempt);
        }
    }

    private static List<Posting> ReadPostings(ref ByteReader r)
    {
        var postings = new List<Posting>();
        for (var left = r.Int(); left > 0; left--)
        {
            postings.Add(new Posting(
                new PartyId(r.Varint()), (PostingKind)r.Byte(), r.Signed(), (PaymentMethod)r.Byte(),
                new StudentId(r.Varint()), r.Varint(), r.Byte()));
        }

        return postings;
    }

    public static void Write(ByteWriter w, LedgerBook book)
    {
        PartyEventCodec.WriteThrough(w, book.Through);
        w.UInt64(book.Digest);
        w.Varint((ulong)book.EventCount);
        w.Varint((ulong)book.Ledgers.Count);
        // In the order of their parties: the same book is the same bytes, whichever party was heard of first.
        foreach (var ledger in book.Ledgers.OrderBy(ledger => ledger.Party))
        {
            w.Varint(ledger.Party.Value);
            w.Varint((ulong)ledger.EventCount);
            switch (ledger)
            {
                case InstitutionLedger institution:
                    w.Signed(institution.CollectedCentimes);
                    w.Signed(institution.TransferredCentimes);
                    break;
                case PaymentRunLedger run:
                    PartyEventCodec.WriteFigures(w, run.Transfers);
                    PartyEventCodec.WriteFigures(w, run.PostalOrders);
                    break;
                case ProviderLedger provider:
                    Write(w, provider);
                    break;
            }
        }
    }

    public static void ReadBook(ref ByteReader r, LedgerBook book)
    {
        book.Restore(PartyEventCodec.ReadThrough(ref r), r.UInt64(), (long)r.Varint());
        for (var left = r.Int(); left > 0; left--)
        {
            var ledger = Ledger.Of(new PartyId(r.Varint()));
            ledger.EventCount = r.Int();
            switch (ledger)
            {
                case InstitutionLedger institution:
                    (institution.CollectedCentimes, institution.TransferredCentimes) = (r.Signed(), r.Signed());
                    break;
                case PaymentRunLedger run:
                    (run.Transfers, run.PostalOrders) = (PartyEventCodec.ReadFigures(ref r),
                        PartyEventCodec.ReadFigures(ref r));
                    break;
                case ProviderLedger provider:
                    Read(ref r, provider);
                    break;
            }

            book.Add(ledger);
        }
    }

    private static void Write(ByteWriter w, ProviderLedger provider)
    {
        PartyEventCodec.WriteFigures(w, provider.Payments);
        w.Signed(provider.SetOffCentimes);
        w.Varint((ulong)provider.Debts.Count);
        foreach (var debt in provider.Debts)
        {
            w.Varint(debt.Student.Value);
            w.Varint(debt.Claim);
            w.Signed(debt.OwedCentimes);
            w.Varint((ulong)debt.Attempts);
            w.Varint((ulong)debt.Pending.Count);
            foreach (var setOff in debt.Pending)
            {
                w.Byte(setOff.Attempt);
                w.Signed(setOff.AmountCentimes);
                w.Varint((ulong)setOff.Due.DayNumber);
            }
        }
    }

    private static void Read(ref ByteReader r, ProviderLedger provider)
    {
        provider.Payments = PartyEventCodec.ReadFigures(ref r);
        provider.SetOffCentimes = r.Signed();
        for (var left = r.Int(); left > 0; left--)
        {
            var debt = provider.DebtOf(new StudentId(r.Varint()), r.Varint());
            (debt.OwedCentimes, debt.Attempts) = (r.Signed(), r.Int());
            for (var pending = r.Int(); pending > 0; pending--)
                debt.Pending.Add(new SetOff(r.Byte(), r.Signed(), DateOnly.FromDayNumber(r.Int())));
        }
    }
}
