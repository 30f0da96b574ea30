using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Journal;

/// <summary>
/// Layouts of claims' events that are written no more, read as the event of today. Adjudication announced how a claim
/// would be paid, and payments had neither a method nor a number: both are found when the event is applied. Nothing
/// said who bore a share: all of a third-party claim is the provider's.
/// </summary>
internal static class ClaimEventUpcast
{
    /// <exception cref="InvalidDataException">No layout of this or an earlier version has this number.</exception>
    public static ClaimEvent Read(ref ByteReader r, EventKind kind, int day, ulong claim)
    {
        switch (kind)
        {
            case EventKind.ClaimCompletedV1:
                return new ClaimCompleted(claim, (FileItems)r.Varint());
            case EventKind.ClaimAdjudicatedV1:
                var announced = (PaymentMethod)r.Byte();
                return new ClaimAdjudicated(claim, ClaimEventCodec.ReadOutcomes(ref r)) { AnnouncedMethod = announced };
            case EventKind.ClaimAdjudicatedV2:
                return new ClaimAdjudicated(claim, ClaimEventCodec.ReadOutcomes(ref r));
            case EventKind.OverpaymentRaisedV1:
                return new OverpaymentRaised(claim, (long)r.Varint());
            case EventKind.OverpaymentCancelledV1:
                return new OverpaymentCancelled(claim, (long)r.Varint());
            case EventKind.PaymentOrderedV1:
                return new PaymentOrdered(claim, (long)r.Varint(), DateOnly.FromDayNumber(day));
            case EventKind.PaymentOrderedV2:
                return new PaymentOrdered(claim, (long)r.Varint(), r.Date(day));
            case EventKind.PaymentMadeV1:
                return new PaymentMade(claim, (long)r.Varint(), r.Date(day));
            case EventKind.PaymentReturnedV1:
                return new PaymentReturned(claim, (long)r.Varint(), r.Flag());
            case EventKind.PaymentReissuedV1:
                return new PaymentReissued(claim, (long)r.Varint(), r.Date(day));
            case EventKind.ClaimRevisedV1:
                return ReadRevised(ref r, claim);
            case EventKind.ClaimRecalledV1:
                return ReadRecalled(ref r, day, claim);
            case EventKind.ClaimRecalledV2:
                return new ClaimRecalled(
                    claim, (ClaimWay)r.Byte(), (FileItems)r.Varint() ^ FileItems.All, r.Int(), r.Date(day),
                    EventCodec.ReadOptional(ref r, day), (ClaimMarks)r.Byte(),
                    (uint)r.Varint(), (uint)r.Varint(), r.Signed(), ClaimEventCodec.ReadPayments(ref r, day),
                    ClaimEventCodec.ReadLines(ref r, day),
                    ClaimEventCodec.ReadOutcomes(ref r));
            default:
                throw new InvalidDataException($"an event of type {(int)kind}, which this version does not know");
        }
    }

    private static ClaimRevised ReadRevised(ref ByteReader r, ulong claim)
    {
        var (cause, announced) = ((RevisionCause)r.Byte(), (PaymentMethod)r.Byte());
        return new ClaimRevised(
            claim, cause, (long)r.Varint(), ClaimEventCodec.ReadOutcomes(ref r),
            ClaimEventCodec.ReadOutcomes(ref r))
        { AnnouncedMethod = announced };
    }

    /// <summary>Of its payments it had the last confirmed one, while that had not come back.</summary>
    private static ClaimRecalled ReadRecalled(ref ByteReader r, int day, ulong claim)
    {
        var (way, announced) = ((ClaimWay)r.Byte(), (PaymentMethod)r.Byte());
        var (items, provider, deposited, marks) = ((FileItems)r.Varint() ^ FileItems.All, r.Int(), r.Date(day),
            (ClaimMarks)r.Byte());
        var (same, similar, settled) = ((uint)r.Varint(), (uint)r.Varint(), r.Signed());
        var last = new Payment((long)r.Varint(), r.Date(day), (PaymentMethod)r.Byte(), PaymentState.Confirmed);
        Payment[] payments = last.AmountCentimes > 0 ? [last] : [];
        return new ClaimRecalled(
            claim, way, items, provider, deposited, null, marks, same, similar, settled, payments,
            ClaimEventCodec.ReadLines(ref r, day),
            ClaimEventCodec.ReadOutcomes(ref r))
        { AnnouncedMethod = announced };
    }
}
