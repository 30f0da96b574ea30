using System.Text;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Journal;

/// <summary>
/// Events as bytes, small: a number for the type, varints, dates as distances from the day the command was known. A
/// claim event carries no claim number where it is the reference of the command that led to it.
/// </summary>
internal static class EventCodec
{
    /// <summary>
    /// The newest version of events this build reads, and the one it writes: one more for each build that writes a kind
    /// of event, or a layout, which the build before cannot read. Hosts of two versions run side by side; a partition
    /// goes to one that can read it.
    /// </summary>
    public const int Version = 2;

    /// <summary>The bit beside a kind: a claim's number follows, which is not the record's reference.</summary>
    internal const EventKind OtherClaim = (EventKind)0x80;

    public static void Write(ByteWriter w, Event e, int day, ulong reference)
    {
        switch (e)
        {
            case DeclarationRecorded d:
                Kind(w, EventKind.DeclarationRecorded);
                EnrolmentCodec.Write(w, d.Enrolment, day);
                FactCodec.WriteCoverage(w, d.Coverage, d.Holder);
                w.Varint((ulong)d.Year);
                w.Date(d.EnrolledOn, day);
                break;
            case ApplicationForwarded f:
                Kind(w, EventKind.ApplicationForwarded);
                w.Byte((byte)f.Desk);
                break;
            case ApplicationSentToAnam:
                Kind(w, EventKind.ApplicationSentToAnam);
                break;
            case ApplicationAccepted a:
                Kind(w, EventKind.ApplicationAccepted);
                w.Varint((ulong)a.Year);
                w.Date(a.From, day);
                w.Date(a.Until, day);
                w.Date(a.GraceUntil, day);
                WriteOptional(w, a.ContributionDue, day);
                w.Varint((ulong)a.ContributionCentimes);
                break;
            case FurtherEnrolmentRecorded f:
                Kind(w, EventKind.FurtherEnrolmentRecorded);
                EnrolmentCodec.Write(w, f.Enrolment, day);
                w.Varint((ulong)f.Year);
                w.Date(f.EnrolledOn, day);
                WriteOptional(w, f.ContributionDue, day);
                w.Varint((ulong)f.ContributionCentimes);
                break;
            case ApplicationRefused r:
                Kind(w, EventKind.ApplicationRefused);
                w.Varint((ulong)r.Year);
                w.Byte((byte)r.Reason);
                break;
            case RegistrationCarriedOver r:
                Kind(w, EventKind.RegistrationCarriedOver);
                EnrolmentCodec.Write(w, r.Enrolment, day);
                w.Varint((ulong)r.Year);
                w.Date(r.From, day);
                w.Date(r.Until, day);
                w.Date(r.GraceUntil, day);
                break;
            case RegistrationResent r:
                Kind(w, EventKind.RegistrationResent);
                w.Varint((ulong)r.Year);
                w.Date(r.EnrolledOn, day);
                break;
            case CommandRefused r:
                Kind(w, EventKind.CommandRefused);
                w.Byte((byte)r.Reason);
                w.Byte((byte)r.Field);
                w.Signed(r.Value);
                break;
            case ContributionPaid p:
                Kind(w, EventKind.ContributionPaid);
                w.Varint((ulong)p.AmountCentimes);
                w.Varint((ulong)p.Institution);
                w.Varint((ulong)p.Year);
                WriteOptional(w, p.On, day);
                break;
            case ContributionReceived r:
                Kind(w, EventKind.ContributionReceived);
                w.Varint((ulong)r.AmountCentimes);
                w.Date(r.On, day);
                w.Varint((ulong)r.Year);
                break;
            case ContributionWaived v:
                Kind(w, EventKind.ContributionWaived);
                w.Varint((ulong)v.Institution);
                break;
            case ContributionHeld h:
                Kind(w, EventKind.ContributionHeld);
                w.Varint((ulong)h.AmountCentimes);
                w.Varint((ulong)h.Year);
                w.Byte((byte)h.Reason);
                break;
            case ReceiptCorrected r:
                Kind(w, EventKind.ReceiptCorrected);
                w.Varint((ulong)r.Year);
                w.Date(r.On, day);
                w.Varint((ulong)r.AmountCentimes);
                break;
            case ContributionReleased l:
                Kind(w, EventKind.ContributionReleased);
                w.Varint((ulong)l.AmountCentimes);
                w.Varint((ulong)l.Year);
                break;
            case OtherCoverageReported r:
                Kind(w, EventKind.OtherCoverageReported);
                FactCodec.WriteCoverage(w, r.Coverage, r.Holder);
                w.Date(r.From, day);
                w.Flag(r.ByAnam);
                break;
            case OtherCoverageEnded x:
                Kind(w, EventKind.OtherCoverageEnded);
                w.Date(x.LastDay, day);
                FactCodec.WriteCoverage(w, x.Coverage, x.Holder);
                w.Byte((byte)x.Source);
                break;
            case StudiesInterrupted i:
                Kind(w, EventKind.StudiesInterrupted);
                w.Date(i.From, day);
                FactCodec.WriteReason(w, i.Reason, i.Pauses);
                WriteOptional(w, i.Suspends, day);
                break;
            case InterruptionReasonChanged c:
                Kind(w, EventKind.InterruptionReasonChanged);
                w.Date(c.On, day);
                FactCodec.WriteReason(w, c.Reason, c.Pauses);
                WriteOptional(w, c.Suspends, day);
                break;
            case StudiesResumed r:
                Kind(w, EventKind.StudiesResumed);
                w.Date(r.On, day);
                break;
            case RightSuspended s:
                Kind(w, EventKind.RightSuspended);
                w.Byte((byte)s.Cause);
                w.Date(s.From, day);
                break;
            case RightResumed r:
                Kind(w, EventKind.RightResumed);
                w.Byte((byte)r.Cause);
                w.Date(r.On, day);
                break;
            case SuspensionsRevised v:
                Kind(w, EventKind.SuspensionsRevised);
                w.Byte((byte)v.Cause);
                WritePeriods(w, v.Periods, day);
                break;
            case RightLapsed l:
                Kind(w, EventKind.RightLapsed);
                w.Varint((ulong)l.Year);
                w.Date(l.On, day);
                break;
            case ExemptionDecided x:
                Kind(w, EventKind.ExemptionDecided);
                FactCodec.WriteDecision(w, x.Granted, x.Supersedes);
                w.Varint((ulong)x.Illness);
                w.Date(x.From, day);
                w.Date(x.Until, day);
                break;
            case ApprovalRequested a:
                Kind(w, EventKind.ApprovalRequested);
                w.Varint(a.Approval);
                w.Byte((byte)a.Act);
                w.Varint((ulong)a.Units);
                WriteOptional(w, a.On, day);
                break;
            case ClockMissed m:
                Kind(w, EventKind.ClockMissed);
                w.Byte((byte)m.Clock);
                w.Varint((ulong)m.Days);
                w.Varint((ulong)m.AllowedDays);
                break;
            case ApprovalDecided a:
                Kind(w, EventKind.ApprovalDecided);
                w.Varint(a.Approval);
                w.Varint((ulong)a.Units);
                w.Date(a.From, day);
                WriteOptional(w, a.Until, day);
                break;
            case ApprovalDecisionTakenBack t:
                Kind(w, EventKind.ApprovalDecisionTakenBack);
                w.Varint(t.Approval);
                w.Date(t.On, day);
                break;
            case ApprovalUnitsRevised v:
                Kind(w, EventKind.ApprovalUnitsRevised);
                w.Varint(v.Approval);
                w.Signed((long)(v.Claim - reference));
                w.Varint((ulong)v.Units);
                break;
            case ApprovalUsed u:
                Kind(w, EventKind.ApprovalUsed);
                w.Varint(u.Approval);
                w.Signed((long)(u.Claim - reference));
                w.Varint((ulong)u.Units);
                break;
            case ApprovalLapsed l:
                Kind(w, EventKind.ApprovalLapsed);
                w.Varint(l.Approval);
                w.Date(l.On, day);
                break;
            case CertificateIssued c:
                Kind(w, EventKind.CertificateIssued);
                w.Date(c.Until, day);
                break;
            case FactCorrected f:
                Kind(w, EventKind.FactCorrected);
                w.Byte((byte)f.Fact);
                w.Date(f.On, day);
                w.Varint((ulong)f.AmountCentimes);
                break;
            case FactTakenBack f:
                Kind(w, EventKind.FactTakenBack);
                w.Byte((byte)f.Fact);
                w.Date(f.On, day);
                FactCodec.WriteCoverage(w, f.Coverage, f.Holder);
                break;
            case RulebookAdopted a:
                Kind(w, EventKind.RulebookAdopted);
                w.Varint((ulong)a.Number);
                w.UInt64(a.Hash.Value);
                break;
            case IncarnationStarted i:
                Kind(w, EventKind.IncarnationStarted);
                w.Signed(i.Incarnation);
                w.Signed(i.AtUnixMs);
                WriteText(w, i.Host);
                WriteText(w, i.Build);
                break;
            case ClaimEvent c:
                ClaimEventCodec.Write(w, c, day, reference);
                break;
            case PartyEvent or PostingsTaken:
                PartyEventCodec.Write(w, e, day);
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} has no layout in the journal");
        }
    }

    /// <exception cref="InvalidDataException">The bytes are no event that this version knows.</exception>
    public static Event Read(ref ByteReader r, int day, ulong reference)
    {
        var kind = (EventKind)r.Byte();
        if ((kind & OtherClaim) != 0)
            return ClaimEventCodec.Read(ref r, kind & ~OtherClaim, day, reference + (ulong)r.Signed(), reference);
        return kind switch
        {
            EventKind.DeclarationRecorded => FactCodec.ReadDeclaration(ref r, day),
            EventKind.ApplicationForwarded => new ApplicationForwarded((ApplicationDesk)r.Byte()),
            EventKind.ApplicationSentToAnam => new ApplicationSentToAnam(),
            EventKind.ApplicationAccepted =>
                new ApplicationAccepted(
                    r.Int(), r.Date(day), r.Date(day), r.Date(day), ReadOptional(ref r, day), (long)r.Varint()),
            EventKind.FurtherEnrolmentRecorded => new FurtherEnrolmentRecorded(
                EnrolmentCodec.Read(ref r, day), r.Int(), r.Date(day), ReadOptional(ref r, day), (long)r.Varint()),
            EventKind.ApplicationRefused => new ApplicationRefused(r.Int(), (Reason)r.Byte()),
            EventKind.RegistrationCarriedOver =>
                new RegistrationCarriedOver(
                    EnrolmentCodec.Read(ref r, day), r.Int(), r.Date(day), r.Date(day), r.Date(day)),
            EventKind.RegistrationResent => new RegistrationResent(r.Int(), r.Date(day)),
            EventKind.CommandRefused => new CommandRefused((Reason)r.Byte(), (CommandField)r.Byte(), r.Signed()),
            EventKind.ContributionPaid =>
                new ContributionPaid((long)r.Varint(), r.Int(), r.Int(), ReadOptional(ref r, day)),
            EventKind.ContributionReceived => new ContributionReceived((long)r.Varint(), r.Date(day), r.Int()),
            EventKind.ContributionWaived => new ContributionWaived(r.Int()),
            EventKind.ContributionHeld => new ContributionHeld((long)r.Varint(), r.Int(), (Reason)r.Byte()),
            EventKind.ReceiptCorrected => new ReceiptCorrected(r.Int(), r.Date(day), (long)r.Varint()),
            EventKind.ContributionReleased => new ContributionReleased((long)r.Varint(), r.Int()),
            EventKind.OtherCoverageReported => FactCodec.ReadReported(ref r, day),
            EventKind.OtherCoverageEnded => FactCodec.ReadEnded(ref r, day),
            EventKind.StudiesInterrupted => FactCodec.ReadInterrupted(ref r, day),
            EventKind.InterruptionReasonChanged => FactCodec.ReadReasonChanged(ref r, day),
            EventKind.StudiesResumed => new StudiesResumed(r.Date(day)),
            EventKind.RightSuspended => new RightSuspended((SuspensionCause)r.Byte(), r.Date(day)),
            EventKind.RightResumed => new RightResumed((SuspensionCause)r.Byte(), r.Date(day)),
            EventKind.SuspensionsRevised => new SuspensionsRevised((SuspensionCause)r.Byte(), ReadPeriods(ref r, day)),
            EventKind.RightLapsed => new RightLapsed(r.Int(), r.Date(day)),
            EventKind.ExemptionDecided => FactCodec.ReadExemption(ref r, day),
            EventKind.ApprovalRequested =>
                new ApprovalRequested(r.Varint(), (Act)r.Byte(), r.Int(), ReadOptional(ref r, day)),
            EventKind.ClockMissed => new ClockMissed((Clock)r.Byte(), r.Int(), r.Int()),
            EventKind.ApprovalDecided =>
                new ApprovalDecided(r.Varint(), r.Int(), r.Date(day), ReadOptional(ref r, day)),
            EventKind.ApprovalDecisionTakenBack => new ApprovalDecisionTakenBack(r.Varint(), r.Date(day)),
            EventKind.ApprovalUnitsRevised =>
                new ApprovalUnitsRevised(r.Varint(), reference + (ulong)r.Signed(), r.Int()),
            EventKind.ApprovalUsed => new ApprovalUsed(r.Varint(), reference + (ulong)r.Signed(), r.Int()),
            EventKind.ApprovalLapsed => new ApprovalLapsed(r.Varint(), r.Date(day)),
            EventKind.CertificateIssued => new CertificateIssued(r.Date(day)),
            EventKind.FactCorrected => new FactCorrected((CommandKind)r.Byte(), r.Date(day), (long)r.Varint()),
            EventKind.FactTakenBack => FactCodec.ReadTakenBack(ref r, day),
            EventKind.RulebookAdopted => new RulebookAdopted(r.Int(), new RulebookHash(r.UInt64())),
            EventKind.IncarnationStarted =>
                new IncarnationStarted(r.Signed(), r.Signed(), ReadText(ref r), ReadText(ref r)),
            >= EventKind.PostingsTaken => PartyEventCodec.Read(ref r, kind, day),
            _ => Upcast(kind, ref r, day) ?? ClaimEventCodec.Read(ref r, kind, day, reference, reference),
        };
    }

    /// <summary>
    /// Layouts that are written no more, read as the event of today; null when the kind is none of them. A contribution
    /// did not say its year: there was one account at a time, that of the year on record. Neither it nor a request for
    /// approval said its day. An acceptance did not say what is owed, and any receipt settled it. An end of other
    /// coverage did not say of which: it ended what lasted.
    /// </summary>
    private static StudentEvent? Upcast(EventKind kind, ref ByteReader r, int day)
    {
        const int YearOnRecord = 0;
        return kind switch
        {
            EventKind.CommandRefusedV1 => new CommandRefused((Reason)r.Byte()),
            EventKind.ContributionPaidV1 => new ContributionPaid((long)r.Varint(), r.Int(), YearOnRecord, null),
            EventKind.ApprovalRequestedV1 => new ApprovalRequested(r.Varint(), (Act)r.Byte(), r.Int(), null),
            EventKind.ApprovalDecidedV1 => new ApprovalDecided(r.Varint(), r.Int(), r.Date(day), r.Date(day)),
            EventKind.ContributionReceivedV1 => new ContributionReceived((long)r.Varint(), r.Date(day), YearOnRecord),
            EventKind.ContributionHeldWithoutRightV1 =>
                new ContributionHeld((long)r.Varint(), YearOnRecord, Reason.None),
            EventKind.ContributionHeldV1 => new ContributionHeld((long)r.Varint(), r.Int(), Reason.None),
            EventKind.ApplicationAcceptedV1 =>
                new ApplicationAccepted(r.Int(), r.Date(day), r.Date(day), r.Date(day), ReadOptional(ref r, day)),
            EventKind.OtherCoverageEndedV1 => new OtherCoverageEnded(r.Date(day)),
            _ => null,
        };
    }

    private static void WritePeriods(ByteWriter w, Period[] periods, int day)
    {
        w.Varint((ulong)periods.Length);
        foreach (var period in periods)
        {
            w.Date(period.From, day);
            WriteOptional(w, period.Until, day);
        }
    }

    private static Period[] ReadPeriods(ref ByteReader r, int day)
    {
        var periods = new List<Period>();
        for (var left = r.Int(); left > 0; left--)
            periods.Add(new Period(r.Date(day), ReadOptional(ref r, day)));
        return [.. periods];
    }

    private static void WriteText(ByteWriter w, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        w.Varint((ulong)bytes.Length);
        w.Bytes(bytes);
    }

    private static string ReadText(ref ByteReader r) => Encoding.UTF8.GetString(r.Bytes(r.Int()));

    internal static void Kind(ByteWriter w, EventKind kind) => w.Byte((byte)kind);

    // Signed writes a distance of n as 2n or 2n+1. The one byte 0 is none, and every distance moves up by one.
    internal static void WriteOptional(ByteWriter w, DateOnly? date, int day)
    {
        if (date is not { } value)
        {
            w.Varint(0);
            return;
        }

        var distance = (long)value.DayNumber - day;
        w.Varint(((ulong)(distance << 1) ^ (ulong)(distance >> 63)) + 1);
    }

    internal static DateOnly? ReadOptional(ref ByteReader r, int day)
    {
        var value = r.Varint();
        if (value == 0)
            return null;
        value--;
        var number = day + ((long)(value >> 1) ^ -(long)(value & 1));
        return number >= 0 && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number)
            : throw new InvalidDataException("a date that does not exist");
    }
}
