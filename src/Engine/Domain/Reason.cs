using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain;

/// <summary>
/// Why something was refused or paid less: a code, with the rule it rests on (<see cref="ReasonRules"/>). The numbers
/// are in the journal: never reuse one.
/// </summary>
public enum Reason : byte
{
    None = 0,

    // Declaration and registration.
    AlreadyDeclared = 1,
    NotDeclared = 2,

    /// <summary>The declaration says other coverage: it is on record and asks for nothing.</summary>
    NoApplication = 3,
    AlreadyForwarded = 4,
    NotForwarded = 5,
    NotWithAnam = 6,
    WrongApplicationDesk = 7,
    AlreadyRegistered = 8,
    NeverRegistered = 9,
    CycleNotEligible = 10,
    OverAge = 11,
    CoveredByCnops = 12,
    CoveredByCnss = 13,
    CoveredByRamed = 14,
    CoveredByArmedForces = 15,
    CoveredByArticle114 = 16,
    CoveredByOtherScheme = 17,

    /// <summary>An application for an academic year that a later one has followed.</summary>
    YearIsOver = 18,

    // Contribution.
    ContributionNotDue = 20,
    ContributionWrongAmount = 21,
    ContributionAlreadyPaid = 22,
    ContributionAlreadyReceived = 23,
    NoPaymentElsewhere = 24,

    /// <summary>For an academic year that is not declared yet.</summary>
    ContributionTooEarly = 25,

    /// <summary>For a year without an entitlement period, and without an application that could open one.</summary>
    ContributionWithoutRight = 26,

    // Facts. 30 to 34 are in older journals, from when a second report of other coverage or of an interruption, or one
    // too late, was refused.

    /// <summary>No such fact of that date is on record, or it was taken back already.</summary>
    FactUnknown = 35,

    /// <summary>A fact of this kind is not taken back but followed by another.</summary>
    FactNotCorrectable = 36,

    /// <summary>The end of a coverage that is not named: a student may have several.</summary>
    CoverageNotNamed = 37,

    // Approvals, exemption, certificate.
    ApprovalAlreadyRequested = 40,
    ApprovalUnknown = 41,
    ApprovalAlreadyDecided = 42,
    ApprovalNotNeeded = 43,
    NoRightToCertify = 44,

    // A claim file, refused whole.
    StudentUnknown = 50,
    ClaimAlreadyDeposited = 51,
    ClaimUnknown = 52,
    WrongClaimDesk = 53,
    PatientNotStudent = 54,
    CareAfterDeposit = 55,
    LateFiling = 56,
    MissingItems = 57,
    ClaimNotReturned = 58,
    ClaimNotComplete = 59,
    ClaimAlreadyReceived = 60,
    NothingToPay = 61,
    PaymentAlreadyOrdered = 62,
    PaymentNotOrdered = 63,
    ClaimClosed = 64,
    TooManyLines = 65,

    // Any command (see CommandBounds).

    /// <summary>A value that no catalogue has, or a number that no file could mean.</summary>
    Malformed = 66,

    /// <summary>
    /// A date before the scheme's rules, beyond their calendar, or inconsistent with another date of the command.
    /// </summary>
    DateOutOfBounds = 67,

    // A claim that was adjudicated, and what may come after.

    /// <summary>Not held: for a physician, or as a possible duplicate, as the command has it.</summary>
    ClaimNotHeld = 68,

    /// <summary>Every line was paid in full, or nothing was decided yet.</summary>
    NothingToAppeal = 69,
    AlreadyAppealed = 70,
    NotAppealed = 71,

    /// <summary>No payment is out that could come back.</summary>
    NoPaymentToReturn = 72,

    /// <summary>No payment came back that could be ordered again.</summary>
    NoPaymentReturned = 73,
    NothingToRecover = 74,

    /// <summary>More than is still owed.</summary>
    RecoveryTooHigh = 75,
    NothingToReopen = 76,

    // Why a claim is held.

    /// <summary>A line looks like an earlier one, but for the amount.</summary>
    PossibleDuplicate = 77,

    /// <summary>Drawn, or above the amount from which every claim is reviewed by a physician.</summary>
    PhysicianReview = 78,

    // A claim line, refused or paid in part.
    NeverEntitled = 80,
    CareBeforeRight = 81,
    CareAfterRight = 82,
    SuspendedForContribution = 83,
    SuspendedForOtherCoverage = 84,
    SuspendedForInterruption = 85,
    ActNotCovered = 86,
    ApprovalMissing = 87,
    ApprovalLapsed = 88,
    ApprovalExhausted = 89,

    /// <summary>Paid in part: the approval covers fewer units than claimed.</summary>
    ApprovalCoversLess = 90,
    ThirdPartyNotAllowed = 91,
    ThirdPartyOnly = 92,
    ClinicNotContracted = 93,
    NotByOphthalmologist = 94,
    AbroadNotJustified = 95,
    SectorNotCovered = 96,

    /// <summary>A medicine that is not reimbursable.</summary>
    MedicineNotReimbursable = 97,

    /// <summary>Glasses without an ophthalmologist's consultation.</summary>
    NoOphthalmologistConsultation = 98,

    /// <summary>The same provider, date of care, act and amount were claimed before.</summary>
    DuplicateLine = 99,

    // Reasons the medical control gives.
    MedicalControlRefused = 100,

    // More reasons of a claim line.

    /// <summary>The base is a tariff or price the file has to state, and it states none.</summary>
    ReferenceMissing = 101,

    /// <summary>A prosthesis of the kind was paid for less than five years before.</summary>
    ProsthesisTooRecent = 102,

    // Payments of a claim.

    /// <summary>More than one payment can be meant, and the message says none.</summary>
    PaymentNotNamed = 103,

    /// <summary>The claim has no such payment, or it is not where the message has it.</summary>
    PaymentUnknown = 104,

    /// <summary>
    /// What completes a file may add prices and descriptions to its lines, and change nothing else of them.
    /// </summary>
    CompletionChangesLines = 105,
}

/// <summary>Which rule of the scheme each reason rests on.</summary>
[Rule("X8")]
public static class ReasonRules
{
    /// <summary>
    /// The rule's id in the scheme, or an empty string where the refusal is one of order, not of the scheme. Of a line,
    /// ask with its act.
    /// </summary>
    public static string RuleOf(Reason reason) => reason switch
    {
        Reason.AlreadyDeclared or Reason.NotDeclared or Reason.NoApplication => "D1",
        Reason.AlreadyForwarded or Reason.NotForwarded or Reason.NotWithAnam or Reason.AlreadyRegistered => "D3",
        Reason.WrongApplicationDesk => "D2",
        Reason.NeverRegistered or Reason.YearIsOver => "D7",
        Reason.CycleNotEligible => "E1",
        Reason.OverAge => "E2",
        >= Reason.CoveredByCnops and <= Reason.CoveredByOtherScheme => "E3",
        Reason.ContributionNotDue => "C1",
        Reason.ContributionTooEarly or Reason.ContributionWithoutRight => "C5",
        Reason.ContributionWrongAmount => "C2",
        Reason.ContributionAlreadyReceived => "C3",
        Reason.ContributionAlreadyPaid or Reason.NoPaymentElsewhere => "C4",
        Reason.FactUnknown or Reason.FactNotCorrectable or Reason.NothingToReopen => "S5",
        Reason.CoverageNotNamed => "S4",
        Reason.ClaimNotHeld or Reason.PhysicianReview => "X4",
        Reason.NothingToAppeal or Reason.AlreadyAppealed or Reason.NotAppealed => "X5",
        Reason.NoPaymentToReturn or Reason.NoPaymentReturned or Reason.PaymentNotNamed or Reason.PaymentUnknown => "X6",
        Reason.NothingToRecover or Reason.RecoveryTooHigh => "X7",
        Reason.PossibleDuplicate or Reason.DuplicateLine => "X1",
        Reason.ReferenceMissing => "B11",
        Reason.ApprovalAlreadyRequested or Reason.ApprovalUnknown or Reason.ApprovalAlreadyDecided
            or Reason.ApprovalNotNeeded => "B10",
        Reason.NoRightToCertify => "D5",
        Reason.WrongClaimDesk or Reason.ClaimAlreadyDeposited or Reason.ClaimUnknown or Reason.ClaimAlreadyReceived =>
            "K6",
        Reason.PatientNotStudent => "E4",
        Reason.CareAfterDeposit or Reason.StudentUnknown => "K3",
        Reason.LateFiling => "X2",
        Reason.MissingItems or Reason.ClaimNotReturned or Reason.ClaimNotComplete or Reason.TooManyLines
            or Reason.CompletionChangesLines => "K5",
        Reason.NothingToPay or Reason.PaymentAlreadyOrdered or Reason.PaymentNotOrdered or Reason.ClaimClosed => "K8",
        Reason.NeverEntitled or Reason.CareBeforeRight => "D4",
        Reason.CareAfterRight => "D8",
        Reason.SuspendedForContribution => "S1",
        Reason.SuspendedForOtherCoverage => "S2",
        Reason.SuspendedForInterruption => "S3",
        Reason.MedicineNotReimbursable => "B2",
        Reason.ActNotCovered or Reason.ProsthesisTooRecent => "B6",
        Reason.NoOphthalmologistConsultation => "B7",
        Reason.ApprovalMissing or Reason.ApprovalLapsed or Reason.ApprovalExhausted or Reason.ApprovalCoversLess =>
            "B10",
        Reason.ThirdPartyNotAllowed or Reason.ThirdPartyOnly => "K2",
        Reason.ClinicNotContracted or Reason.NotByOphthalmologist or Reason.AbroadNotJustified
            or Reason.SectorNotCovered => "B8",
        Reason.MedicalControlRefused => "P7",
        _ => "",
    };
}
