using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Partitions.Wire;

/// <summary>
/// Replies as bytes on their way back. Which command one answers is said around it, by its place in the session: the id
/// does not travel. Bytes that no writer made throw <see cref="InvalidDataException"/>.
/// </summary>
internal static class ReplyCodec
{
    /// <summary>No reply begins with it.</summary>
    public const byte End = 0xFF;

    private const byte HasReason = 0x10;
    private const byte HasAnswer = 0x20;
    private const byte OutcomeBits = 0x0F;

    private const byte IsClaimsRevised = 1;
    private const byte IsEntitlement = 2;
    private const byte IsClaim = 3;
    private const byte IsStudent = 4;

    private const int RevisedClaimBytesMin = 3;

    public static void Write(ByteWriter w, in Reply reply)
    {
        w.Byte(
            (byte)((int)reply.Outcome | (reply.Reason != Reason.None ? HasReason : 0) | (reply.Answer is not null
                ? HasAnswer
                : 0)));
        if (reply.Reason != Reason.None)
            w.Byte((byte)reply.Reason);
        if (reply.Answer is not null)
            Write(w, reply.Answer);
    }

    /// <summary>What follows a first byte that was read already.</summary>
    /// <returns>The reply, to no command: which one it answers is said around it.</returns>
    public static Reply Read(ref ByteReader r, byte first)
    {
        if ((first & ~(OutcomeBits | HasReason | HasAnswer)) != 0)
            throw new InvalidDataException($"a reply that begins with {first}, which this version does not know");
        var reason = (first & HasReason) != 0 ? (Reason)r.Byte() : Reason.None;
        return new Reply(
            default, (Outcome)(first & OutcomeBits), reason, (first & HasAnswer) != 0 ? ReadAnswer(ref r) : null);
    }

    private static void Write(ByteWriter w, object answer)
    {
        switch (answer)
        {
            case ClaimsRevised revised:
                w.Byte(IsClaimsRevised);
                w.Varint((ulong)revised.Claims.Length);
                foreach (var claim in revised.Claims)
                {
                    w.Varint(claim.Claim);
                    w.Byte((byte)claim.Now);
                    w.Byte((byte)claim.Payee);
                }

                break;
            case EntitlementAnswer entitlement:
                w.Byte(IsEntitlement);
                w.Byte((byte)((entitlement.Entitled ? 1 : 0) | (entitlement.CertificateUntil is not null ? 2 : 0)));
                w.Byte((byte)entitlement.Reason);
                if (entitlement.CertificateUntil is { } until)
                    w.Date(until, 0);
                break;
            case ClaimAnswer claim:
                w.Byte(IsClaim);
                Write(w, claim);
                break;
            case StudentAnswer student:
                w.Byte(IsStudent);
                Write(w, student);
                break;
            default:
                throw new InvalidOperationException($"{answer.GetType().Name} has no layout on the wire");
        }
    }

    private static object ReadAnswer(ref ByteReader r)
    {
        var type = r.Byte();
        return type switch
        {
            IsClaimsRevised => ReadClaimsRevised(ref r),
            IsEntitlement => ReadEntitlement(ref r),
            IsClaim => ReadClaim(ref r),
            IsStudent => ReadStudent(ref r),
            _ => throw new InvalidDataException($"an answer of type {type}, which this version does not know"),
        };
    }

    private static ClaimsRevised ReadClaimsRevised(ref ByteReader r)
    {
        var claims = new RevisedClaim[WireFields.Count(ref r, int.MaxValue, RevisedClaimBytesMin)];
        for (var i = 0; i < claims.Length; i++)
            claims[i] = new RevisedClaim(r.Varint(), (Revision)r.Byte(), (Payee)r.Byte());
        return new ClaimsRevised(claims);
    }

    private static EntitlementAnswer ReadEntitlement(ref ByteReader r)
    {
        var (flags, reason) = (r.Byte(), (Reason)r.Byte());
        return new EntitlementAnswer((flags & 1) != 0, reason, (flags & 2) != 0 ? r.Date(0) : null);
    }

    private static void Write(ByteWriter w, StudentAnswer student)
    {
        w.Byte((byte)student.Application);
        w.Byte((byte)((student.CertificateUntil is not null ? 1 : 0) | (student.Due is not null ? 2 : 0)));
        w.Signed(student.Year);
        WireFields.Write(w, student.Enrolment, 0);
        w.Byte((byte)student.Coverage);
        w.Byte((byte)student.Reason);
        if (student.CertificateUntil is { } until)
            w.Date(until, 0);
        if (student.Due is { } due)
            w.Date(due, 0);
        w.Signed(student.OwedCentimes);
        w.Signed(student.ReceivedCentimes);
        w.Signed(student.Provider);
    }

    private static StudentAnswer ReadStudent(ref ByteReader r)
    {
        var (application, flags, year) = ((ApplicationState)r.Byte(), r.Byte(), r.Int());
        var (enrolment, coverage, reason) = (WireFields.ReadEnrolment(ref r, 0), (CoverageKind)r.Byte(),
            (Reason)r.Byte());
        DateOnly? until = (flags & 1) != 0 ? r.Date(0) : null;
        DateOnly? due = (flags & 2) != 0 ? r.Date(0) : null;
        return new StudentAnswer(
            application, year, enrolment, coverage, reason,
            until)
        { Due = due, OwedCentimes = r.Signed(), ReceivedCentimes = r.Signed(), Provider = r.Int() };
    }

    private static void Write(ByteWriter w, ClaimAnswer claim)
    {
        w.Byte((byte)claim.Status);
        w.Byte((byte)claim.Method);
        w.Flag(claim.AppealPending);
        w.Varint((ulong)claim.Missing);
        w.Signed(claim.PayableCentimes);
        w.Signed(claim.SettledCentimes);
        w.Signed(claim.InTransitCentimes);
        w.Signed(claim.OverpaidCentimes);
        w.Signed(claim.RefundSettledCentimes);
        WireFields.WritePayments(w, claim.Payments);
        WireFields.WriteLines(w, claim.Lines, 0);
        WireFields.WriteOutcomes(w, claim.Outcomes);
    }

    private static ClaimAnswer ReadClaim(ref ByteReader r)
    {
        var (status, method, appealPending) = ((ClaimStatus)r.Byte(), (PaymentMethod)r.Byte(), r.Flag());
        var missing = (FileItems)WireFields.UInt32(ref r);
        var (payable, settled, inTransit, overpaid, refundSettled) = (r.Signed(), r.Signed(), r.Signed(), r.Signed(),
            r.Signed());
        var payments = WireFields.ReadPayments(ref r);
        var lines = WireFields.ReadLines(ref r, 0, CommandCodec.LinesMax);
        return new ClaimAnswer(
            status, missing, lines, WireFields.ReadOutcomes(ref r, CommandCodec.LinesMax), payable, method)
        {
            SettledCentimes = settled,
            Payments = payments,
            InTransitCentimes = inTransit,
            OverpaidCentimes = overpaid,
            RefundSettledCentimes = refundSettled,
            AppealPending = appealPending,
        };
    }
}
