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
    private readonly FrameTable _table;
    private readonly FrameJournal _journal;
    private readonly Totals _before;

    private PartitionEngine(PartitionRuntime runtime, FrameTable table, FrameJournal journal, EngineOptions options)
    {
        (_runtime, _table, _journal, WaitingMax) = (runtime, table, journal, options.MailboxMessagesMax);
        _before = runtime.Inspect().Totals;
    }

    public ICommandTarget Target => _runtime;

    public IJournal Journal => _journal;

    public int WaitingMax { get; }

    public static async Task<PartitionEngine> OpenAsync(SimulationRequest request)
    {
        var options = new EngineOptions { Threads = request.Threads };
        var path = request.Journal.Path;
        var t = System.Diagnostics.Stopwatch.StartNew();
        var c0 = Environment.CpuUsage.TotalTime;
        FrameTable.Create(path);
        var runtime = await PartitionRuntime.StartAsync(path, Simulation.ShardCount, Simulation.PartyShardCount, new AmoeLogic(request.Rulebook), options, TimeProvider.System);
        Console.Error.WriteLine($"SPIKE start {t.Elapsed.TotalSeconds} cpu {(Environment.CpuUsage.TotalTime - c0).TotalSeconds}, jit {System.Runtime.JitInfo.GetCompilationTime().TotalSeconds}");
        var table = new FrameTable(path);
        return new PartitionEngine(runtime, table, new FrameJournal(request.Identity, table, path), options);
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
        return Task.FromResult(new EngineEnd(
            null, state.Digest, AccountsOf(state), state.Quarantined.Count,
            state.Totals[Counter.Commands] - _before[Counter.Commands], state.Totals[Counter.Events] - _before[Counter.Events],
            _runtime.Writes.Bytes, _journal.Measure().FileBytes, 0,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count)
        {
            ReadBack = state.ReadBack,
        });
    }

    public async ValueTask DisposeAsync()
    {
        var t = System.Diagnostics.Stopwatch.StartNew();
        await _runtime.DisposeAsync();
        Console.Error.WriteLine($"SPIKE jit {System.Runtime.JitInfo.GetCompilationTime().TotalSeconds} s of {System.Runtime.JitInfo.GetCompiledMethodCount()} methods, end {t.Elapsed.TotalSeconds}, cpu {Environment.CpuUsage.TotalTime.TotalSeconds}");
        _table.Dispose();
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
