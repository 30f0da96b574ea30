using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain;

/// <summary>
/// Finds the value of a command that its refusal rests on (X8). The journal has a refused command's reason and dates
/// but not its content: without the value an explanation could name the limit only.
/// </summary>
[Rule("X8")]
internal static class RefusedValue
{
    /// <returns>
    /// The field and its value: days by number, money in centimes, members of enums by number. No field where the
    /// reason speaks of none, or of one that the record's header has.
    /// </returns>
    public static (CommandField Field, long Value) Of(Command command, Reason reason) => (reason, command) switch
    {
        (Reason.Malformed, _) => OfMalformed(command),
        (Reason.DateOutOfBounds, _) => OfDate(command),
        (Reason.CareAfterDeposit, DepositClaim c) =>
            (CommandField.CareDate, c.Lines.Max(line => line.CareDate).DayNumber),
        (Reason.WrongClaimDesk, DepositClaim c) => (CommandField.ClaimDesk, c.Desk),
        (Reason.TooManyLines, DepositClaim c) => (CommandField.Lines, c.Lines.Length),
        (Reason.CompletionChangesLines, CompleteClaim c) => (CommandField.Lines, c.Lines.Length),
        (Reason.PaymentUnknown, ConfirmPayment c) => (CommandField.Payment, c.Payment),
        (Reason.PaymentUnknown, ReportPaymentReturned c) => (CommandField.Payment, c.Payment),
        (Reason.RecoveryTooHigh or Reason.NothingToRecover, RecoverOverpayment c) =>
            (CommandField.Amount, c.AmountCentimes),
        (Reason.WrongApplicationDesk, ForwardApplication c) when c.Desk != ApplicationDesk.None =>
            (CommandField.ApplicationDesk, (long)c.Desk),
        (Reason.YearIsOver, Declare c) => (CommandField.Year, c.Year),
        (Reason.YearIsOver, ResendRegistration c) => (CommandField.Year, c.Year),
        (Reason.NoPaymentElsewhere or Reason.ContributionAlreadyPaid, PresentReceipt c) =>
            (CommandField.Institution, c.Institution),
        (Reason.FactUnknown or Reason.FactNotCorrectable, CorrectFact c) when c.Fact != CommandKind.None =>
            (CommandField.Fact, (long)c.Fact),
        (Reason.ApprovalNotNeeded, RequestApproval c) => (CommandField.Act, (long)c.Act),
        _ => default,
    };

    private static (CommandField Field, long Value) OfMalformed(Command command) => command switch
    {
        DepositClaim c => OfLines(c.Lines),
        CompleteClaim c => OfLines(c.Lines),
        ConfirmPayment c => (CommandField.Payment, c.Payment),
        ReportPaymentReturned c => (CommandField.Payment, c.Payment),
        RecoverOverpayment c => (CommandField.Amount, c.AmountCentimes),
        PayContribution { Institution: >= 0 } c => (CommandField.Amount, c.AmountCentimes),
        ReceiveContribution c => (CommandField.Amount, c.AmountCentimes),
        PresentReceipt c => (CommandField.Institution, c.Institution),
        DecideExemption c => (CommandField.Illness, c.Illness),
        RequestApproval c when c.Units is < 1 or > CommandBounds.UnitsMax => (CommandField.Units, c.Units),
        DecideApproval c => (CommandField.Units, c.Units),
        _ => default,
    };

    /// <summary>The first number of a line that is out of bounds; a line may be malformed in its codes alone.</summary>
    private static (CommandField Field, long Value) OfLines(ClaimLine[] lines)
    {
        foreach (ref readonly var line in lines.AsSpan(0, Math.Min(lines.Length, DepositClaim.MaxLines)))
        {
            if (line.Quantity is 0 or > CommandBounds.QuantityMax)
                return (CommandField.Quantity, line.Quantity);
            if (line.PaidCentimes > CommandBounds.LineCentimesMax)
                return (CommandField.Paid, line.PaidCentimes);
            if (line.ReferenceCentimes > CommandBounds.LineCentimesMax)
                return (CommandField.Reference, line.ReferenceCentimes);
            if (line.GenericCentimes > CommandBounds.LineCentimesMax)
                return (CommandField.Generic, line.GenericCentimes);
            if (line.Prosthesis.Elements > CommandBounds.ElementsMax)
                return (CommandField.Elements, line.Prosthesis.Elements);
        }

        return default;
    }

    /// <summary>The date, or year, that is out of bounds where the effective date is not.</summary>
    private static (CommandField Field, long Value) OfDate(Command command) => command switch
    {
        DepositClaim { Lines.Length: > 0 } c => (CommandField.CareDate, c.Lines.Min(line => line.CareDate).DayNumber),
        CompleteClaim { Lines.Length: > 0 } c => (CommandField.CareDate, c.Lines.Min(line => line.CareDate).DayNumber),
        DecideExemption c => (CommandField.Until, c.Until.DayNumber),
        Declare c =>
            CommandBounds.IsAge(c.Enrolment.BirthDate, c.Effective)
                ? (CommandField.Year, c.Year)
                : (CommandField.BirthDate, c.Enrolment.BirthDate.DayNumber),
        CarryOverRegistration c when !CommandBounds.IsAge(c.Enrolment.BirthDate, c.Effective) =>
            (CommandField.BirthDate, c.Enrolment.BirthDate.DayNumber),
        CarryOverRegistration c =>
            CommandBounds.AreApart(c.Year, c.Effective)
                ? (CommandField.Year, c.Year)
                : (CommandField.RightFrom, c.RightFrom.DayNumber),
        ResendRegistration c => (CommandField.Year, c.Year),
        PayContribution c => (CommandField.Year, c.Year),
        ReceiveContribution c => (CommandField.Year, c.Year),
        _ => default,
    };
}
