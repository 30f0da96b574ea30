using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Cluster;

/// <summary>A journal in a database that this process has to itself: it owns every shard until this is disposed.</summary>
internal sealed class OwnedJournal : IAsyncDisposable
{
    private readonly IOwnershipStore _ownership;
    private readonly ExclusiveOwner _owner;

    private OwnedJournal(HostsJournal journal, IOwnershipStore ownership, ExclusiveOwner owner) =>
        (Journal, _ownership, _owner) = (journal, ownership, owner);

    public HostsJournal Journal { get; }

    /// <summary>Every shard under the epoch it is written in.</summary>
    public IReadOnlyList<ShardEpoch> Owned => _owner.Owned;

    /// <summary>Takes every shard of a journal, which is disposed with this, or now if they cannot be had.</summary>
    /// <param name="name">What others see in the place of an endpoint.</param>
    /// <exception cref="JournalException">Other hosts are alive, by name, or the store does not answer.</exception>
    public static async Task<OwnedJournal> TakeAsync(HostsJournal journal, string name, TimeProvider time)
    {
        IOwnershipStore? ownership = null;
        try
        {
            var options = new ClusterOptions();
            ownership = journal.OpenOwnership(options.Lease, isAmongHosts: false);
            return new OwnedJournal(journal, ownership, await ExclusiveOwner.TakeAsync(ownership, name, options, time));
        }
        catch
        {
            ownership?.Dispose();
            journal.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _owner.DisposeAsync();
        _ownership.Dispose();
        Journal.Dispose();
    }
}
