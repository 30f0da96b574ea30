namespace Amoe.Engine.Domain;

/// <summary>
/// The kind of command that a journalled record answers. The numbers are in the journal and in command ids: never reuse
/// one.
/// </summary>
public enum CommandKind : byte
{
    None = 0,

    // What the partition itself does.
    OpenDay = 1,
    CloseDay = 2,

    /// <summary>A deadline of a student that fell due: fired by the partition's calendar, not sent by anyone.</summary>
    DueDate = 3,

    /// <summary>The mark from which on a partition is decided under another rulebook.</summary>
    AdoptRulebook = 4,

    /// <summary>A ledger partition took the postings that student partitions had for its parties.</summary>
    TakePostings = 5,

    /// <summary>The mark with which a partition begins another incarnation.</summary>
    StartIncarnation = 6,

    // To a student.
    CarryOverRegistration = 10,
    Declare = 11,
    ForwardApplication = 12,
    TransmitApplication = 13,
    AnswerFromAnam = 14,
    ResendRegistration = 15,
    PayContribution = 16,
    ReceiveContribution = 17,
    PresentReceipt = 18,
    ReportOtherCoverage = 19,
    EndOtherCoverage = 20,
    InterruptStudies = 21,
    ChangeInterruptionReason = 22,
    ResumeStudies = 23,
    DecideExemption = 24,
    RequestApproval = 25,
    DecideApproval = 26,
    IssueCertificate = 27,
    CorrectFact = 28,

    // To a claim.
    DepositClaim = 40,
    CompleteClaim = 41,
    ReceiveClaim = 42,
    OrderPayment = 43,
    ConfirmPayment = 44,
    ReviewClaim = 45,
    ResolveDuplicate = 46,
    AppealClaim = 47,
    DecideAppeal = 48,
    ReportPaymentReturned = 49,
    ReissuePayment = 50,
    RecoverOverpayment = 51,
    ReopenClaim = 52,

    // Reads: never journalled.
    AskEntitlement = 60,
    AskClaim = 61,
    AskStudent = 62,
}

internal static class CommandKinds
{
    /// <summary>True for a command that was sent; the partition's own records are below.</summary>
    public static bool IsCommand(this CommandKind kind) => kind >= CommandKind.CarryOverRegistration;

    /// <summary>True for what is about a student, and not a mark of the partition.</summary>
    public static bool HasStudent(this CommandKind kind) => kind == CommandKind.DueDate || kind.IsCommand();
}
