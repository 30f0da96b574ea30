using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Ownership;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>What may be asked of the shared store.</summary>
internal enum StoreCall
{
    Read,
    Append,
    Confirm,
    Snapshot,
    Beat,
    Take,
    Release,
    Member,
}

/// <summary>What becomes of one call.</summary>
internal enum CallFate
{
    Done,

    /// <summary>It never reached the store.</summary>
    Failed,

    /// <summary>It was done, and the caller does not hear of it.</summary>
    ReplyLost,

    /// <summary>The caller has given up when it is done.</summary>
    Late,
}

/// <summary>
/// The store that hosts share: the log with its fence, the ownership of shards and the snapshots, under one clock of its own. Each host has a connection, on
/// which calls may fail.
/// </summary>
#pragma warning disable CA1001 // What it has is memory: there is nothing to let go of.
internal sealed class SimulatedStore
#pragma warning restore CA1001
{
    private int _appends;
    private readonly MemoryJournal _log;
    private readonly MemorySnapshotStore _snapshots = new();

    /// <param name="time">The store's clock.</param>
    public SimulatedStore(JournalIdentity identity, TimeProvider time, TimeSpan lease, Defect defect = Defect.None)
    {
        Defect = defect;
        _log = new MemoryJournal(identity);
        Ownership = new MemoryOwnership(identity.TotalShards, time, defect == Defect.LeaseIsForEver ? TimeSpan.FromDays(1) : lease)
        {
            HeadOf = _log.Head,
            BeginsEpochs = defect != Defect.EpochBeginsTwice,
        };
    }

    private Defect Defect { get; }

    public MemoryOwnership Ownership { get; }

    public Tally Tally { get; init; } = new();

    /// <summary>The log as it is, for whoever only looks.</summary>
    public IJournal Log => _log;

    /// <summary>Told of each segment that was accepted, and whose it was.</summary>
    public Action<string, Segment>? Accepted { get; set; }

    /// <summary>Told of each host that joined, and on whose connection.</summary>
    public Action<string, HostId>? Joined { get; set; }

    /// <param name="name">Whose connection.</param>
    /// <param name="fate">Asked what becomes of each call.</param>
    /// <param name="later">Has something done when its caller has given up.</param>
    public StoreConnection Connect(string name, Func<StoreCall, CallFate>? fate = null, Action<Action>? later = null) =>
        new(this, name, fate ?? (_ => CallFate.Done), later ?? (_ => { }));

    public HostId Join(string name, string endpoint, int format)
    {
        var host = Ownership.Join(endpoint, format);
        Joined?.Invoke(name, host);
        return host;
    }

    public void Append(string name, IReadOnlyList<Segment> segments)
    {
        Refuse(segments.Select(segment => new ShardEpoch(segment.Shard, segment.Epoch)), Effect.AppendFenced, "Nothing was written");
        if (Defect == Defect.StoreForgetsAnAppend && ++_appends % 40 == 0)
            return;
        _log.Append(segments);
        foreach (var segment in segments)
            Accepted?.Invoke(name, segment);
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards) => Refuse(shards, Effect.ConfirmFenced, "Nothing can be answered for them");

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => _log.Adopt(rulebook, marks);

    public void Save(int shard, long offset, ReadOnlySpan<byte> payload) => _snapshots.Save(shard, offset, payload);

    public Snapshot? Load(int shard) => _snapshots.Load(shard);

    public long SnapshotBytes => _snapshots.SnapshotBytes;

    private void Refuse(IEnumerable<ShardEpoch> held, Effect effect, string so)
    {
        if (Defect == Defect.NothingIsFenced || Ownership.Fenced(held) is not { Count: > 0 } lost)
            return;
        Tally.Count(effect);
        throw new FencedException(lost, $"the store: shards {string.Join(", ", lost)} have begun another epoch. {so}: another host has them.");
    }
}

/// <summary>One host's way to the store.</summary>
internal sealed class StoreConnection(SimulatedStore store, string name, Func<StoreCall, CallFate> fate, Action<Action> later) : IWritableJournal, IOwnershipStore, ISnapshotStore
{
    public JournalIdentity Identity => store.Log.Identity;

    public IReadOnlyList<AdoptedRulebook> Adoptions => store.Log.Adoptions;

    public long SnapshotBytes => store.SnapshotBytes;

    public void Append(IReadOnlyList<Segment> segments)
    {
        Segment[] copies = [.. segments.Select(segment => segment with { Payload = segment.Payload.ToArray() })];
        Do(StoreCall.Append, () => store.Append(name, copies));
    }

    public void Confirm(IReadOnlyList<ShardEpoch> shards) => Do(StoreCall.Confirm, () => store.Confirm(shards));

    public void Adopt(AdoptedRulebook rulebook, IReadOnlyList<Segment> marks) => Do(StoreCall.Append, () => store.Adopt(rulebook, marks));

    public long Head(int shard) => Ask(StoreCall.Read, () => store.Log.Head(shard));

    public IEnumerable<Segment> Read(int shard, long fromOffset = 0) => Ask(StoreCall.Read, () => store.Log.Read(shard, fromOffset));

    public IEnumerable<Segment> ReadAll() => Ask(StoreCall.Read, store.Log.ReadAll);

    public JournalSize Measure() => store.Log.Measure();

    public HostId Join(string endpoint, int format) => Ask(StoreCall.Member, () => store.Join(name, endpoint, format));

    public ClusterView Beat(HostId host, bool isLeaving) => Ask(StoreCall.Beat, () => store.Ownership.Beat(host, isLeaving));

    public ClusterView Look() => Ask(StoreCall.Beat, store.Ownership.Look);

    public IReadOnlyList<ShardEpoch> Take(HostId host, IReadOnlyList<int> shards) => Ask(StoreCall.Take, () => store.Ownership.Take(host, shards));

    public void Release(HostId host, IReadOnlyList<ShardEpoch> shards) => Do(StoreCall.Release, () => store.Ownership.Release(host, shards));

    public void Leave(HostId host) => Do(StoreCall.Member, () => store.Ownership.Leave(host));

    // Without its snapshot a shard is replayed from the beginning; one that was not kept costs nothing but time, and nobody is told.
    public Snapshot? Load(int shard) => fate(StoreCall.Snapshot) == CallFate.Done ? store.Load(shard) : null;

    public void Save(int shard, long offset, ReadOnlySpan<byte> payload)
    {
        if (fate(StoreCall.Snapshot) != CallFate.Failed)
            store.Save(shard, offset, payload);
    }

    public void Dispose()
    {
    }

    private void Do(StoreCall call, Action action) => Ask(call, () =>
    {
        action();
        return true;
    });

    private T Ask<T>(StoreCall call, Func<T> function)
    {
        var becomes = fate(call);
        if (becomes == CallFate.Late)
        {
            later(() =>
            {
                try
                {
                    function();
                    store.Tally.Count(Effect.LateAppendStood);
                }
                catch (JournalException)
                {
                    // Nobody is there to hear it.
                    store.Tally.Count(Effect.LateAppendRefused);
                }
            });
            becomes = CallFate.Failed;
        }

        if (becomes == CallFate.Failed)
            throw new JournalUnavailableException($"the store does not answer (a test): {call} of {name}");
        var result = Counted(function);
        return becomes == CallFate.Done ? result : throw new JournalUnavailableException($"the store's reply was lost (a test): {call} of {name}");
    }

    private T Counted<T>(Func<T> function)
    {
        try
        {
            return function();
        }
        catch (LeaseLostException)
        {
            store.Tally.Count(Effect.StruckOff);
            throw;
        }
    }
}
