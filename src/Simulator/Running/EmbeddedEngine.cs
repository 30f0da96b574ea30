using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Replay;

namespace Amoe.Simulator.Running;

/// <summary>A runtime in this process, on a journal of its own.</summary>
internal sealed class EmbeddedEngine : IEngine
{
    private readonly OwnedJournal _owned;
    private readonly ISnapshotStore _snapshots;
    private readonly AmoeRuntime _runtime;
    private readonly Totals _before;

    private EmbeddedEngine(OwnedJournal owned, ISnapshotStore snapshots, AmoeRuntime runtime, EngineOptions options)
    {
        (_owned, _snapshots, _runtime, WaitingMax) = (owned, snapshots, runtime, options.MailboxMessagesMax);
        _before = runtime.Inspect().Totals;
    }

    public ICommandTarget Target => _runtime;

    public IJournal Journal => _owned.Journal;

    public int WaitingMax { get; }

    /// <summary>Creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <param name="warn">Told, in one line, what is odd and does no harm, such as a snapshot that is torn.</param>
    /// <exception cref="JournalException">It exists and is not to be resumed, is missing and is, was made with something else, is torn, …</exception>
    public static async Task<EmbeddedEngine> OpenAsync(SimulationRequest request, Action<string> warn, TimeProvider time)
    {
        var owned = await OwnedJournal.TakeAsync(request.Resume ? PostgresJournal.Open(request.Journal) : PostgresJournal.Create(request.Journal, request.Identity), "simulate", time);
        ISnapshotStore? snapshots = null;
        try
        {
            var journal = owned.Journal;
            request.RequireSame(journal);
            snapshots = journal.OpenSnapshots(warn);
            var options = new EngineOptions { Threads = request.Threads };
            var logic = new AmoeLogic(JournalRulebooks.Current(journal));
            return new EmbeddedEngine(owned, snapshots, AmoeRuntime.Start(journal, snapshots, logic, options, time, owned.Owned), options);
        }
        catch
        {
            snapshots?.Dispose();
            await owned.DisposeAsync();
            throw;
        }
    }

    public DateOnly LastClosed(int shard) => _runtime.Shards[shard].State.LastClosed;

    public EngineProgress Progress()
    {
        var totals = _runtime.Inspect().Totals;
        var latency = _runtime.Committers.Latency;
        return new EngineProgress(totals, totals[Counter.Events] - _before[Counter.Events], latency.PercentileMs(500), latency.PercentileMs(990));
    }

    public Task<EngineEnd> EndAsync()
    {
        var state = _runtime.Inspect();
        var latency = _runtime.Committers.Latency;
        var size = _owned.Journal.Measure();
        return Task.FromResult(new EngineEnd(
            _runtime.Committers.Fault?.Message, state.Digest, AccountsOf(state), state.Quarantined.Count,
            state.Totals[Counter.Commands] - _before[Counter.Commands], state.Totals[Counter.Events] - _before[Counter.Events],
            size.SegmentBytes, size.FileBytes, _snapshots.SnapshotBytes,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count)
        {
            ReadBack = state.ReadBack,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _snapshots.Dispose();
        await _owned.DisposeAsync();
    }

    /// <summary>Nobody changes a shard any more.</summary>
    private Accounts AccountsOf(RuntimeState state)
    {
        var students = _runtime.ShardCount;
        var reconciliation = new Reconciliation([.. _runtime.Shards.Skip(students).Select(shard => shard.State.Ledgers!)]);
        foreach (var shard in _runtime.Shards.Take(students))
            reconciliation.Add(shard.Index, shard.State.Outbox!);
        return new Accounts(state.Totals, state.Parties, reconciliation.NotYetBooked, OpenItems.Of(_runtime.Shards.Select(shard => shard.State)));
    }
}
