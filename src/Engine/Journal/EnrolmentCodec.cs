using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Journal;

/// <summary>The form of an enrolment in an event.</summary>
internal static class EnrolmentCodec
{
    public static void Write(ByteWriter w, in EnrolmentRecord enrolment, int day)
    {
        w.Byte((byte)enrolment.Category);
        w.Byte(
            (byte)((byte)enrolment.Cycle | (enrolment.PaidTrack ? 0x40 : 0) | (enrolment.HasBankAccount ? 0x80 : 0)));
        w.Varint((ulong)enrolment.Institution);
        w.Date(enrolment.BirthDate, day);
    }

    public static EnrolmentRecord Read(ref ByteReader r, int day)
    {
        var category = (Category)r.Byte();
        var cycle = r.Byte();
        return new EnrolmentRecord(
            category, (Cycle)(cycle & 0x3F), (cycle & 0x40) != 0, r.Int(), r.Date(day), (cycle & 0x80) != 0);
    }
}
