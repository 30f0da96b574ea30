using Amoe.Engine.Bytes;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Partitions.Wire;

/// <summary>
/// Commands and questions as bytes on their way between processes. Every field is carried as it is, also one that makes
/// no sense: what to refuse is the owner's to decide. Bytes that no writer made throw
/// <see cref="InvalidDataException"/>.
/// </summary>
/// <remarks>
/// The kind with two flags (an attempt follows the reference; the effective date is not the known date), the student
/// (8 bytes), the reference, the attempt, the known date, the effective date, and the command's fields in their order.
/// Numbers are varints; dates are signed distances in days, from 0001-01-01 or from the date before them.
/// <see cref="Command.EffectiveWhenKnown"/> does not travel: only a host on a journal of its own sets it, for itself.
/// </remarks>
internal static class CommandCodec
{
    /// <summary>
    /// Lines of a sheet that travel: far beyond those that are accepted, so that too many are refused by the scheme's
    /// reason.
    /// </summary>
    public const int LinesMax = 1_024;

    // Beside the kind, which is below 64.
    private const byte HasAttempt = 0x80;
    private const byte HasEffective = 0x40;
    private const byte KindBits = 0x3F;

    // In the place of an attempt, which is not 0 where it is alone; the attempt follows.
    private const byte IsEffectiveWhenKnown = 0;

    /// <summary>True for what can travel: a sheet of any number of lines cannot.</summary>
    public static bool CanWrite(Command command) =>
        command is not (DepositClaim { Lines.Length: > LinesMax } or CompleteClaim { Lines.Length: > LinesMax });

    public static void Write(ByteWriter w, Command command)
    {
        var flags = (command.Attempt != 0 || command.EffectiveWhenKnown
            ? HasAttempt
            : 0) | (command.Effective != command.Known ? HasEffective : 0);
        w.Byte((byte)((int)command.Kind | flags));
        w.UInt64(command.Student.Value);
        w.Varint(command.Reference);
        if (command.EffectiveWhenKnown)
            w.Byte(IsEffectiveWhenKnown);
        if ((flags & HasAttempt) != 0)
            w.Byte(command.Attempt);
        w.Date(command.Known, 0);
        var day = command.Known.DayNumber;
        if (command.Effective != command.Known)
            w.Date(command.Effective, day);
        WriteContent(w, command, day);
    }

    /// <summary>What follows a first byte that was read already.</summary>
    public static Command Read(ref ByteReader r, byte first)
    {
        var kind = (CommandKind)(first & KindBits);
        var student = new StudentId(r.UInt64());
        var reference = r.Varint();
        if (reference >= CommandId.ReferenceLimit)
            throw new InvalidDataException("a reference of more than 48 bits");
        var attempt = (first & HasAttempt) != 0 ? r.Byte() : (byte)0;
        var isWhenKnown = (first & HasAttempt) != 0 && attempt == IsEffectiveWhenKnown;
        if (isWhenKnown)
            attempt = r.Byte();
        var known = r.Date(0);
        var effective = (first & HasEffective) != 0 ? r.Date(known.DayNumber) : known;
        var command = ReadContent(ref r, kind, student, reference, effective, known);
        return attempt == 0 && !isWhenKnown
            ? command
            : command with { Attempt = attempt, EffectiveWhenKnown = isWhenKnown };
    }

    private static void WriteContent(ByteWriter w, Command command, int day)
    {
        switch (command)
        {
            case DepositClaim c:
                w.Byte((byte)c.Way);
                w.Flag(c.PatientIsStudent);
                w.Varint((ulong)c.Desk);
                w.Varint((ulong)c.Provider);
                w.Varint((ulong)(c.Items ^ FileItems.All));
                WireFields.WriteLines(w, c.Lines, day);
                break;
            case CompleteClaim c:
                w.Varint((ulong)c.Items);
                WireFields.WriteLines(w, c.Lines, day);
                break;
            case ReviewClaim c:
                w.Flag(c.Granted);
                break;
            case ResolveDuplicate c:
                w.Flag(c.IsDuplicate);
                break;
            case DecideAppeal c:
                w.Flag(c.Granted);
                break;
            case RecoverOverpayment c:
                w.Signed(c.AmountCentimes);
                w.Byte((byte)c.Payee);
                break;
            case ConfirmPayment c:
                w.Signed(c.Payment);
                break;
            case ReportPaymentReturned c:
                w.Signed(c.Payment);
                break;
            case ReceiveClaim or OrderPayment or AppealClaim or ReissuePayment or ReopenClaim:
            case TransmitApplication or ResumeStudies or IssueCertificate:
                break;
            case CarryOverRegistration c:
                WireFields.Write(w, c.Enrolment, day);
                w.Varint((ulong)c.Year);
                w.Date(c.RightFrom, day);
                break;
            case Declare c:
                WireFields.Write(w, c.Enrolment, day);
                WireFields.Write(w, c.Coverage, c.Holder);
                w.Varint((ulong)c.Year);
                break;
            case ForwardApplication c:
                w.Byte((byte)c.Desk);
                break;
            case AnswerFromAnam c:
                WireFields.Write(w, c.Coverage, c.Holder);
                break;
            case ResendRegistration c:
                w.Varint((ulong)c.Year);
                break;
            case PayContribution c:
                w.Signed(c.AmountCentimes);
                w.Varint((ulong)c.Institution);
                w.Varint((ulong)c.Year);
                break;
            case ReceiveContribution c:
                w.Signed(c.AmountCentimes);
                w.Varint((ulong)c.Year);
                break;
            case PresentReceipt c:
                w.Varint((ulong)c.Institution);
                break;
            case ReportOtherCoverage c:
                WireFields.Write(w, c.Coverage, c.Holder);
                w.Flag(c.ByAnam);
                break;
            case EndOtherCoverage c:
                WireFields.Write(w, c.Coverage, c.Holder);
                w.Flag(c.ByAnam);
                break;
            case InterruptStudies c:
                w.Byte((byte)c.Reason);
                break;
            case ChangeInterruptionReason c:
                w.Byte((byte)c.Reason);
                break;
            case DecideExemption c:
                w.Flag(c.Granted);
                w.Varint((ulong)c.Illness);
                w.Date(c.Until, day);
                break;
            case RequestApproval c:
                w.Byte((byte)c.Act);
                w.Varint((ulong)c.Units);
                break;
            case DecideApproval c:
                w.Varint((ulong)c.Units);
                break;
            case CorrectFact c:
                w.Byte((byte)c.Fact);
                WireFields.Write(w, c.Coverage, c.Holder);
                w.Varint(c.Request);
                break;
            case AskEntitlement c:
                w.Date(c.On, day);
                break;
            case AskClaim c:
                w.Varint(c.Claim);
                break;
            case AskStudent c:
                w.Varint(c.Claim);
                break;
            default:
                throw new InvalidOperationException($"{command.GetType().Name} has no layout on the wire");
        }
    }

    private static Command ReadContent(
        ref ByteReader r, CommandKind kind, StudentId student, ulong reference, DateOnly effective, DateOnly known)
    {
        var day = known.DayNumber;
        return kind switch
        {
            CommandKind.CarryOverRegistration => new CarryOverRegistration(
                student, reference, effective, known, WireFields.ReadEnrolment(ref r, day), r.Int(), r.Date(day)),
            CommandKind.Declare =>
                new Declare(
                    student, reference, effective, known, WireFields.ReadEnrolment(ref r, day), (CoverageKind)r.Byte(),
                    Holder: (CoverageHolder)r.Byte(), Year: r.Int()),
            CommandKind.ForwardApplication =>
                new ForwardApplication(student, reference, effective, known, (ApplicationDesk)r.Byte()),
            CommandKind.TransmitApplication => new TransmitApplication(student, reference, effective, known),
            CommandKind.AnswerFromAnam =>
                new AnswerFromAnam(
                    student, reference, effective, known, (CoverageKind)r.Byte(), (CoverageHolder)r.Byte()),
            CommandKind.ResendRegistration => new ResendRegistration(student, reference, effective, known, r.Int()),
            CommandKind.PayContribution =>
                new PayContribution(student, reference, effective, known, r.Signed(), r.Int(), r.Int()),
            CommandKind.ReceiveContribution =>
                new ReceiveContribution(student, reference, effective, known, r.Signed(), r.Int()),
            CommandKind.PresentReceipt => new PresentReceipt(student, reference, effective, known, r.Int()),
            CommandKind.ReportOtherCoverage => new ReportOtherCoverage(
                student, reference, effective, known, (CoverageKind)r.Byte(), Holder: (CoverageHolder)r.Byte(),
                ByAnam: r.Flag()),
            CommandKind.EndOtherCoverage => new EndOtherCoverage(
                student, reference, effective, known, (CoverageKind)r.Byte(), (CoverageHolder)r.Byte(), r.Flag()),
            CommandKind.InterruptStudies =>
                new InterruptStudies(student, reference, effective, known, (InterruptionReason)r.Byte()),
            CommandKind.ChangeInterruptionReason =>
                new ChangeInterruptionReason(student, reference, effective, known, (InterruptionReason)r.Byte()),
            CommandKind.ResumeStudies => new ResumeStudies(student, reference, effective, known),
            CommandKind.DecideExemption =>
                new DecideExemption(student, reference, effective, known, r.Flag(), r.Int(), r.Date(day)),
            CommandKind.RequestApproval =>
                new RequestApproval(student, reference, effective, known, (Act)r.Byte(), r.Int()),
            CommandKind.DecideApproval => new DecideApproval(student, reference, effective, known, r.Int()),
            CommandKind.IssueCertificate => new IssueCertificate(student, reference, effective, known),
            CommandKind.CorrectFact => new CorrectFact(
                student, reference, effective, known, (CommandKind)r.Byte(), (CoverageKind)r.Byte(),
                (CoverageHolder)r.Byte(), r.Varint()),
            CommandKind.DepositClaim => ReadDeposit(ref r, student, reference, effective, known),
            CommandKind.CompleteClaim => new CompleteClaim(
                student, reference, effective, known, (FileItems)WireFields.UInt32(ref r),
                WireFields.ReadLines(ref r, day, LinesMax)),
            CommandKind.ReceiveClaim => new ReceiveClaim(student, reference, effective, known),
            CommandKind.OrderPayment => new OrderPayment(student, reference, effective, known),
            CommandKind.ConfirmPayment =>
                new ConfirmPayment(student, reference, effective, known, WireFields.Int32(ref r)),
            CommandKind.ReviewClaim => new ReviewClaim(student, reference, effective, known, r.Flag()),
            CommandKind.ResolveDuplicate => new ResolveDuplicate(student, reference, effective, known, r.Flag()),
            CommandKind.AppealClaim => new AppealClaim(student, reference, effective, known),
            CommandKind.DecideAppeal => new DecideAppeal(student, reference, effective, known, r.Flag()),
            CommandKind.ReportPaymentReturned =>
                new ReportPaymentReturned(student, reference, effective, known, WireFields.Int32(ref r)),
            CommandKind.ReissuePayment => new ReissuePayment(student, reference, effective, known),
            CommandKind.RecoverOverpayment =>
                new RecoverOverpayment(student, reference, effective, known, r.Signed(), (Payee)r.Byte()),
            CommandKind.ReopenClaim => new ReopenClaim(student, reference, effective, known),
            CommandKind.AskEntitlement =>
                AsAsked(new AskEntitlement(student, r.Date(day), known), reference, effective),
            CommandKind.AskClaim => AsAsked(new AskClaim(student, r.Varint(), known), reference, effective),
            CommandKind.AskStudent => AsAsked(new AskStudent(student, r.Varint(), known), reference, effective),
            _ => throw new InvalidDataException($"a command of kind {(int)kind}, which this version does not know"),
        };
    }

    private static DepositClaim ReadDeposit(
        ref ByteReader r, StudentId student, ulong reference, DateOnly effective, DateOnly known)
    {
        var (way, patientIsStudent) = ((ClaimWay)r.Byte(), r.Flag());
        return new DepositClaim(
            student, reference, effective, known, way, r.Int(), r.Int(), patientIsStudent,
            (FileItems)WireFields.UInt32(ref r) ^ FileItems.All,
            WireFields.ReadLines(ref r, known.DayNumber, LinesMax));
    }

    // A question is asked without a reference and as of the day it is known; nothing keeps its sender from saying
    // otherwise.
    private static Query AsAsked(Query query, ulong reference, DateOnly effective) =>
        reference == 0 && effective == query.Known
            ? query
            : query with { Reference = reference, Effective = effective };
}
