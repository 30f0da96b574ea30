using System.Collections.Concurrent;
using System.Net;
using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>
/// Hosts of one cluster in this process, each with an actor system of its own, on a real database, and a sender outside
/// them.
/// </summary>
internal sealed class LittleCluster : IAsyncDisposable
{
    private readonly List<ClusterHost> _hosts = [];
    public const int Partitions = 8;
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly PostgresHosts _directory;
    private readonly ClusterClient _client;

    private readonly PrivateDatabase _database;

    private readonly int _total;

    private LittleCluster(PrivateDatabase database, JournalAddress address, int ledgers)
    {
        (_database, Address, _directory, _total) = (database, address, new PostgresHosts(new PostgresDatabase(address)),
            Partitions + ledgers);
        _client = ClusterClient.Start(Partitions, ledgers, _directory, threads: 1, Patience, TimeProvider.System);
    }

    private JournalAddress Address { get; }

    /// <summary>Frames that each host keeps in memory; 0 has what left memory read from the database.</summary>
    public long RecentBytesMax { get; init; } = new EngineOptions().RecentBytesMax;

    public ClusterClient Client => _client;

    public IReadOnlyList<ClusterHost> Hosts => _hosts;

    /// <summary>The hosts as the database has them.</summary>
    public IReadOnlyList<HostRow> Rows => _directory.Live();

    private ConcurrentBag<string> Said { get; } = [];

    /// <summary>In which format each host writes records.</summary>
    public IEnumerable<int> Formats => _hosts.Select(host => host.Part()!.Format);

    /// <param name="ledgers">Partitions of ledgers, beside those of students.</param>
    public static async Task<LittleCluster> StartAsync(int hosts, long? recentBytesMax = null, int ledgers = 0)
    {
        var (database, address, _) = EmptyJournal(ledgers);
        var cluster = new LittleCluster(
            database, address, ledgers)
        { RecentBytesMax = recentBytesMax ?? new EngineOptions().RecentBytesMax };
        for (var i = 0; i < hosts; i++)
            await cluster.AddAsync();
        return cluster;
    }

    /// <summary>Adds a host, and waits until it has its share.</summary>
    /// <param name="outOfService">So many partitions are out of service.</param>
    /// <param name="format">The newest format of records that it reads.</param>
    public async Task AddAsync(int outOfService = 0, int format = EventCodec.Version)
    {
        var options = new EngineOptions { Threads = 1, RecentBytesMax = RecentBytesMax };
        var setup = new ClusterHostSetup(
            Address, new IPEndPoint(IPAddress.Loopback, 0), "http://127.0.0.1:1", options, TimeProvider.System,
            Said.Add)
        { Format = format };
        _hosts.Add(await ClusterHost.StartAsync(setup, CancellationToken.None));
        await UntilAsync(() =>
            _hosts.All(host => Served(host) >= (_total - outOfService) / _hosts.Count)
                && _hosts.Sum(Served) == _total - outOfService);
    }

    /// <summary>As in a journal whose hosts were all of the version before.</summary>
    public void WriteOlderFormat() => _database.Execute($"UPDATE amoe.lease SET format = {EventCodec.Version - 1}");

    /// <param name="isToBeAwaited">False where no host is left, or not all partitions can be served.</param>
    public async Task LeaveAsync(int host, bool isToBeAwaited = true)
    {
        await _hosts[host].DisposeAsync();
        _hosts.RemoveAt(host);
        if (isToBeAwaited)
            await UntilAsync(() => _hosts.Sum(Served) == _total);
    }

    /// <summary>The other hosts declare one dead: it ends without handing anything over, and says why.</summary>
    public async Task<string> EvictAsync(int host)
    {
        Assert.True(_directory.TryOutvote(_hosts[1 - host].Part()!.Member, [_hosts[host].Part()!.Member]));
        return await _hosts[host].Ended.WaitAsync(Patience);
    }

    /// <summary>
    /// Sends an actor of a host a message that it cannot read, and waits until the host ends: one line why.
    /// </summary>
    public async Task<string> FailAsync(int host, string actor, object unreadable)
    {
        var sender = ClusterClient.SystemOf(threads: 1, link: null);
        try
        {
            sender.ActorSelection(new RootActorPath(MemberName.AddressOf(_hosts[host].Part()!.Member)) / "user" / actor)
                .Tell(unreadable);
            return await _hosts[host].Ended.WaitAsync(Patience);
        }
        finally
        {
            await sender.Terminate();
        }
    }

    /// <summary>Has the database say that one host holds what another one has.</summary>
    public void Leak(int from, int to) =>
        _database.Execute($"UPDATE amoe.holding SET host = {_hosts[to].Id} WHERE host = {_hosts[from].Id}");

    /// <summary>Flips a bit in the last event of a partition; once more restores it.</summary>
    public void FlipBit(int partition, long? sequenceNumber = null)
    {
        var id = $"persistence_id = 'partition-{partition}'";
        var which = sequenceNumber?.ToString(System.Globalization.CultureInfo.InvariantCulture)
            ?? $"(SELECT max(sequence_number) FROM amoe.journal WHERE {id})";
        _database.Execute(
            $"UPDATE amoe.journal SET message = set_byte(message, length(message) / 2, get_byte(message, length(message) / 2) # 1) WHERE {id} AND sequence_number = {which}");
    }

    /// <summary>A sender in the process of a host, which reaches that host without a network.</summary>
    /// <param name="knowsHosts">False where it could find no host over the network.</param>
    public ClusterClient SenderBeside(int host, bool knowsHosts = true)
    {
        var beside = _hosts[host];
        var hosts = knowsHosts ? _directory : new PostgresHosts(EmptyJournal().Database);
        return ClusterClient.Start(
            Partitions, _total - Partitions, hosts, threads: 1, Patience, TimeProvider.System, here: beside.SpokenFor);
    }

    public async Task OpenDayAsync() => await _client.MarkDay(CommandKind.OpenDay, Traffic.Day);

    public async Task CloseDayAsync() => await _client.MarkDay(CommandKind.CloseDay, Traffic.Day).WaitAsync(Patience);

    /// <summary>Declares students, one command each.</summary>
    /// <param name="sender">The one outside the hosts where another is not named.</param>
    public async Task<Reply[]> AskAllAsync(ulong first, ulong last, ClusterClient? sender = null)
    {
        var replies = new List<Task<Reply>>();
        for (var student = first; student <= last; student++)
            replies.Add((sender ?? _client).Ask(Traffic.Declare(student)));
        return await Task.WhenAll(replies);
    }

    /// <summary>The number of students in the journal, which must be sound, once the hosts have left it.</summary>
    public async Task<long> StudentsInJournalAsync()
    {
        while (_hosts.Count > 0)
        {
            await _hosts[0].DisposeAsync();
            _hosts.RemoveAt(0);
        }

        using var journal = PostgresJournal.OpenReadOnly(Address);
        var report = JournalAudit.Run(journal, threads: 1);
        Assert.Empty(report.Problems);
        return report.Accounts.Totals[Figures.Counter.Declarations];
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        foreach (var host in _hosts)
            await host.DisposeAsync();
        _directory.Dispose();
    }

    private static (PrivateDatabase Private, JournalAddress Address, PostgresDatabase Database) EmptyJournal(
        int ledgers = 0)
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var address = JournalAddress.Parse(database.Url);
        var journal = new PostgresDatabase(address);
        var identity = new JournalIdentity(
            JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.EmbeddedText, "tests", 0, 0, ledgers);
        PostgresSchema.Create(journal, identity);
        return (database, address, journal);
    }

    private static int Served(ClusterHost host) =>
        host.Part()?.Partitions.Count(partition => partition.State == PartitionService.Serving) ?? 0;

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var look = 10; !condition(); look++)
            await Task.Delay(Math.Min(look, 100), patience.Token);
    }
}
