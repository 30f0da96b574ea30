using System.Runtime.InteropServices;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Parties;

/// <summary>
/// The effect of one event of a student's record on a ledger elsewhere. It follows from the event
/// (<see cref="Postings"/>), so it costs the sender's journal nothing.
/// </summary>
/// <param name="Party">Whose ledger it is for; none where the ledger that waits for it has to be found.</param>
/// <param name="AmountCentimes">Less than nothing where something booked before is taken back.</param>
/// <param name="Method">How a payment goes out; none for what is no payment.</param>
/// <param name="Student">Whose record it comes from.</param>
/// <param name="Claim">The claim's sheet number; 0 for a contribution.</param>
/// <param name="Attempt">Which attempt at recovery is answered; 0 for everything else.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Posting(
    PartyId Party, PostingKind Kind, long AmountCentimes, PaymentMethod Method, StudentId Student, ulong Claim = 0,
    byte Attempt = 0);

/// <summary>The kind of a posting. The numbers are in snapshots.</summary>
public enum PostingKind : byte
{
    None = 0,

    /// <summary>A student paid the contribution to the institution (C3).</summary>
    Collected = 1,

    /// <summary>The fund received a contribution from the institution (C3).</summary>
    Transferred = 2,

    /// <summary>A payment was ordered (K8).</summary>
    Ordered = 3,

    /// <summary>The bank or the post confirmed a payment (K8).</summary>
    Confirmed = 4,

    /// <summary>A payment came back before it was confirmed (X6).</summary>
    Returned = 5,

    /// <summary>A payment came back after it was confirmed (X6).</summary>
    CameBack = 6,

    /// <summary>A provider was paid what was not due (X7).</summary>
    Overpaid = 7,

    /// <summary>An overpayment proved to be due after all.</summary>
    OverpaymentCancelled = 8,

    /// <summary>An overpayment was recovered, by set-off or by hand (X7).</summary>
    Recovered = 9,

    /// <summary>A recovery that the ledger asked for was refused: nothing, or less, is owed by now.</summary>
    RecoveryRefused = 10,
}
