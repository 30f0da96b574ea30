using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Journal;

/// <summary>The events of claims as bytes; see <see cref="EventCodec"/>.</summary>
internal static class ClaimEventCodec
{
    // In one byte: the sector, the circumstances, and what of a line the first version did not have.
    private const int SectorBits = 2;
    private const int CircumstancesMask = 0x0F;
    private const int HasGeneric = 0x40;
    private const int HasProsthesis = 0x80;

    // In one byte: a payment's method, state and payee; its payee is none in journals of before refunds (B11).
    private const int MethodBits = 4;
    private const int StateAndMethodBits = 6;

    // In the byte of how many lines were decided: some have refunds.
    private const int HasRefunds = 0x80;

    // In the byte of a recovery: whether by set-off, and the payee.
    private const int BySetOff = 1;
    private const int BySetOffBits = 1;

    public static void Write(ByteWriter w, ClaimEvent e, int day, ulong reference)
    {
        switch (e)
        {
            case ClaimDeposited d:
                Kind(w, EventKind.ClaimDeposited, e.Claim, reference);
                w.Byte((byte)d.Way);
                w.Varint((ulong)d.Desk);
                w.Varint((ulong)d.Provider);
                w.Varint((ulong)(d.Items ^ FileItems.All));
                w.Date(d.On, day);
                WriteLines(w, d.Lines, day);
                break;
            case ClaimReceived r:
                Kind(w, EventKind.ClaimReceived, e.Claim, reference);
                w.Date(r.On, day);
                break;
            case ClaimAdjudicated a:
                Kind(w, EventKind.ClaimAdjudicated, e.Claim, reference);
                WriteOutcomes(w, a.Outcomes);
                w.Varint(a.SharedLines);
                break;
            case PaymentOrdered p:
                Kind(w, EventKind.PaymentOrdered, e.Claim, reference);
                WriteOrder(w, p.AmountCentimes, p.On, p.Method, p.Payee, p.Payment, day);
                break;
            case PaymentMade p:
                Kind(w, EventKind.PaymentMade, e.Claim, reference);
                w.Varint((ulong)p.AmountCentimes);
                w.Date(p.On, day);
                w.Varint((ulong)p.Payment);
                break;
            case ClaimReturned r:
                Kind(w, EventKind.ClaimReturned, e.Claim, reference);
                w.Varint((ulong)r.Missing);
                break;
            case ClaimCompleted c:
                Kind(w, EventKind.ClaimCompleted, e.Claim, reference);
                w.Varint((ulong)c.Items);
                WriteLines(w, c.Lines, day);
                break;
            case ClaimHeld h:
                Kind(w, EventKind.ClaimHeld, e.Claim, reference);
                w.Flag(h.AsDuplicate);
                break;
            case ClaimReleased r:
                Kind(w, EventKind.ClaimReleased, e.Claim, reference);
                w.Flag(r.Granted);
                break;
            case ClaimAppealed:
                Kind(w, EventKind.ClaimAppealed, e.Claim, reference);
                break;
            case AppealDecided a:
                Kind(w, EventKind.AppealDecided, e.Claim, reference);
                w.Flag(a.Granted);
                break;
            case PaymentReturned p:
                Kind(w, EventKind.PaymentReturned, e.Claim, reference);
                w.Varint((ulong)p.AmountCentimes);
                w.Flag(p.WasConfirmed);
                w.Varint((ulong)p.Payment);
                break;
            case PaymentReissued p:
                Kind(w, EventKind.PaymentReissued, e.Claim, reference);
                WriteOrder(w, p.AmountCentimes, p.On, p.Method, p.Payee, p.Payment, day);
                break;
            case OverpaymentRaised o:
                Kind(w, EventKind.OverpaymentRaised, e.Claim, reference);
                w.Varint((ulong)o.AmountCentimes);
                w.Byte((byte)o.Payee);
                break;
            case OverpaymentRecovered o:
                Kind(w, EventKind.OverpaymentRecovered, e.Claim, reference);
                w.Varint((ulong)o.AmountCentimes);
                w.Byte((byte)((o.BySetOff ? BySetOff : 0) | (int)o.Payee << BySetOffBits));
                break;
            case ClaimReopened:
                Kind(w, EventKind.ClaimReopened, e.Claim, reference);
                break;
            case DuplicatesFound f:
                Kind(w, EventKind.DuplicatesFound, e.Claim, reference);
                w.Varint(f.SameLines);
                w.Varint(f.SimilarLines);
                break;
            case ClaimRevised r:
                Kind(w, EventKind.ClaimRevised, e.Claim, reference);
                w.Byte((byte)r.Cause);
                w.Varint((ulong)r.DueCentimes);
                WriteOutcomes(w, r.Former);
                WriteOutcomes(w, r.Outcomes);
                break;
            case PaymentSetOff s:
                Kind(w, EventKind.PaymentSetOff, e.Claim, reference);
                w.Varint((ulong)s.AmountCentimes);
                w.Signed((long)(s.Debtor - reference));
                break;
            case OverpaymentCancelled o:
                Kind(w, EventKind.OverpaymentCancelled, e.Claim, reference);
                w.Varint((ulong)o.AmountCentimes);
                w.Byte((byte)o.Payee);
                break;
            case ClaimRecalled r:
                Kind(w, EventKind.ClaimRecalled, e.Claim, reference);
                w.Byte((byte)r.Way);
                w.Varint((ulong)(r.Items ^ FileItems.All));
                w.Varint((ulong)r.Provider);
                w.Date(r.DepositedOn, day);
                EventCodec.WriteOptional(w, r.ReceivedOn, day);
                w.Byte((byte)r.Marks);
                w.Varint(r.SameLines);
                w.Varint(r.SimilarLines);
                w.Signed(r.SettledCentimes);
                WritePayments(w, r.Payments, day);
                WriteLines(w, r.Lines, day);
                WriteOutcomes(w, r.Outcomes);
                w.Varint(r.SharedLines);
                w.Signed(r.RefundSettledCentimes);
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} has no layout in the journal");
        }
    }

    public static Event Read(ref ByteReader r, EventKind kind, int day, ulong claim, ulong reference) => kind switch
    {
        EventKind.ClaimDeposited => new ClaimDeposited(
            claim, (ClaimWay)r.Byte(), r.Int(), r.Int(), (FileItems)r.Varint() ^ FileItems.All, r.Date(day),
            ReadLines(ref r, day)),
        EventKind.ClaimReceived => new ClaimReceived(claim, r.Date(day)),
        EventKind.ClaimAdjudicated => new ClaimAdjudicated(claim, ReadOutcomes(ref r), (uint)r.Varint()),
        EventKind.PaymentOrdered when ReadOrder(ref r, day) is var (centimes, on, method, payee, number) =>
            new PaymentOrdered(claim, centimes, on, method, number, payee),
        EventKind.PaymentMade => new PaymentMade(claim, (long)r.Varint(), r.Date(day), r.Int()),
        EventKind.ClaimReturned => new ClaimReturned(claim, (FileItems)r.Varint()),
        EventKind.ClaimCompleted => new ClaimCompleted(claim, (FileItems)r.Varint(), ReadLines(ref r, day)),
        EventKind.ClaimHeld => new ClaimHeld(claim, r.Flag()),
        EventKind.ClaimReleased => new ClaimReleased(claim, r.Flag()),
        EventKind.ClaimAppealed => new ClaimAppealed(claim),
        EventKind.AppealDecided => new AppealDecided(claim, r.Flag()),
        EventKind.PaymentReturned => new PaymentReturned(claim, (long)r.Varint(), r.Flag(), r.Int()),
        EventKind.PaymentReissued when ReadOrder(ref r, day) is var (centimes, on, method, payee, number) =>
            new PaymentReissued(claim, centimes, on, method, number, payee),
        EventKind.OverpaymentRaised => new OverpaymentRaised(claim, (long)r.Varint(), (Payee)r.Byte()),
        EventKind.OverpaymentRecovered when ((long)r.Varint(), r.Byte()) is var (centimes, from) =>
            new OverpaymentRecovered(
                claim, centimes, (from & BySetOff) != 0, (Payee)(from >> BySetOffBits)),
        EventKind.ClaimReopened => new ClaimReopened(claim),
        EventKind.DuplicatesFound => new DuplicatesFound(claim, (uint)r.Varint(), (uint)r.Varint()),
        EventKind.ClaimRevised =>
            new ClaimRevised(
                claim, (RevisionCause)r.Byte(), (long)r.Varint(), ReadOutcomes(ref r), ReadOutcomes(ref r)),
        EventKind.PaymentSetOff => new PaymentSetOff(claim, (long)r.Varint(), reference + (ulong)r.Signed()),
        EventKind.OverpaymentCancelled => new OverpaymentCancelled(claim, (long)r.Varint(), (Payee)r.Byte()),
        EventKind.ClaimRecalled => new ClaimRecalled(
            claim, (ClaimWay)r.Byte(), (FileItems)r.Varint() ^ FileItems.All, r.Int(), r.Date(day),
            EventCodec.ReadOptional(ref r, day), (ClaimMarks)r.Byte(),
            (uint)r.Varint(), (uint)r.Varint(), r.Signed(), ReadPayments(ref r, day), ReadLines(ref r, day),
            ReadOutcomes(ref r),
            (uint)r.Varint(), r.Signed()),
        _ => ClaimEventUpcast.Read(ref r, kind, day, claim),
    };

    /// <summary>One record may touch several claims: of another than its reference the number follows.</summary>
    private static void Kind(ByteWriter w, EventKind kind, ulong claim, ulong reference)
    {
        if (claim == reference)
        {
            EventCodec.Kind(w, kind);
            return;
        }

        EventCodec.Kind(w, kind | EventCodec.OtherClaim);
        w.Signed((long)(claim - reference));
    }

    private static void WriteOrder(
        ByteWriter w, long centimes, DateOnly on, PaymentMethod method, Payee payee, int payment, int day)
    {
        w.Varint((ulong)centimes);
        w.Date(on, day);
        w.Byte((byte)((int)method | (int)payee << StateAndMethodBits));
        w.Varint((ulong)payment);
    }

    private static (long Centimes, DateOnly On, PaymentMethod Method, Payee Payee, int Payment) ReadOrder(
        ref ByteReader r, int day)
    {
        var (centimes, on, place) = ((long)r.Varint(), r.Date(day), r.Byte());
        return (centimes, on, (PaymentMethod)(place & ((1 << MethodBits) - 1)), (Payee)(place >> StateAndMethodBits),
            r.Int());
    }

    internal static void WritePayments(ByteWriter w, ReadOnlySpan<Payment> payments, int day)
    {
        w.Varint((ulong)payments.Length);
        foreach (ref readonly var payment in payments)
        {
            w.Varint((ulong)payment.AmountCentimes);
            w.Date(payment.On, day);
            w.Byte(
                (byte)((int)payment.Method
                    | (int)payment.State << MethodBits
                    | (int)payment.Payee << StateAndMethodBits));
        }
    }

    internal static Payment[] ReadPayments(ref ByteReader r, int day)
    {
        var payments = new List<Payment>();
        for (var left = r.Int(); left > 0; left--)
        {
            var (centimes, on, place) = ((long)r.Varint(), r.Date(day), r.Byte());
            var state = (PaymentState)((place & ((1 << StateAndMethodBits) - 1)) >> MethodBits);
            payments.Add(
                new Payment(
                    centimes, on, (PaymentMethod)(place & ((1 << MethodBits) - 1)), state,
                    (Payee)(place >> StateAndMethodBits)));
        }

        return [.. payments];
    }

    internal static void WriteLines(ByteWriter w, ClaimLine[] lines, int day)
    {
        w.Byte((byte)lines.Length);
        foreach (var line in lines)
        {
            w.Byte((byte)line.Act);
            var more = (line.GenericCentimes != 0 ? HasGeneric : 0) | (line.Prosthesis != default ? HasProsthesis : 0);
            w.Byte((byte)((int)line.Sector | (int)line.Circumstances << SectorBits | more));
            w.Date(line.CareDate, day);
            w.Varint(line.Quantity);
            w.Varint(line.PaidCentimes);
            w.Varint(line.ReferenceCentimes);
            if (line.GenericCentimes != 0)
                w.Varint(line.GenericCentimes);
            if (line.Prosthesis != default)
            {
                w.Byte(line.Prosthesis.Elements);
                w.Varint(line.Prosthesis.Teeth);
            }

            day = line.CareDate.DayNumber;
        }
    }

    internal static ClaimLine[] ReadLines(ref ByteReader r, int day)
    {
        var lines = new ClaimLine[r.Byte()];
        for (var i = 0; i < lines.Length; i++)
        {
            var act = (Act)r.Byte();
            var place = r.Byte();
            var careDate = r.Date(day);
            lines[i] = new ClaimLine(
                act, (CareSector)(place & ((1 << SectorBits) - 1)), careDate, (ushort)r.Varint(), (uint)r.Varint(),
                (uint)r.Varint(),
                (Circumstances)(place >> SectorBits & CircumstancesMask),
                (place & HasGeneric) != 0 ? (uint)r.Varint() : 0,
                (place & HasProsthesis) != 0 ? new Prosthesis(r.Byte(), (uint)r.Varint()) : default);
            day = careDate.DayNumber;
        }

        return lines;
    }

    internal static void WriteOutcomes(ByteWriter w, LineOutcome[] outcomes)
    {
        var hasRefunds = Array.Exists(outcomes, outcome => outcome.RefundCentimes != 0);
        w.Byte((byte)(outcomes.Length | (hasRefunds ? HasRefunds : 0)));
        foreach (var outcome in outcomes)
        {
            w.Varint((ulong)outcome.AmountCentimes << 1 | (outcome.Reason != Reason.None ? 1UL : 0));
            if (outcome.Reason != Reason.None)
                w.Byte((byte)outcome.Reason);
            if (hasRefunds)
                w.Varint(outcome.RefundCentimes);
        }
    }

    internal static LineOutcome[] ReadOutcomes(ref ByteReader r)
    {
        var count = r.Byte();
        var outcomes = new LineOutcome[count & ~HasRefunds];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var amount = r.Varint();
            outcomes[i] = new LineOutcome(
                (amount & 1) != 0 ? (Reason)r.Byte() : Reason.None, (uint)(amount >> 1),
                (count & HasRefunds) != 0 ? (uint)r.Varint() : 0);
        }

        return outcomes;
    }
}
