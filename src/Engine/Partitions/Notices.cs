using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Parties;

namespace Amoe.Engine.Partitions;

/// <summary>What a turn has for other partitions.</summary>
/// <param name="Batches">A student partition's postings, for party partitions.</param>
/// <param name="Through">
/// By student partition, the last batch that a party partition has taken; null from a student partition.
/// </param>
/// <param name="Recoveries">All set-offs that the ledgers of a party partition have for claims.</param>
internal sealed record Notices(IReadOnlyList<PostingBatch> Batches, long[]? Through, RecoveryNotice[] Recoveries)
{
    /// <summary>What a state has for others since it was asked last; null when it has nothing.</summary>
    public static Notices? From(PartitionState state)
    {
        if (state.Ledgers is { } ledgers)
            return ledgers.HandOver();
        return state.Outbox?.HandOver() is { Count: > 0 } batches ? new Notices(batches, null, []) : null;
    }
}

/// <summary>Tells a claim of a set-off by its provider's ledger (X7).</summary>
/// <param name="Due">Its value date.</param>
internal readonly record struct RecoveryNotice(
    PartyId Provider, StudentId Student, ulong Claim, byte Attempt, long AmountCentimes,
    DateOnly Due) : IComparable<RecoveryNotice>
{
    /// <summary>The same notice is the same command, whenever it is decided.</summary>
    public RecoverOverpayment ToCommand(DateOnly known) =>
        new(Student, Claim, Due, known, AmountCentimes) { Attempt = Attempt };

    public int CompareTo(RecoveryNotice other) =>
        (Due, Student, Claim, Attempt).CompareTo((other.Due, other.Student, other.Claim, other.Attempt));
}
