using Amoe.Engine.Actors;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Partitions;
using Amoe.Engine.Replay;

namespace Amoe.Simulator.Running;

/// <summary>Partitions in this process, on a journal of their own.</summary>
internal sealed class PartitionEngine : IEngine
{
    private readonly PartitionRuntime _runtime;
    private readonly SqliteJournal _journal;
    private readonly Totals _before;

    private PartitionEngine(PartitionRuntime runtime, SqliteJournal journal, EngineOptions options)
    {
        (_runtime, _journal, WaitingMax) = (runtime, journal, options.MailboxMessagesMax);
        _before = runtime.Inspect().Totals;
    }

    public ICommandTarget Target => _runtime;

    public IJournal Journal => _journal;

    public int WaitingMax { get; }

    /// <summary>Creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <exception cref="JournalException">It exists and is not to be resumed, is missing and is, was made with something else, is damaged, …</exception>
    public static async Task<PartitionEngine> OpenAsync(SimulationRequest request)
    {
        var journal = request.Resume ? SqliteJournal.Open(request.Journal.Path) : SqliteJournal.Create(request.Journal.Path, request.Identity);
        try
        {
            request.RequireSame(journal);
            var options = new EngineOptions { Threads = request.Threads };
            return new PartitionEngine(await PartitionRuntime.StartAsync(journal, new AmoeLogic(JournalRulebooks.Current(journal)), options, TimeProvider.System), journal, options);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public DateOnly LastClosed(int shard) => _runtime.Partitions[shard].State.LastClosed;

    public EngineProgress Progress()
    {
        var totals = _runtime.Inspect().Totals;
        return new EngineProgress(totals, totals[Counter.Events] - _before[Counter.Events], _runtime.Writes.Latency.PercentileMs(500), _runtime.Writes.Latency.PercentileMs(990));
    }

    public Task<EngineEnd> EndAsync()
    {
        var state = _runtime.Inspect();
        var latency = _runtime.Writes.Latency;
        var size = _journal.Measure();
        return Task.FromResult(new EngineEnd(
            null, state.Digest, AccountsOf(state), state.Quarantined.Count,
            state.Totals[Counter.Commands] - _before[Counter.Commands], state.Totals[Counter.Events] - _before[Counter.Events],
            size.SegmentBytes, size.FileBytes, 0,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count)
        {
            ReadBack = state.ReadBack,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _journal.Dispose();
    }

    private Accounts AccountsOf(RuntimeState state)
    {
        PartitionState[] states = [.. _runtime.Partitions.Select(host => host.State)];
        var students = _runtime.ShardCount;
        var reconciliation = new Reconciliation([.. states.Skip(students).Select(state => state.Ledgers!)]);
        for (var i = 0; i < students; i++)
            reconciliation.Add(i, states[i].Outbox!);
        return new Accounts(state.Totals, state.Parties, reconciliation.NotYetBooked, OpenItems.Of(states));
    }
}
