namespace Amoe.Engine.Domain.Claims;

/// <summary>The two ways a claim is paid (K1, K2). The numbers are in the journal.</summary>
public enum ClaimWay : byte
{
    /// <summary>K1: the student paid the provider and is reimbursed.</summary>
    Reimbursement = 0,

    /// <summary>K2: the fund pays the provider (tiers payant).</summary>
    ThirdParty = 1,
}

/// <summary>Who is paid. The numbers are in the journal.</summary>
public enum Payee : byte
{
    /// <summary>
    /// In events and payments the claim's own payee, by its way: the student (K1) or the provider (K2). In a command no
    /// payee is named.
    /// </summary>
    None = 0,

    /// <summary>
    /// The student: what a reimbursement comes to (K1), and what of a third-party claim he bore and is repaid (B11).
    /// </summary>
    Student = 1,

    /// <summary>The provider of a third-party claim (K2).</summary>
    Provider = 2,
}

/// <summary>How money goes out (K8). The numbers are in the journal.</summary>
public enum PaymentMethod : byte
{
    None = 0,
    BankTransfer = 1,
    PostalOrder = 2,
}

/// <summary>The status of a claim. The numbers are in snapshots.</summary>
public enum ClaimStatus : byte
{
    None = 0,

    /// <summary>Complete, with the desk's receipt (K6).</summary>
    Deposited = 1,

    /// <summary>Sent back with every missing item named (K5).</summary>
    Returned = 2,
    Received = 3,

    /// <summary>Priced, with something to pay.</summary>
    Payable = 4,

    /// <summary>Priced, with nothing to pay: closed.</summary>
    NothingPayable = 5,
    PaymentOrdered = 6,

    /// <summary>Paid: closed.</summary>
    Paid = 7,

    /// <summary>A physician looks at it before anything is paid (X4).</summary>
    HeldForReview = 8,

    /// <summary>It is decided first whether some of it was claimed before (X1).</summary>
    HeldAsDuplicate = 9,

    // 10 and 12 were in the catalogue and never reached.

    /// <summary>The payment came back, and was not ordered again (X6).</summary>
    PaymentReturned = 11,
}

/// <summary>What is remembered of a claim's life beside its amounts. The numbers are in the journal.</summary>
[Flags]
public enum ClaimMarks : byte
{
    None = 0,

    /// <summary>The question of the duplicate was put: once (X1).</summary>
    DuplicateAsked = 1,

    /// <summary>A review was asked for: once (X4).</summary>
    ReviewAsked = 2,

    /// <summary>The question of the duplicate is not decided.</summary>
    HeldAsDuplicate = 4,

    /// <summary>The review is not decided.</summary>
    HeldForReview = 8,

    /// <summary>It was appealed: once (X5).</summary>
    Appealed = 16,

    /// <summary>The appeal is not decided.</summary>
    AppealPending = 32,

    /// <summary>A payment came back and was not ordered again (X6).</summary>
    PaymentCameBack = 64,
}

/// <summary>Why a claim that was decided is decided differently. The numbers are in the journal.</summary>
public enum RevisionCause : byte
{
    None = 0,

    /// <summary>Something was learnt late about days of care (S5).</summary>
    LateFact = 1,

    /// <summary>Lines that looked like earlier ones are the same care (X1).</summary>
    Duplicate = 2,

    /// <summary>A physician refused it (X4).</summary>
    Review = 3,

    /// <summary>An appeal was granted (X5).</summary>
    Appeal = 4,

    /// <summary>An operator asked for it (S5).</summary>
    Reopened = 5,
}
