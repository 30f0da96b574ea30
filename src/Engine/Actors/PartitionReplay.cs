using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;

namespace Amoe.Engine.Actors;

/// <summary>The state that the records of a journal lead to.</summary>
internal static class PartitionReplay
{
    /// <summary>A partition before its first record.</summary>
    /// <param name="relay">What asks how far the ledgers have come; null keeps every batch of postings.</param>
    public static PartitionState Begin(JournalIdentity identity, int partition, IActorLogic logic, IRelay? relay = null)
    {
        var isOfLedgers = partition >= identity.StudentPartitions;
        return new PartitionState(logic)
        {
            Outbox = !isOfLedgers && identity.LedgerPartitions > 0 ? new Outbox(partition, relay) : null,
            Ledgers = isOfLedgers ? new LedgerBook(identity.StudentPartitions) : null,
        };
    }

    /// <summary>A partition after its last record.</summary>
    /// <inheritdoc cref="Begin" path="/param"/>
    /// <exception cref="JournalException">A segment is torn, corrupt or missing.</exception>
    public static PartitionState Of(IJournal journal, int partition, IActorLogic logic, IRelay? relay = null)
    {
        var state = Begin(journal.Identity, partition, logic, relay);
        foreach (var segment in journal.Read(partition))
            state.Apply(segment);
        return state;
    }
}
