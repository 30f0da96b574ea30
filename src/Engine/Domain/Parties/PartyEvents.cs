using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Parties;

/// <summary>A fact about a party's ledger.</summary>
public abstract record PartyEvent(PartyId Party) : Event;

/// <summary>
/// The contributions that an institution collected and transferred, by the postings of one window (C3). Negative where
/// more was taken back.
/// </summary>
public sealed record InstitutionBooked(PartyId Party, long CollectedCentimes, long TransferredCentimes)
    : PartyEvent(Party);

/// <summary>The results of a run's payments of one method, by the postings of one window (K8, X6).</summary>
public sealed record PaymentRunBooked(PartyId Party, PaymentMethod Method, PaymentFigures Figures) : PartyEvent(Party);

/// <summary>The results of a provider's payments, by the postings of one window (K2).</summary>
public sealed record ProviderBooked(PartyId Party, PaymentFigures Figures) : PartyEvent(Party);

/// <summary>A provider was paid for a claim what was not due, and owes it back (X7).</summary>
public sealed record ProviderOverpaid(PartyId Party, StudentId Student, ulong Claim, long AmountCentimes)
    : PartyEvent(Party);

/// <summary>A provider's debt for a claim ended: the amount was due after all.</summary>
public sealed record ProviderDebtCancelled(PartyId Party, StudentId Student, ulong Claim, long AmountCentimes)
    : PartyEvent(Party);

/// <summary>A provider paid back what it owed for a claim, by hand and not by set-off.</summary>
public sealed record ProviderRepaid(PartyId Party, StudentId Student, ulong Claim, long AmountCentimes)
    : PartyEvent(Party);

/// <summary>
/// What a provider owes for a claim is set off against what was ordered for it: the claim has to recover it (X7).
/// </summary>
/// <param name="Attempt">Of the command to the claim.</param>
/// <param name="Due">The value date: the day on which the claim books it.</param>
public sealed record ProviderSetOff(
    PartyId Party, StudentId Student, ulong Claim, byte Attempt, long AmountCentimes, DateOnly Due) : PartyEvent(Party);

/// <summary>The claim booked what was set off: it is no longer owed.</summary>
public sealed record ProviderSetOffSettled(
    PartyId Party, StudentId Student, ulong Claim, byte Attempt, long AmountCentimes) : PartyEvent(Party);

/// <summary>
/// The claim refused what was set off, because less is owed by now: it is paid to the provider as if it had never been
/// set off.
/// </summary>
public sealed record ProviderSetOffReleased(
    PartyId Party, StudentId Student, ulong Claim, byte Attempt, long AmountCentimes) : PartyEvent(Party);

/// <summary>
/// Up to which batch of postings of each student partition a ledger partition has taken what is for its parties. About
/// the partition and not about a party, and therefore not in the digest.
/// </summary>
/// <param name="Through">By student partition, the number of the last batch taken; 0 before the first.</param>
public sealed record PostingsTaken(long[] Through) : Event
{
    public bool Equals(PostingsTaken? other) => other is not null && Through.AsSpan().SequenceEqual(other.Through);

    public override int GetHashCode() => Through.Length;
}
