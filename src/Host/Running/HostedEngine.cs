using Amoe.Engine.Actors;
using Amoe.Engine.Cluster;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Replay;
using Amoe.Host.Http;
using Amoe.Host.Reports;
using Amoe.Simulator.Running;

namespace Amoe.Host.Running;

/// <summary>Hosts of a run's own on this machine, flooded from outside through their endpoints. What came of it the journal says, read at the end.</summary>
internal sealed class HostedEngine : IEngine
{
    private const int InquiriesMax = 5;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Longer than another host takes to take over what a dead one had.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SimulationRequest _request;
    private readonly HostsJournal _journal;
    private readonly LocalHosts _hosts;
    private readonly HttpLinks _links;
    private readonly ClusterClient _client;
    private readonly ThreadDispatcher _dispatcher;
    private readonly AuditReport? _before;
    private readonly HostInquiry _inquiry = new();
    private bool _isClosed;

    private HostedEngine(
        SimulationRequest request, HostsJournal journal, AuditReport? before, LocalHosts hosts, IReadOnlyList<string> endpoints, Terminal terminal)
    {
        (_request, _journal, _before, _hosts) = (request, journal, before, hosts);
        var options = new ForwardOptions { Deadline = Deadline };
        WaitingMax = options.LaneItemsMax;
        _dispatcher = new ThreadDispatcher("client", request.Threads);
        _client = new ClusterClient(
            endpoints, journal.Identity.ShardCount, journal.Identity.PartyShardCount, ProcessSource.Draw(), options, terminal.Time, _dispatcher);
        _links = new HttpLinks(PeersSecret.Load(hosts.SecretPath), PeerRole.Client, new LinkOptions(), terminal.Time, terminal.Line);
        _links.Listen(_client);
        _client.Start(_links);
    }

    public ICommandTarget Target => _client;

    public IJournal Journal => _journal;

    public int WaitingMax { get; }

    /// <summary>How each host stood at the end, in the order in which they were started.</summary>
    public IReadOnlyList<HostEnd> Ends { get; private set; } = [];

    /// <summary>Creates the journal, or opens the one to resume, and starts hosts on it.</summary>
    /// <exception cref="JournalException">It exists and is not to be resumed, is missing and is, other hosts have it, a host did not come up, …</exception>
    public static async Task<HostedEngine> StartAsync(SimulationRequest request, int hosts, Terminal terminal, CancellationToken cancellation)
    {
        var journal = Open(request);
        LocalHosts? started = null;
        try
        {
            request.RequireSame(journal);
            var before = request.Resume ? JournalAudit.Run(journal, request.Threads, cancellation: cancellation) : null;
            started = await LocalHosts.StartAsync(hosts, request.Journal, request.Threads, terminal);
            var endpoints = await Task.WhenAll(started.All.Select(host => host.Endpoint));
            var engine = new HostedEngine(request, journal, before, started, endpoints, terminal);
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

    public DateOnly LastClosed(int shard) => History.LastMark(_journal, shard, CommandKind.CloseDay);

    public EngineProgress? Progress() => null;

    public async Task<EngineEnd> EndAsync()
    {
        Ends = await Task.WhenAll(_hosts.All.Select(EndOfAsync));
        await CloseAsync();
        await _hosts.StopAsync();
        var report = JournalAudit.Run(_journal, _request.Threads);
        var size = _journal.Measure();
        using var snapshots = _journal.OpenSnapshots(_ => { });
        var fault = _hosts.All.All(host => host.Died) ? "every host has ended" : report.Problems.Count > 0 ? $"the journal does not verify: {report.Problems[0]}" : null;
        return new EngineEnd(
            fault, report.Digest, report.Accounts, report.Quarantined,
            DecidedSince(Counter.Commands), DecidedSince(Counter.Events),
            size.SegmentBytes, size.FileBytes, snapshots.SnapshotBytes,
            Slowest(end => end.CommitP50Ms), Slowest(end => end.CommitP99Ms), Slowest(end => end.CommitMaxMs), (long)Ends.Sum(end => end.Answer?.Commits ?? 0));

        long DecidedSince(Counter counter) => report.Accounts.Totals[counter] - (_before?.Accounts.Totals[counter] ?? 0);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _hosts.DisposeAsync();
        _dispatcher.Dispose();
        _inquiry.Dispose();
        _journal.Dispose();
    }

    /// <summary>Before the hosts end: that their links end then is no news.</summary>
    private async Task CloseAsync()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _client.Dispose();
        await _links.DisposeAsync();
    }

    private static HostsJournal Open(SimulationRequest request)
    {
        if (!request.Resume)
            HostsJournal.Create(request.Journal, request.Identity).Dispose();
        var journal = HostsJournal.Open(request.Journal);
        using var ownership = journal.OpenOwnership(new ClusterOptions().Lease, isAmongHosts: false);
        if (ownership.Look().Hosts is not { Count: > 0 } others)
            return journal;
        journal.Dispose();
        throw new JournalException(
            $"{request.Journal}: other hosts are at work on it ({string.Join(", ", others.Select(host => host.Endpoint))}). Stop them first, or name another database or schema.");
    }

    /// <summary>Waits until every shard is served.</summary>
    private async Task ServedAsync(IReadOnlyList<string> endpoints, TimeProvider time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        while (true)
        {
            var answers = await Task.WhenAll(endpoints.Select(endpoint => _inquiry.AskAsync(endpoint, cancellation)));
            if (answers.Sum(answer => answer?.ShardsServed ?? 0) == _journal.Identity.TotalShards)
                return;
            if (_hosts.All.All(host => host.Died))
                throw new JournalException("every host ended before all shards were served: their last lines say why");
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

    /// <summary>Percentiles of several hosts cannot be added up: the worst one's stands for all.</summary>
    private decimal Slowest(Func<HostEnd, decimal> latency) => Ends.Count == 0 ? 0 : Ends.Max(latency);
}
