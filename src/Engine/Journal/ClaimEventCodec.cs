using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Journal;

/// <summary>The events of claims as bytes; see <see cref="EventCodec"/>.</summary>
internal static class ClaimEventCodec
{
    private const int SectorBits = 2;

    public static void Write(ByteWriter w, ClaimEvent e, int day, ulong reference)
    {
        if (e.Claim != reference)
            throw new InvalidOperationException($"an event of claim {e.Claim} cannot follow from a command for claim {reference}");
        switch (e)
        {
            case ClaimDeposited d:
                EventCodec.Kind(w, EventKind.ClaimDeposited);
                w.Byte((byte)d.Way);
                w.Varint((ulong)d.Desk);
                w.Varint((ulong)d.Provider);
                w.Varint((ulong)(d.Items ^ FileItems.All));
                w.Date(d.On, day);
                WriteLines(w, d.Lines, day);
                break;
            case ClaimReceived r:
                EventCodec.Kind(w, EventKind.ClaimReceived);
                w.Date(r.On, day);
                break;
            case ClaimAdjudicated a:
                EventCodec.Kind(w, EventKind.ClaimAdjudicated);
                w.Byte((byte)a.Method);
                WriteOutcomes(w, a.Outcomes);
                break;
            case PaymentOrdered p:
                EventCodec.Kind(w, EventKind.PaymentOrdered);
                w.Varint((ulong)p.AmountCentimes);
                w.Date(p.On, day);
                break;
            case PaymentMade p:
                EventCodec.Kind(w, EventKind.PaymentMade);
                w.Varint((ulong)p.AmountCentimes);
                w.Date(p.On, day);
                break;
            case ClaimReturned r:
                EventCodec.Kind(w, EventKind.ClaimReturned);
                w.Varint((ulong)r.Missing);
                break;
            case ClaimCompleted c:
                EventCodec.Kind(w, EventKind.ClaimCompleted);
                w.Varint((ulong)c.Items);
                break;
            case ClaimHeld h:
                EventCodec.Kind(w, EventKind.ClaimHeld);
                w.Flag(h.AsDuplicate);
                break;
            case ClaimReleased r:
                EventCodec.Kind(w, EventKind.ClaimReleased);
                w.Flag(r.Granted);
                break;
            case ClaimAppealed:
                EventCodec.Kind(w, EventKind.ClaimAppealed);
                break;
            case AppealDecided a:
                EventCodec.Kind(w, EventKind.AppealDecided);
                w.Flag(a.Granted);
                break;
            case PaymentReturned p:
                EventCodec.Kind(w, EventKind.PaymentReturned);
                w.Varint((ulong)p.AmountCentimes);
                break;
            case PaymentReissued p:
                EventCodec.Kind(w, EventKind.PaymentReissued);
                w.Varint((ulong)p.AmountCentimes);
                w.Date(p.On, day);
                break;
            case OverpaymentRaised o:
                EventCodec.Kind(w, EventKind.OverpaymentRaised);
                w.Varint((ulong)o.AmountCentimes);
                break;
            case OverpaymentRecovered o:
                EventCodec.Kind(w, EventKind.OverpaymentRecovered);
                w.Varint((ulong)o.AmountCentimes);
                break;
            case ClaimReopened:
                EventCodec.Kind(w, EventKind.ClaimReopened);
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} has no layout in the journal");
        }
    }

    public static Event Read(ref ByteReader r, EventKind kind, int day, ulong claim) => kind switch
    {
        EventKind.ClaimDeposited => new ClaimDeposited(
            claim, (ClaimWay)r.Byte(), r.Int(), r.Int(), (FileItems)r.Varint() ^ FileItems.All, r.Date(day), ReadLines(ref r, day)),
        EventKind.ClaimReceived => new ClaimReceived(claim, r.Date(day)),
        EventKind.ClaimAdjudicated => new ClaimAdjudicated(claim, (PaymentMethod)r.Byte(), ReadOutcomes(ref r)),
        EventKind.PaymentOrderedV1 => new PaymentOrdered(claim, (long)r.Varint(), DateOnly.FromDayNumber(day)),
        EventKind.PaymentOrdered => new PaymentOrdered(claim, (long)r.Varint(), r.Date(day)),
        EventKind.PaymentMade => new PaymentMade(claim, (long)r.Varint(), r.Date(day)),
        EventKind.ClaimReturned => new ClaimReturned(claim, (FileItems)r.Varint()),
        EventKind.ClaimCompleted => new ClaimCompleted(claim, (FileItems)r.Varint()),
        EventKind.ClaimHeld => new ClaimHeld(claim, r.Flag()),
        EventKind.ClaimReleased => new ClaimReleased(claim, r.Flag()),
        EventKind.ClaimAppealed => new ClaimAppealed(claim),
        EventKind.AppealDecided => new AppealDecided(claim, r.Flag()),
        EventKind.PaymentReturned => new PaymentReturned(claim, (long)r.Varint()),
        EventKind.PaymentReissued => new PaymentReissued(claim, (long)r.Varint(), r.Date(day)),
        EventKind.OverpaymentRaised => new OverpaymentRaised(claim, (long)r.Varint()),
        EventKind.OverpaymentRecovered => new OverpaymentRecovered(claim, (long)r.Varint()),
        EventKind.ClaimReopened => new ClaimReopened(claim),
        _ => throw new InvalidDataException($"an event of type {(int)kind}, which this version does not know"),
    };

    internal static void WriteLines(ByteWriter w, ClaimLine[] lines, int day)
    {
        w.Byte((byte)lines.Length);
        foreach (var line in lines)
        {
            w.Byte((byte)line.Act);
            w.Byte((byte)((int)line.Sector | (int)line.Circumstances << SectorBits));
            w.Date(line.CareDate, day);
            w.Varint(line.Quantity);
            w.Varint(line.PaidCentimes);
            w.Varint(line.ReferenceCentimes);
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
                act, (CareSector)(place & ((1 << SectorBits) - 1)), careDate, (ushort)r.Varint(), (uint)r.Varint(), (uint)r.Varint(),
                (Circumstances)(place >> SectorBits));
            day = careDate.DayNumber;
        }

        return lines;
    }

    internal static void WriteOutcomes(ByteWriter w, LineOutcome[] outcomes)
    {
        w.Byte((byte)outcomes.Length);
        foreach (var outcome in outcomes)
        {
            w.Varint((ulong)outcome.AmountCentimes << 1 | (outcome.Reason != Reason.None ? 1UL : 0));
            if (outcome.Reason != Reason.None)
                w.Byte((byte)outcome.Reason);
        }
    }

    internal static LineOutcome[] ReadOutcomes(ref ByteReader r)
    {
        var outcomes = new LineOutcome[r.Byte()];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var amount = r.Varint();
            outcomes[i] = new LineOutcome((amount & 1) != 0 ? (Reason)r.Byte() : Reason.None, (uint)(amount >> 1));
        }

        return outcomes;
    }
}
