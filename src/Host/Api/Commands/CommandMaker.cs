using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Host.Api.Commands;

/// <summary>Makes commands of the values of their fields.</summary>
internal static class CommandMaker
{
    /// <param name="v">The values, each within the bounds of its field.</param>
    /// <param name="lines">The lines, where there are any.</param>
    /// <param name="effectiveWhenKnown">True where the sender said neither when it holds nor when it became
    /// known.</param>
    public static Command Make(CommandKind kind, in FieldValues v, ClaimLine[]? lines, bool effectiveWhenKnown = false)
    {
        var command = kind < CommandKind.DepositClaim ? ToStudent(kind, v) : ToClaim(kind, v, lines);
        return v[Slot.Attempt] == 0 && !effectiveWhenKnown
            ? command
            : command with { Attempt = (byte)v[Slot.Attempt], EffectiveWhenKnown = effectiveWhenKnown };
    }

    /// <summary>One line of a claim.</summary>
    public static ClaimLine Line(in FieldValues v) => new(
        (Act)v[Slot.Act], (CareSector)v[Slot.Sector], v.Date(Slot.Care), (ushort)v[Slot.Quantity],
        v.Centimes(Slot.Paid), v.Centimes(Slot.TariffOrPrice),
        (Circumstances)v[Slot.Circumstances], v.Centimes(Slot.Generic),
        new Prosthesis((byte)v[Slot.Elements], (uint)v[Slot.Teeth]));

    private static Command ToStudent(CommandKind kind, in FieldValues v)
    {
        var (student, reference, effective, known) = (new StudentId((ulong)v[Slot.Student]), (ulong)v[Slot.Reference],
            v.Date(Slot.Effective), v.Date(Slot.Known));
        return kind switch
        {
            CommandKind.CarryOverRegistration =>
                new CarryOverRegistration(
                    student, reference, effective, known, Enrolment(v), v.Whole(Slot.Year), v.Date(Slot.RightFrom)),
            CommandKind.Declare =>
                new Declare(
                    student, reference, effective, known, Enrolment(v), Coverage(v), v.Whole(Slot.Year), Holder(v)),
            CommandKind.ForwardApplication =>
                new ForwardApplication(student, reference, effective, known, (ApplicationDesk)v[Slot.ApplicationDesk]),
            CommandKind.TransmitApplication => new TransmitApplication(student, reference, effective, known),
            CommandKind.AnswerFromAnam =>
                new AnswerFromAnam(student, reference, effective, known, Coverage(v), Holder(v)),
            CommandKind.ResendRegistration =>
                new ResendRegistration(student, reference, effective, known, v.Whole(Slot.Year)),
            CommandKind.PayContribution =>
                new PayContribution(
                    student, reference, effective, known, v[Slot.Amount], v.Whole(Slot.Institution),
                    v.Whole(Slot.Year)),
            CommandKind.ReceiveContribution =>
                new ReceiveContribution(student, reference, effective, known, v[Slot.Amount], v.Whole(Slot.Year)),
            CommandKind.PresentReceipt =>
                new PresentReceipt(student, reference, effective, known, v.Whole(Slot.Institution)),
            CommandKind.ReportOtherCoverage =>
                new ReportOtherCoverage(
                    student, reference, effective, known, Coverage(v), v.Flag(Slot.ByAnam), Holder(v)),
            CommandKind.EndOtherCoverage =>
                new EndOtherCoverage(student, reference, effective, known, Coverage(v), Holder(v), v.Flag(Slot.ByAnam)),
            CommandKind.InterruptStudies =>
                new InterruptStudies(student, reference, effective, known, (InterruptionReason)v[Slot.Reason]),
            CommandKind.ChangeInterruptionReason =>
                new ChangeInterruptionReason(student, reference, effective, known, (InterruptionReason)v[Slot.Reason]),
            CommandKind.ResumeStudies => new ResumeStudies(student, reference, effective, known),
            CommandKind.DecideExemption =>
                new DecideExemption(
                    student, reference, effective, known, v.Flag(Slot.Granted), v.Whole(Slot.Illness),
                    v.Date(Slot.Until)),
            CommandKind.RequestApproval =>
                new RequestApproval(student, reference, effective, known, (Act)v[Slot.Act], v.Whole(Slot.Units)),
            CommandKind.DecideApproval => new DecideApproval(student, reference, effective, known, v.Whole(Slot.Units)),
            CommandKind.IssueCertificate => new IssueCertificate(student, reference, effective, known),
            CommandKind.CorrectFact =>
                new CorrectFact(
                    student, reference, effective, known, (CommandKind)v[Slot.Fact], Coverage(v), Holder(v),
                    (ulong)v[Slot.Approval]),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a command to a student"),
        };
    }

    private static Command ToClaim(CommandKind kind, in FieldValues v, ClaimLine[]? lines)
    {
        var (student, claim, effective, known) = (new StudentId((ulong)v[Slot.Student]), (ulong)v[Slot.Reference],
            v.Date(Slot.Effective), v.Date(Slot.Known));
        return kind switch
        {
            CommandKind.DepositClaim => new DepositClaim(
                student, claim, effective, known, (ClaimWay)v[Slot.Way], v.Whole(Slot.ClaimDesk),
                v.Whole(Slot.Provider), v.Flag(Slot.PatientIsStudent), Items(v), lines ?? []),
            CommandKind.CompleteClaim =>
                new CompleteClaim(student, claim, effective, known, (FileItems)v[Slot.Brings], lines ?? []),
            CommandKind.ReceiveClaim => new ReceiveClaim(student, claim, effective, known),
            CommandKind.OrderPayment => new OrderPayment(student, claim, effective, known),
            CommandKind.ConfirmPayment => new ConfirmPayment(student, claim, effective, known, v.Whole(Slot.Payment)),
            CommandKind.ReviewClaim => new ReviewClaim(student, claim, effective, known, v.Flag(Slot.Granted)),
            CommandKind.ResolveDuplicate =>
                new ResolveDuplicate(student, claim, effective, known, v.Flag(Slot.IsDuplicate)),
            CommandKind.AppealClaim => new AppealClaim(student, claim, effective, known),
            CommandKind.DecideAppeal => new DecideAppeal(student, claim, effective, known, v.Flag(Slot.Granted)),
            CommandKind.ReportPaymentReturned =>
                new ReportPaymentReturned(student, claim, effective, known, v.Whole(Slot.Payment)),
            CommandKind.ReissuePayment => new ReissuePayment(student, claim, effective, known),
            CommandKind.RecoverOverpayment =>
                new RecoverOverpayment(student, claim, effective, known, v[Slot.Amount], (Payee)v[Slot.Payee]),
            CommandKind.ReopenClaim => new ReopenClaim(student, claim, effective, known),
            CommandKind.AskEntitlement => new AskEntitlement(student, v.Date(Slot.On), known),
            CommandKind.AskClaim => new AskClaim(student, claim, known),
            CommandKind.AskStudent => new AskStudent(student, claim, known),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a command of the API"),
        };
    }

    private static EnrolmentRecord Enrolment(in FieldValues v) => new(
        (Category)v[Slot.Category], (Cycle)v[Slot.Cycle], v.Flag(Slot.PaidTrack), v.Whole(Slot.Institution),
        v.Date(Slot.Born), v.Flag(Slot.BankAccount));

    private static CoverageKind Coverage(in FieldValues v) => (CoverageKind)v[Slot.Coverage];

    private static CoverageHolder Holder(in FieldValues v) => (CoverageHolder)v[Slot.Holder];

    /// <summary>What a file has, by what it lacks.</summary>
    private static FileItems Items(in FieldValues v) => FileItems.All & ~(FileItems)v[Slot.Without];
}
