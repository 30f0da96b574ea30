using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Journal;

/// <summary>A journal opened for writing, with what is kept beside it.</summary>
internal interface IJournalStore : IJournal
{
    /// <summary>The store of this journal's snapshots. The caller disposes it, before the journal.</summary>
    /// <param name="warn">Told, in one line, of every snapshot that could not be kept or used.</param>
    ISnapshotStore OpenSnapshots(Action<string> warn);

    /// <summary>Who owns the shards, where several hosts may; null where only one process can have the journal. The caller disposes it, before the journal.</summary>
    /// <param name="lease">How long a host has its shards after its last beat.</param>
    /// <param name="isAmongHosts">True for who would lose its shards to others if it waited longer for the store than a lease lasts. Everybody else waits as for an append.</param>
    IOwnershipStore? OpenOwnership(TimeSpan lease, bool isAmongHosts);
}
