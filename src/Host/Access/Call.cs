using Amoe.Engine.Domain;

namespace Amoe.Host.Access;

/// <summary>
/// Everything that can be called: the commands and questions of the engine under their own numbers, and the calls that
/// only the host has.
/// </summary>
internal enum Call : byte
{
    None = 0,

    CarryOverRegistration = CommandKind.CarryOverRegistration,
    Declare = CommandKind.Declare,
    ForwardApplication = CommandKind.ForwardApplication,
    TransmitApplication = CommandKind.TransmitApplication,
    AnswerFromAnam = CommandKind.AnswerFromAnam,
    ResendRegistration = CommandKind.ResendRegistration,
    PayContribution = CommandKind.PayContribution,
    ReceiveContribution = CommandKind.ReceiveContribution,
    PresentReceipt = CommandKind.PresentReceipt,
    ReportOtherCoverage = CommandKind.ReportOtherCoverage,
    EndOtherCoverage = CommandKind.EndOtherCoverage,
    InterruptStudies = CommandKind.InterruptStudies,
    ChangeInterruptionReason = CommandKind.ChangeInterruptionReason,
    ResumeStudies = CommandKind.ResumeStudies,
    DecideExemption = CommandKind.DecideExemption,
    RequestApproval = CommandKind.RequestApproval,
    DecideApproval = CommandKind.DecideApproval,
    IssueCertificate = CommandKind.IssueCertificate,
    CorrectFact = CommandKind.CorrectFact,

    DepositClaim = CommandKind.DepositClaim,
    CompleteClaim = CommandKind.CompleteClaim,
    ReceiveClaim = CommandKind.ReceiveClaim,
    OrderPayment = CommandKind.OrderPayment,
    ConfirmPayment = CommandKind.ConfirmPayment,
    ReviewClaim = CommandKind.ReviewClaim,
    ResolveDuplicate = CommandKind.ResolveDuplicate,
    AppealClaim = CommandKind.AppealClaim,
    DecideAppeal = CommandKind.DecideAppeal,
    ReportPaymentReturned = CommandKind.ReportPaymentReturned,
    ReissuePayment = CommandKind.ReissuePayment,
    RecoverOverpayment = CommandKind.RecoverOverpayment,
    ReopenClaim = CommandKind.ReopenClaim,

    AskEntitlement = CommandKind.AskEntitlement,
    AskClaim = CommandKind.AskClaim,
    AskStudent = CommandKind.AskStudent,

    /// <summary>Puts a person into the identity vault, and gives the person's number.</summary>
    RegisterPerson = 128,

    /// <summary>Gives the number of the person with a CIN or Massar number, and nothing else of the person.</summary>
    FindPerson,

    /// <summary>Reads a person's names, identity numbers, e-mail address and account.</summary>
    ReadPerson,

    CorrectPerson,

    /// <summary>Destroys a person's key, after which nothing of the person can be read.</summary>
    ErasePerson,

    /// <summary>The state of the host and its partitions.</summary>
    ReadState,

    /// <summary>Sends many commands in one request; each line needs its own permission too.</summary>
    OpenStreams,

    /// <summary>
    /// Sends the fund's opening balances: commands of every role, as they were decided before the first business day.
    /// </summary>
    LoadOpening,
}

internal static class Calls
{
    /// <summary>The call that a command is; one that is no command of a sender is denied to everyone.</summary>
    public static Call Of(CommandKind kind) => (Call)kind;
}
