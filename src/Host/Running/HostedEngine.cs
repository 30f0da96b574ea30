using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Replay;
using Amoe.Host.Http;
using Amoe.Host.Reports;
using Amoe.Simulator.Running;

namespace Amoe.Host.Running;

/// <summary>
/// Private hosts of a run on this machine, flooded from outside through sessions. The outcome is read from the journal
/// at the end.
/// </summary>
internal sealed class HostedEngine : IEngine
{
    private const int InquiriesMax = 5;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private readonly SimulationRequest _request;
    private readonly PostgresJournal _journal;
    private readonly LocalHosts _hosts;
    private readonly ClusterClient _client;
    private readonly AuditReport? _before;
    private readonly HostInquiry _inquiry = new();
    private bool _isClosed;

    private HostedEngine(
        SimulationRequest request, PostgresJournal journal, AuditReport? before, LocalHosts hosts, TimeProvider time)
    {
        (_request, _journal, _before, _hosts) = (request, journal, before, hosts);
        WaitingMax = ClusterClient.UnansweredMax;
        _client = ClusterClient.Start(
            journal.Identity.StudentPartitions, journal.Identity.LedgerPartitions,
            new PostgresHosts(new PostgresDatabase(request.Journal)), request.Threads, request.Patience, time);
    }

    public ICommandTarget Target => _client;

    public IJournal Journal => _journal;

    public int WaitingMax { get; }

    /// <summary>The state of each host at the end, in the order in which they were started.</summary>
    public IReadOnlyList<HostEnd> Ends { get; private set; } = [];

    /// <summary>Creates the journal, or opens the one to resume, and starts hosts on it.</summary>
    /// <exception cref="JournalException">
    /// It exists and is not to be resumed, is missing and is, other hosts have it, a host did not come up, …
    /// </exception>
    public static async Task<HostedEngine> StartAsync(
        SimulationRequest request, int hosts, Terminal terminal, CancellationToken cancellation)
    {
        var database = new PostgresDatabase(request.Journal);
        if (!request.Resume)
            PostgresSchema.Create(database, request.Identity);
        else
            database.With(connection => PostgresSchema.RequireCurrent(database, connection, isToBeWritten: true));
        RequireNoOthers(database);
        var journal = PostgresJournal.OpenReadOnly(request.Journal);
        LocalHosts? started = null;
        try
        {
            request.RequireSame(journal);
            var before = request.Resume ? JournalAudit.Run(journal, request.Threads, cancellation: cancellation) : null;
            started = await LocalHosts.StartAsync(hosts, request.Journal, request.Threads, terminal);
            var endpoints = await Task.WhenAll(started.All.Select(host => host.Endpoint));
            var engine = new HostedEngine(request, journal, before, started, terminal.Time);
            await engine.ServedAsync(endpoints, terminal.Time, cancellation);
            started.AreQuiet = false;
            return engine;
        }
        catch
        {
            if (started is not null)
                await started.DisposeAsync();
            journal.Dispose();
            throw;
        }
    }

    public DateOnly LastClosed(int partition) => History.LastMark(_journal, partition, CommandKind.CloseDay);

    public EngineProgress? Progress() => null;

    public async Task<EngineEnd> EndAsync()
    {
        Ends = await Task.WhenAll(_hosts.All.Select(EndOfAsync));
        await CloseAsync();
        await _hosts.StopAsync();
        var report = JournalAudit.Run(_journal, _request.Threads);
        var size = _journal.Measure();
        var fault = _hosts.All.All(host => host.Died)
            ? "every host has ended"
            : report.Problems.Count > 0 ? $"the journal does not verify: {report.Problems[0]}" : null;
        return new EngineEnd(
            fault, report.Digest, report.Accounts, report.Quarantined,
            DecidedSince(Counter.Commands), DecidedSince(Counter.Events),
            size.SegmentBytes, size.FileBytes, _journal.MeasureSnapshots(),
            Slowest(end => end.CommitP50Ms), Slowest(end => end.CommitP99Ms), Slowest(end => end.CommitMaxMs),
            (long)Ends.Sum(end => end.Answer?.Commits ?? 0));

        long DecidedSince(Counter counter) =>
            report.Accounts.Totals[counter] - (_before?.Accounts.Totals[counter] ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _hosts.DisposeAsync();
        _inquiry.Dispose();
        _journal.Dispose();
    }

    /// <summary>Before the hosts end: that they cannot be reached then is no news.</summary>
    private async Task CloseAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        await _client.DisposeAsync();
    }

    private static void RequireNoOthers(PostgresDatabase database)
    {
        using var hosts = new PostgresHosts(database);
        if (hosts.Live() is { Count: > 0 } others)
            throw new JournalException(
                $"{database.Name}: other hosts are at work on it ({string.Join(", ", others.Select(host => host.Endpoint))}). Stop them first, or name another database or schema.");
    }

    /// <summary>Waits until every partition is served.</summary>
    private async Task ServedAsync(IReadOnlyList<string> endpoints, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (true)
        {
            var answers = await Task.WhenAll(endpoints.Select(endpoint => _inquiry.AskAsync(endpoint, cancellation)));
            if (answers.Sum(answer => answer?.PartitionsServed ?? 0) == _journal.Identity.TotalPartitions)
                return;
            if (_hosts.All.All(host => host.Died))
                throw new JournalException(
                    "every host ended before all partitions were served: their last lines say why");
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private async Task<HostEnd> EndOfAsync(LocalHost host)
    {
        var endpoint = await host.Endpoint;
        HostAnswer? answer = null;

        // On a busy machine a host may take longer to answer than an inquiry waits.
        for (var asked = 0; answer is null && asked < InquiriesMax && !host.Died; asked++)
            answer = await _inquiry.AskAsync(endpoint, CancellationToken.None);
        return new HostEnd(host.Number, endpoint, host.Died, answer);
    }

    /// <summary>Percentiles of several hosts cannot be added up: the worst one's is reported.</summary>
    private decimal Slowest(Func<HostEnd, decimal> latency) => Ends.Count == 0 ? 0 : Ends.Max(latency);
}
