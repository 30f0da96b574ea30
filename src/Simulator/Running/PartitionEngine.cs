using Amoe.Engine.Actors;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Partitions;
using Amoe.Engine.Replay;

namespace Amoe.Simulator.Running;

/// <summary>Partitions in this process, on a journal in a file or in a database.</summary>
internal sealed class PartitionEngine : IEngine
{
    private readonly PartitionJournal _journal;
    private readonly PartitionRuntime _runtime;
    private readonly Totals _before;

    private PartitionEngine(
        PartitionJournal journal, PartitionRuntime runtime, EngineOptions options, TimeSpan patience)
    {
        (_journal, _runtime, WaitingMax, Patience) = (journal, runtime, options.MailboxMessagesMax,
            journal.ComesBack ? patience : TimeSpan.Zero);
        _before = runtime.Inspect().Totals;
    }

    public ICommandTarget Target => _runtime;

    public IJournal Journal => _journal;

    public int WaitingMax { get; }

    public TimeSpan Patience { get; }

    /// <summary>Creates the journal, or opens the one to resume and recovers what it holds.</summary>
    /// <param name="warn">Receives, in one line, what is odd and does no harm, such as a snapshot that is torn.</param>
    /// <exception cref="JournalException">
    /// It exists and is not to be resumed, is missing and is, was made with something else, is torn, …
    /// </exception>
    public static async Task<PartitionEngine> OpenAsync(
        SimulationRequest request, Action<string> warn, TimeProvider time)
    {
        var journal = await OpenJournalAsync(request, time);
        PartitionRuntime? runtime = null;
        try
        {
            request.RequireSame(journal);

            // For one half of the patience writes wait for a database that is away, for the other the run waits for
            // partitions that gave them up.
            var options = new EngineOptions
            {
                Threads = request.Threads,
                LockTimeout = request.LockTimeout,
                WriteHeldMax = request.Patience / 2
            };
            runtime = await PartitionRuntime.StartAsync(journal, options, time, warn);
            RequireAllServe(runtime, journal.Name);
            return new PartitionEngine(journal, runtime, options, request.Patience - options.WriteHeldMax);
        }
        catch
        {
            if (runtime is not null)
                await runtime.DisposeAsync();
            journal.Dispose();
            throw;
        }
    }

    public DateOnly LastClosed(int partition) => _runtime.Partitions[partition].State.LastClosed;

    public EngineProgress Progress()
    {
        var totals = _runtime.Inspect().Totals;
        return new EngineProgress(
            totals, totals[Counter.Commands] - _before[Counter.Commands],
            totals[Counter.Events] - _before[Counter.Events], LatencyHistogram.Sum([_runtime.Writes.Latency]));
    }

    public Task<EngineEnd> EndAsync()
    {
        var state = _runtime.Inspect();
        var latency = _runtime.Writes.Latency;
        var (size, snapshotBytes) = Measure();
        return Task.FromResult(new EngineEnd(
            _journal.Lease.Lost ?? _runtime.Fault?.Message, state.Digest, AccountsOf(state), state.Quarantined.Count,
            state.Totals[Counter.Commands] - _before[Counter.Commands],
            state.Totals[Counter.Events] - _before[Counter.Events],
            size.SegmentBytes, size.FileBytes, snapshotBytes,
            latency.PercentileMs(500), latency.PercentileMs(990), latency.PercentileMs(1000), latency.Count)
        {
            ReadBack = state.ReadBack,
        });
    }

    /// <summary>A run that ends because its database went is reported without the size of what is there.</summary>
    private (JournalSize Size, long SnapshotBytes) Measure()
    {
        try
        {
            return (_journal.Measure(), _runtime.SnapshotBytes);
        }
        catch (JournalUnavailableException) when (_runtime.Fault is not null)
        {
            return default;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _journal.Dispose();
    }

    private static async Task<PartitionJournal> OpenJournalAsync(SimulationRequest request, TimeProvider time)
    {
        var (address, identity) = (request.Journal, request.Identity);
        if (!address.IsPostgres)
            return request.Resume ? SqliteJournal.Open(address.Path) : SqliteJournal.Create(address.Path, identity);
        var name = $"simulate, process {Environment.ProcessId} on {Environment.MachineName}";
        return request.Resume
            ? await PostgresJournal.OpenAsync(address, name, time)
            : await PostgresJournal.CreateAsync(address, identity, name, time);
    }

    /// <summary>
    /// A year without some of its students would end with another digest: the run is refused instead.
    /// </summary>
    private static void RequireAllServe(PartitionRuntime runtime, string journal)
    {
        var outOfService = runtime.Inspect().OutOfService;
        if (outOfService.Count > 0)
            throw new JournalException(
                $"{journal}: {string.Join("; ", outOfService.OrderBy(partition => partition.Key, StringComparer.Ordinal).Select(partition => $"{partition.Key} is out of service: {partition.Value}"))}");
    }

    private Accounts AccountsOf(RuntimeState state)
    {
        PartitionState[] states = [.. _runtime.Partitions.Select(host => host.State)];
        var students = _runtime.StudentPartitions;
        var reconciliation = new Reconciliation([.. states.Skip(students).Select(state => state.Ledgers!)]);
        for (var i = 0; i < students; i++)
            reconciliation.Add(i, states[i].Outbox!);
        return new Accounts(state.Totals, state.Parties, reconciliation.NotYetBooked, OpenItems.Of(states));
    }
}
