using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Host.Api.Commands;

/// <summary>Takes commands apart into the values of their fields.</summary>
internal static class CommandValues
{
    /// <param name="v">Room for the values, all 0.</param>
    /// <returns>The command's lines; null where it has none.</returns>
    public static ClaimLine[]? Take(Command command, in FieldValues v)
    {
        v[Slot.Command] = (long)command.Kind;
        v[Slot.Student] = (long)command.Student.Value;
        v[Slot.Reference] = (long)command.Reference;
        v[Slot.Attempt] = command.Attempt;
        v.Put(Slot.Effective, command.Effective);
        v.Put(Slot.Known, command.Known);
        return command is ClaimCommand claim ? Take(claim, v) : TakeOfStudent(command, v);
    }

    /// <summary>One line of a claim.</summary>
    public static void Take(in ClaimLine line, in FieldValues v)
    {
        v[Slot.Act] = (long)line.Act;
        v[Slot.Sector] = (long)line.Sector;
        v.Put(Slot.Care, line.CareDate);
        v[Slot.Quantity] = line.Quantity;
        v[Slot.Paid] = line.PaidCentimes;
        v[Slot.TariffOrPrice] = line.ReferenceCentimes;
        v[Slot.Circumstances] = (long)line.Circumstances;
        v[Slot.Generic] = line.GenericCentimes;
        v[Slot.Elements] = line.Prosthesis.Elements;
        v[Slot.Teeth] = line.Prosthesis.Teeth;
    }

    private static ClaimLine[]? Take(ClaimCommand command, in FieldValues v)
    {
        switch (command)
        {
            case DepositClaim c:
                v[Slot.Way] = (long)c.Way;
                v[Slot.ClaimDesk] = c.Desk;
                v[Slot.Provider] = c.Provider;
                v.Put(Slot.PatientIsStudent, c.PatientIsStudent);
                v[Slot.Has] = (long)c.Items;
                v[Slot.Without] = (long)(c.Items ^ FileItems.All);
                return c.Lines;
            case CompleteClaim c:
                v[Slot.Brings] = (long)c.Items;
                return c.Lines;
            case ConfirmPayment c:
                v[Slot.Payment] = c.Payment;
                break;
            case ReportPaymentReturned c:
                v[Slot.Payment] = c.Payment;
                break;
            case ReviewClaim c:
                v.Put(Slot.Granted, c.Granted);
                break;
            case DecideAppeal c:
                v.Put(Slot.Granted, c.Granted);
                break;
            case ResolveDuplicate c:
                v.Put(Slot.IsDuplicate, c.IsDuplicate);
                break;
            case RecoverOverpayment c:
                v[Slot.Amount] = c.AmountCentimes;
                v[Slot.Payee] = (long)c.Payee;
                break;
            case ReceiveClaim or OrderPayment or AppealClaim or ReissuePayment or ReopenClaim:
                break;
            default:
                throw new InvalidOperationException($"{command.GetType().Name} has no fields in the API");
        }

        return null;
    }

    private static ClaimLine[]? TakeOfStudent(Command command, in FieldValues v)
    {
        switch (command)
        {
            case CarryOverRegistration c:
                Take(c.Enrolment, v);
                v[Slot.Year] = c.Year;
                v.Put(Slot.RightFrom, c.RightFrom);
                break;
            case Declare c:
                Take(c.Enrolment, v);
                Take(c.Coverage, c.Holder, v);
                v[Slot.Year] = c.Year;
                break;
            case ForwardApplication c:
                v[Slot.ApplicationDesk] = (long)c.Desk;
                break;
            case AnswerFromAnam c:
                Take(c.Coverage, c.Holder, v);
                break;
            case ResendRegistration c:
                v[Slot.Year] = c.Year;
                break;
            case PayContribution c:
                v[Slot.Amount] = c.AmountCentimes;
                v[Slot.Institution] = c.Institution;
                v[Slot.Year] = c.Year;
                break;
            case ReceiveContribution c:
                v[Slot.Amount] = c.AmountCentimes;
                v[Slot.Year] = c.Year;
                break;
            case PresentReceipt c:
                v[Slot.Institution] = c.Institution;
                break;
            case ReportOtherCoverage c:
                Take(c.Coverage, c.Holder, v);
                v.Put(Slot.ByAnam, c.ByAnam);
                break;
            case EndOtherCoverage c:
                Take(c.Coverage, c.Holder, v);
                v.Put(Slot.ByAnam, c.ByAnam);
                break;
            case InterruptStudies c:
                v[Slot.Reason] = (long)c.Reason;
                break;
            case ChangeInterruptionReason c:
                v[Slot.Reason] = (long)c.Reason;
                break;
            case DecideExemption c:
                v.Put(Slot.Granted, c.Granted);
                v[Slot.Illness] = c.Illness;
                v.Put(Slot.Until, c.Until);
                break;
            case RequestApproval c:
                v[Slot.Act] = (long)c.Act;
                v[Slot.Units] = c.Units;
                break;
            case DecideApproval c:
                v[Slot.Units] = c.Units;
                break;
            case CorrectFact c:
                v[Slot.Fact] = (long)c.Fact;
                Take(c.Coverage, c.Holder, v);
                v[Slot.Approval] = (long)c.Request;
                break;
            case AskEntitlement c:
                v.Put(Slot.On, c.On);
                break;
            case AskClaim c:
                // A question has no reference of its own: the sheet's number is in the field of that of commands.
                v[Slot.Reference] = (long)CommandId.RequireReference(c.Claim);
                break;
            case AskStudent c:
                v[Slot.Reference] = (long)CommandId.RequireReference(c.Claim);
                break;
            case TransmitApplication or ResumeStudies or IssueCertificate:
                break;
            default:
                throw new InvalidOperationException($"{command.GetType().Name} has no fields in the API");
        }

        return null;
    }

    private static void Take(in EnrolmentRecord enrolment, in FieldValues v)
    {
        v[Slot.Category] = (long)enrolment.Category;
        v[Slot.Cycle] = (long)enrolment.Cycle;
        v.Put(Slot.Born, enrolment.BirthDate);
        v.Put(Slot.PaidTrack, enrolment.PaidTrack);
        v[Slot.Institution] = enrolment.Institution;
        v.Put(Slot.BankAccount, enrolment.HasBankAccount);
    }

    private static void Take(CoverageKind coverage, CoverageHolder holder, in FieldValues v)
    {
        v[Slot.Coverage] = (long)coverage;
        v[Slot.Holder] = (long)holder;
    }
}
