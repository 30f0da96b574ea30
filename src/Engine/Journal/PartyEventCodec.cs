using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Journal;

/// <summary>
/// The events of ledgers as bytes; see <see cref="EventCodec"/>. One record has those of many parties, so each says
/// whose it is.
/// </summary>
internal static class PartyEventCodec
{
    private const int PartitionsMax = 1 << 16;

    public static void Write(ByteWriter w, Event e, int day)
    {
        switch (e)
        {
            case PostingsTaken t:
                EventCodec.Kind(w, EventKind.PostingsTaken);
                WriteThrough(w, t.Through);
                break;
            case InstitutionBooked b:
                Begin(w, EventKind.InstitutionBooked, b);
                w.Signed(b.CollectedCentimes);
                w.Signed(b.TransferredCentimes);
                break;
            case PaymentRunBooked b:
                Begin(w, EventKind.PaymentRunBooked, b);
                w.Byte((byte)b.Method);
                WriteFigures(w, b.Figures);
                break;
            case ProviderBooked b:
                Begin(w, EventKind.ProviderBooked, b);
                WriteFigures(w, b.Figures);
                break;
            case ProviderOverpaid o:
                Begin(w, EventKind.ProviderOverpaid, o);
                WriteClaim(w, o.Student, o.Claim, o.AmountCentimes);
                break;
            case ProviderDebtCancelled c:
                Begin(w, EventKind.ProviderDebtCancelled, c);
                WriteClaim(w, c.Student, c.Claim, c.AmountCentimes);
                break;
            case ProviderRepaid r:
                Begin(w, EventKind.ProviderRepaid, r);
                WriteClaim(w, r.Student, r.Claim, r.AmountCentimes);
                break;
            case ProviderSetOff s:
                Begin(w, EventKind.ProviderSetOff, s);
                WriteClaim(w, s.Student, s.Claim, s.AmountCentimes);
                w.Byte(s.Attempt);
                w.Date(s.Due, day);
                break;
            case ProviderSetOffSettled s:
                Begin(w, EventKind.ProviderSetOffSettled, s);
                WriteClaim(w, s.Student, s.Claim, s.AmountCentimes);
                w.Byte(s.Attempt);
                break;
            case ProviderSetOffReleased s:
                Begin(w, EventKind.ProviderSetOffReleased, s);
                WriteClaim(w, s.Student, s.Claim, s.AmountCentimes);
                w.Byte(s.Attempt);
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} has no layout in the journal");
        }
    }

    public static Event Read(ref ByteReader r, EventKind kind, int day)
    {
        if (kind == EventKind.PostingsTaken)
            return new PostingsTaken(ReadThrough(ref r));
        if (kind > EventKind.ProviderSetOffReleased)
            throw new InvalidDataException($"an event of type {(int)kind}, which this version does not know");
        var party = new PartyId(r.Varint());
        switch (kind)
        {
            case EventKind.InstitutionBooked:
                return new InstitutionBooked(party, r.Signed(), r.Signed());
            case EventKind.PaymentRunBooked:
                return new PaymentRunBooked(party, (PaymentMethod)r.Byte(), ReadFigures(ref r));
            case EventKind.ProviderBooked:
                return new ProviderBooked(party, ReadFigures(ref r));
        }

        var (student, claim, amount) = (new StudentId(r.Varint()), r.Varint(), r.Signed());
        return kind switch
        {
            EventKind.ProviderOverpaid => new ProviderOverpaid(party, student, claim, amount),
            EventKind.ProviderDebtCancelled => new ProviderDebtCancelled(party, student, claim, amount),
            EventKind.ProviderRepaid => new ProviderRepaid(party, student, claim, amount),
            EventKind.ProviderSetOff => new ProviderSetOff(party, student, claim, r.Byte(), amount, r.Date(day)),
            EventKind.ProviderSetOffSettled => new ProviderSetOffSettled(party, student, claim, r.Byte(), amount),
            _ => new ProviderSetOffReleased(party, student, claim, r.Byte(), amount),
        };
    }

    /// <summary>
    /// Student partitions that close their days together have the same number: runs of equal ones are written once.
    /// </summary>
    internal static void WriteThrough(ByteWriter w, long[] through)
    {
        w.Varint((ulong)through.Length);
        for (var i = 0; i < through.Length;)
        {
            var end = i + 1;
            while (end < through.Length && through[end] == through[i])
                end++;
            w.Varint((ulong)(end - i));
            w.Signed(through[i]);
            i = end;
        }
    }

    internal static long[] ReadThrough(ref ByteReader r)
    {
        var count = r.Int();
        if (count is < 0 or > PartitionsMax)
            throw new InvalidDataException("postings of a number of partitions that no journal has");
        var through = new long[count];
        for (var i = 0; i < count;)
        {
            var equal = r.Int();
            if (equal < 1 || equal > count - i)
                throw new InvalidDataException("a run of partitions that is longer than they are");
            Array.Fill(through, r.Signed(), i, equal);
            i += equal;
        }

        return through;
    }

    // A byte says which figures are there: most windows have one or two.
    internal static void WriteFigures(ByteWriter w, in PaymentFigures f)
    {
        ReadOnlySpan<long> figures = [
            f.Ordered, f.OrderedCentimes, f.Confirmed, f.ConfirmedCentimes, f.Returned, f.ReturnedCentimes, f.CameBack,
            f.CameBackCentimes
        ];
        var present = 0;
        for (var i = 0; i < figures.Length; i++)
            present |= figures[i] != 0 ? 1 << i : 0;
        w.Byte((byte)present);
        foreach (var figure in figures)
        {
            if (figure != 0)
                w.Signed(figure);
        }
    }

    internal static PaymentFigures ReadFigures(ref ByteReader r)
    {
        var present = r.Byte();
        Span<long> f = stackalloc long[8];
        for (var i = 0; i < f.Length; i++)
            f[i] = (present & 1 << i) != 0 ? r.Signed() : 0;
        return new PaymentFigures(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7]);
    }

    private static void Begin(ByteWriter w, EventKind kind, PartyEvent e)
    {
        EventCodec.Kind(w, kind);
        w.Varint(e.Party.Value);
    }

    private static void WriteClaim(ByteWriter w, StudentId student, ulong claim, long amountCentimes)
    {
        w.Varint(student.Value);
        w.Varint(claim);
        w.Signed(amountCentimes);
    }
}
