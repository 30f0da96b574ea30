using System.Text;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Partitions.Wire;

/// <summary>Parts that commands and answers share, as bytes on the wire.</summary>
internal static class WireFields
{
    private const int LineBytesMin = 10;
    private const int OutcomeBytesMin = 3;
    private const int PaymentBytesMin = 5;

    /// <summary>Bytes of an address at most.</summary>
    private const int EndpointBytesMax = 512;

    public static void Write(ByteWriter w, string endpoint)
    {
        var bytes = Encoding.UTF8.GetBytes(endpoint);
        w.Varint((ulong)bytes.Length);
        w.Bytes(bytes);
    }

    public static string ReadEndpoint(ref ByteReader r) =>
        Encoding.UTF8.GetString(r.Bytes(Count(ref r, EndpointBytesMax, 1)));

    public static void Write(ByteWriter w, in EnrolmentRecord enrolment, int day)
    {
        w.Byte((byte)enrolment.Category);
        w.Byte((byte)enrolment.Cycle);
        w.Byte((byte)((enrolment.PaidTrack ? 1 : 0) | (enrolment.HasBankAccount ? 2 : 0)));
        w.Varint((ulong)enrolment.Institution);
        w.Date(enrolment.BirthDate, day);
    }

    public static EnrolmentRecord ReadEnrolment(ref ByteReader r, int day)
    {
        var (category, cycle, flags) = ((Category)r.Byte(), (Cycle)r.Byte(), r.Byte());
        return new EnrolmentRecord(category, cycle, (flags & 1) != 0, r.Int(), r.Date(day), (flags & 2) != 0);
    }

    public static void Write(ByteWriter w, CoverageKind coverage, CoverageHolder holder)
    {
        w.Byte((byte)coverage);
        w.Byte((byte)holder);
    }

    public static void WriteLines(ByteWriter w, ClaimLine[] lines, int day)
    {
        w.Varint((ulong)lines.Length);
        foreach (ref readonly var line in lines.AsSpan())
        {
            w.Byte((byte)line.Act);
            w.Byte((byte)line.Sector);
            w.Byte((byte)line.Circumstances);
            w.Date(line.CareDate, day);
            w.Varint(line.Quantity);
            w.Varint(line.PaidCentimes);
            w.Varint(line.ReferenceCentimes);
            w.Varint(line.GenericCentimes);
            w.Byte(line.Prosthesis.Elements);
            w.Varint(line.Prosthesis.Teeth);
        }
    }

    public static ClaimLine[] ReadLines(ref ByteReader r, int day, int max)
    {
        var lines = NewArray<ClaimLine>(ref r, max, LineBytesMin);
        for (var i = 0; i < lines.Length; i++)
        {
            var (act, sector, circumstances) = ((Act)r.Byte(), (CareSector)r.Byte(), (Circumstances)r.Byte());
            lines[i] = new ClaimLine(
                act, sector, r.Date(day), UInt16(ref r), UInt32(ref r), UInt32(ref r), circumstances, UInt32(ref r),
                new Prosthesis(r.Byte(), UInt32(ref r)));
        }

        return lines;
    }

    public static void WriteOutcomes(ByteWriter w, LineOutcome[] outcomes)
    {
        w.Varint((ulong)outcomes.Length);
        foreach (var outcome in outcomes)
        {
            w.Byte((byte)outcome.Reason);
            w.Varint(outcome.AmountCentimes);
            w.Varint(outcome.RefundCentimes);
        }
    }

    public static LineOutcome[] ReadOutcomes(ref ByteReader r, int max)
    {
        var outcomes = NewArray<LineOutcome>(ref r, max, OutcomeBytesMin);
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = new LineOutcome((Reason)r.Byte(), UInt32(ref r), UInt32(ref r));
        return outcomes;
    }

    public static void WritePayments(ByteWriter w, Payment[] payments)
    {
        w.Varint((ulong)payments.Length);
        foreach (ref readonly var payment in payments.AsSpan())
        {
            w.Signed(payment.AmountCentimes);
            w.Date(payment.On, 0);
            w.Byte((byte)payment.Method);
            w.Byte((byte)payment.State);
            w.Byte((byte)payment.Payee);
        }
    }

    public static Payment[] ReadPayments(ref ByteReader r)
    {
        var payments = NewArray<Payment>(ref r, int.MaxValue, PaymentBytesMin);
        for (var i = 0; i < payments.Length; i++)
            payments[i] = new Payment(
                r.Signed(), r.Date(0), (PaymentMethod)r.Byte(), (PaymentState)r.Byte(), (Payee)r.Byte());
        return payments;
    }

    /// <summary>
    /// A number of things that the bytes left can hold: garbage allocates nothing that was never sent.
    /// </summary>
    public static int Count(ref ByteReader r, int max, int bytesMin)
    {
        var count = r.Varint();
        if (count > (ulong)max || count > (ulong)(r.Left / bytesMin))
            throw new InvalidDataException(
                $"{count} things where at most {Math.Min(max, r.Left / bytesMin)} can follow");
        return (int)count;
    }

    public static uint UInt32(ref ByteReader r)
    {
        var value = r.Varint();
        return value <= uint.MaxValue ? (uint)value : throw new InvalidDataException("a number of more than 32 bits");
    }

    public static int Int32(ref ByteReader r)
    {
        var value = r.Signed();
        return value is >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new InvalidDataException("a number of more than 32 bits");
    }

    private static ushort UInt16(ref ByteReader r)
    {
        var value = r.Varint();
        return value <= ushort.MaxValue
            ? (ushort)value
            : throw new InvalidDataException("a number of more than 16 bits");
    }

    private static T[] NewArray<T>(ref ByteReader r, int max, int bytesMin) =>
        Count(ref r, max, bytesMin) is var count and > 0 ? new T[count] : [];
}
