namespace Amoe.Engine.Journal;

/// <summary>
/// The number of each type of event in the journal. Never reuse one; a changed layout gets a new number, and
/// <see cref="EventCodec.Read"/> keeps reading the old one.
/// </summary>
internal enum EventKind : byte
{
    /// <summary>Without the value of the command that the reason speaks of.</summary>
    CommandRefusedV1 = 1,
    RulebookAdopted = 2,
    RegistrationCarriedOver = 10,
    DeclarationRecorded = 11,
    ApplicationForwarded = 12,
    ApplicationSentToAnam = 13,
    /// <summary>Without the amount owed: read as owed in whatever amount is received.</summary>
    ApplicationAcceptedV1 = 14,
    ApplicationRefused = 15,
    RegistrationResent = 16,
    ContributionPaidV1 = 17,
    ContributionReceivedV1 = 18,
    ContributionWaived = 19,
    ContributionHeldWithoutRightV1 = 20,
    OtherCoverageReported = 21,
    OtherCoverageEndedV1 = 22,
    StudiesInterrupted = 23,
    InterruptionReasonChanged = 24,
    StudiesResumed = 25,
    RightSuspended = 26,
    RightResumed = 27,
    RightLapsed = 28,
    ExemptionDecided = 29,
    ApprovalRequestedV1 = 30,
    /// <summary>With a last day always: there was a validity.</summary>
    ApprovalDecidedV1 = 31,
    ApprovalUsed = 32,
    ApprovalLapsed = 33,
    CertificateIssued = 34,

    // 35 was a correction that nothing ever wrote.
    ContributionPaid = 36,
    ContributionReceived = 37,
    /// <summary>Without its reason.</summary>
    ContributionHeldV1 = 38,
    ContributionReleased = 39,
    SuspensionsRevised = 40,
    FactCorrected = 41,
    ApprovalRequested = 42,
    ClockMissed = 43,
    ApplicationAccepted = 44,
    FurtherEnrolmentRecorded = 45,
    OtherCoverageEnded = 46,
    FactTakenBack = 47,
    ApprovalDecided = 48,
    ApprovalDecisionTakenBack = 49,
    ClaimDeposited = 50,
    ClaimReturned = 51,

    /// <summary>Without lines: none changed.</summary>
    ClaimCompletedV1 = 52,
    ClaimReceived = 53,

    /// <summary>With the method by which it will be paid: its orders of payment do not say it.</summary>
    ClaimAdjudicatedV1 = 54,

    /// <summary>Without its day: read as ordered on the day it became known.</summary>
    PaymentOrderedV1 = 55,

    // Payments had no numbers: they are numbered as they come.
    PaymentMadeV1 = 56,
    ClaimHeld = 57,
    ClaimReleased = 58,
    ClaimAppealed = 59,
    AppealDecided = 60,
    PaymentReturnedV1 = 61,
    PaymentReissuedV1 = 62,

    // An overpayment was always of the claim's own payee.
    OverpaymentRaisedV1 = 63,
    OverpaymentRecovered = 64,
    ClaimReopened = 65,
    DuplicatesFound = 66,

    /// <summary>As 54.</summary>
    ClaimRevisedV1 = 67,
    PaymentSetOff = 68,

    /// <summary>As 63.</summary>
    OverpaymentCancelledV1 = 69,

    /// <summary>With the last payment alone, and without the day on which the fund received it.</summary>
    ClaimRecalledV1 = 70,
    PaymentOrdered = 72,
    PaymentReissued = 73,
    PaymentMade = 74,
    PaymentReturned = 75,

    /// <summary>Without the lines of which the student bears a share.</summary>
    ClaimAdjudicatedV2 = 76,
    ClaimRevised = 77,
    ClaimCompleted = 78,

    /// <summary>As 76.</summary>
    ClaimRecalledV2 = 79,

    /// <summary>With its day, and neither method nor number.</summary>
    PaymentOrderedV2 = 80,
    ContributionHeld = 84,
    ReceiptCorrected = 85,
    OverpaymentRaised = 86,
    OverpaymentCancelled = 87,
    ClaimAdjudicated = 88,
    ClaimRecalled = 89,
    ApprovalUnitsRevised = 90,
    CommandRefused = 91,
    IncarnationStarted = 92,
    PostingsTaken = 100,
    InstitutionBooked = 101,
    PaymentRunBooked = 102,
    ProviderBooked = 103,
    ProviderOverpaid = 104,
    ProviderDebtCancelled = 105,
    ProviderRepaid = 106,
    ProviderSetOff = 107,
    ProviderSetOffSettled = 108,
    ProviderSetOffReleased = 109,
}
