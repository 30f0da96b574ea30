namespace Amoe.Engine.Figures;

/// <summary>A count or a sum of <see cref="Totals"/>. docs/report.md defines the words.</summary>
public enum Counter
{
    Commands,
    CommandsRefused,
    Events,
    Declarations,

    /// <summary>Of these, declarations for a year that was on record already, or over.</summary>
    DeclaredAgain,
    Applications,
    Resent,
    CarriedOver,
    Accepted,
    Refused,

    /// <summary>Applications replaced by a later declaration before anything was decided.</summary>
    ApplicationsReplaced,

    /// <summary>Students with an entitlement period now, suspended ones included.</summary>
    Active,

    /// <summary>Of these, those suspended now.</summary>
    Suspended,
    Lapsed,

    /// <summary>Entitlement periods still in force when an acceptance opened the next.</summary>
    RightsReplaced,
    ContributionPaidCentimes,

    /// <summary>Receipts, less those taken back (S5).</summary>
    ContributionReceivedCentimes,
    ContributionHeldCentimes,

    /// <summary>Files brought to a desk for the first time, accepted there or refused.</summary>
    FilesBroughtFirst,

    /// <summary>Files brought again under the number of one that was refused.</summary>
    FilesBroughtAgain,

    /// <summary>Claims deposited, returned ones included.</summary>
    Claims,
    ThirdPartyClaims,

    /// <summary>How often a file was sent back.</summary>
    ClaimReturns,

    /// <summary>How often missing items were brought.</summary>
    ClaimCompletions,

    /// <summary>Claims adjudicated: the sum of the three below.</summary>
    ClaimsDecided,
    ClaimsAccepted,
    ClaimsPartlyAccepted,
    ClaimsRefused,
    Lines,

    /// <summary>The amounts that students and providers claimed, of lines adjudicated.</summary>
    ClaimedCentimes,

    /// <summary>The payable sum of all claims, as known now.</summary>
    PayableCentimes,

    /// <summary>How often a claim was held as a possible duplicate (X1).</summary>
    HeldAsDuplicates,

    /// <summary>How often a claim was held for a physician (X4).</summary>
    HeldForReview,

    /// <summary>How often what held a claim was decided.</summary>
    HoldsDecided,
    Appeals,
    AppealsGranted,
    AppealsRefused,

    /// <summary>How often what was decided on a claim was decided differently.</summary>
    Revisions,

    /// <summary>Kept back from a student's payments for debts on other claims (X7).</summary>
    SetOffCentimes,

    /// <summary>
    /// Declarations at another institution within the year, while its application is under way or accepted (D7).
    /// </summary>
    FurtherEnrolments,

    /// <summary>Of what all claims come to, what students of third-party claims are repaid (B11).</summary>
    RefundCentimes,

    /// <summary>Payments ordered for students of third-party claims (B11).</summary>
    RefundsOrdered,

    /// <summary>Applications that wait at the institution now.</summary>
    NotForwarded,

    /// <summary>Applications that wait at a desk now (D2).</summary>
    AtOnousc,
    AtOfppt,
    AtAnamPortal,

    /// <summary>Applications that ANAM checks now.</summary>
    WithAnam,

    /// <summary>Requests for approval that the medical control has not decided (B10).</summary>
    ApprovalsPending,

    /// <summary>Claims held for a physician now (X4).</summary>
    ReviewsPending,

    /// <summary>Claims held as possible duplicates now (X1).</summary>
    DuplicatesPending,

    /// <summary>First answers to requests for approval whose day is known: their time is measured (X3).</summary>
    ApprovalsAnswered,

    /// <summary>First payments to a provider of a claim: their time is measured (X3).</summary>
    ProvidersPaid,

    /// <summary>
    /// Contributions received of which the fund knew when they were paid: the time of the transfer is measured (X3).
    /// </summary>
    TransfersReceived,

    /// <summary>The days from deposit to payment, over all payments confirmed.</summary>
    PaymentDays,
    Last,
}
