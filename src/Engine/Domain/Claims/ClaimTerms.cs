namespace Amoe.Engine.Domain.Claims;

/// <summary>The two ways a claim is paid (K1, K2). The numbers are in the journal.</summary>
public enum ClaimWay : byte
{
    /// <summary>K1: the student paid the provider and is reimbursed.</summary>
    Reimbursement = 0,

    /// <summary>K2: the fund pays the provider (tiers payant).</summary>
    ThirdParty = 1,
}

/// <summary>How money goes out (K8). The numbers are in the journal.</summary>
public enum PaymentMethod : byte
{
    None = 0,
    BankTransfer = 1,
    PostalOrder = 2,
}

/// <summary>Where a claim stands. The numbers are in snapshots.</summary>
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

    // In the catalogue; reached when late truth, reviews and returned payments are acted on.
    HeldForReview = 8,
    HeldAsDuplicate = 9,
    Appealed = 10,
    PaymentReturned = 11,
    Reopened = 12,
}
