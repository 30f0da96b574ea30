using System.Collections.Concurrent;
using System.Net;
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

/// <summary>Hosts of one cluster in this process, each with an actor system of its own, on a real database, and a sender outside them.</summary>
public sealed class ClusterTests
{
    private const int Partitions = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [PostgresFact]
    public async Task Commands_are_decided_wherever_their_partition_is_and_a_host_that_leaves_loses_none()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);
        await cluster.OpenDayAsync();
        var replies = await cluster.AskAllAsync(1, 40);
        Assert.All(replies, reply => Assert.Equal(Outcome.Done, reply.Outcome));

        // Sent while the partitions move.
        var (leaving, asked) = (cluster.LeaveAsync(0), cluster.AskAllAsync(41, 200));
        Assert.All(await asked.WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        await leaving;

        Assert.Equal(200, await cluster.StudentsInJournalAsync());
    }

    [PostgresFact]
    public async Task A_host_that_is_gone_without_a_word_is_replaced_and_what_was_under_way_is_answered()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);
        await cluster.OpenDayAsync();
        await cluster.AskAllAsync(1, 20);
        await cluster.EvictAsync(0);

        Assert.All(await cluster.AskAllAsync(21, 100).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(100, await cluster.StudentsInJournalAsync());
    }

    [PostgresFact]
    public async Task A_partition_that_moves_away_and_back_misses_nothing()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 1);
        await cluster.OpenDayAsync();
        await cluster.AskAllAsync(1, 30);
        await cluster.AddAsync();
        await cluster.AskAllAsync(31, 60);
        await cluster.LeaveAsync(1);

        Assert.All(await cluster.AskAllAsync(1, 60).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(60, await cluster.StudentsInJournalAsync());
    }

    [PostgresFact]
    public async Task A_host_that_is_not_the_journals_any_more_ends_and_says_why()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);

        Assert.Contains("the other hosts have gone on without this one", await cluster.EvictAsync(1), StringComparison.Ordinal);
    }

    /// <summary>Three of three starts ended like this while sharding's own leases were used: a partition held by a host that had no entity for it.</summary>
    [PostgresFact]
    public async Task A_partition_that_is_held_by_a_host_without_it_is_handed_back_to_the_one_that_has_it()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 3);
        await cluster.OpenDayAsync();
        cluster.Leak(from: 0, to: 1);

        await cluster.LeaveAsync(0);

        Assert.All(await cluster.AskAllAsync(1, 40).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(40, await cluster.StudentsInJournalAsync());
    }

    /// <summary>An upgrade, host by host: the newer ones write what the older one reads, for as long as it is there.</summary>
    [PostgresFact]
    public async Task A_newer_format_is_written_once_every_host_reads_it_and_an_older_host_is_refused_then()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 0);
        cluster.WriteOlderFormat();
        await cluster.AddAsync(EventCodec.Version - 1);
        await cluster.AddAsync();
        await cluster.AddAsync();
        await cluster.OpenDayAsync();
        Assert.All(await cluster.AskAllAsync(1, 40).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal([EventCodec.Version - 1, EventCodec.Version - 1, EventCodec.Version - 1], cluster.Formats);

        await cluster.LeaveAsync(0);

        await LittleCluster.UntilAsync(() => cluster.Formats.SequenceEqual([EventCodec.Version, EventCodec.Version]));
        var refusal = await Assert.ThrowsAsync<JournalException>(() => cluster.AddAsync(EventCodec.Version - 1));
        Assert.Contains("Install the version that its hosts run", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(40, await cluster.StudentsInJournalAsync());
    }

    private sealed class LittleCluster : IAsyncDisposable
    {
        private readonly List<ClusterHost> _hosts = [];
        private readonly PostgresHosts _directory;
        private readonly ClusterClient _client;

        private readonly PrivateDatabase _database;

        private LittleCluster(PrivateDatabase database, JournalAddress address)
        {
            (_database, Address, _directory) = (database, address, new PostgresHosts(new PostgresDatabase(address)));
            _client = ClusterClient.Start(Partitions, 0, _directory, threads: 1, Patience, TimeProvider.System);
        }

        private JournalAddress Address { get; }

        private ConcurrentBag<string> Said { get; } = [];

        /// <summary>In which format each host writes records.</summary>
        public IEnumerable<int> Formats => _hosts.Select(host => host.Part()!.Format);

        public static async Task<LittleCluster> StartAsync(int hosts)
        {
            var database = PrivatePostgres.Shared.NewDatabase();
            var address = JournalAddress.Parse(database.Url);
            PostgresSchema.Create(new PostgresDatabase(address), new JournalIdentity(JournalIdentity.CurrentFormatVersion, Partitions, Rulebook.EmbeddedText, "tests", 0, 0));
            var cluster = new LittleCluster(database, address);
            for (var i = 0; i < hosts; i++)
                await cluster.AddAsync();
            return cluster;
        }

        /// <summary>Adds a host, and waits until it has its share.</summary>
        /// <param name="format">The newest format of records that it reads.</param>
        public async Task AddAsync(int format = EventCodec.Version)
        {
            _hosts.Add(await ClusterHost.StartAsync(
                new ClusterHostSetup(Address, new IPEndPoint(IPAddress.Loopback, 0), "http://127.0.0.1:1", new EngineOptions { Threads = 1 }, TimeProvider.System, Said.Add) { Format = format },
                CancellationToken.None));
            await UntilAsync(() => _hosts.All(host => Served(host) >= Partitions / _hosts.Count) && _hosts.Sum(Served) == Partitions);
        }

        /// <summary>As in a journal whose hosts were all of the version before.</summary>
        public void WriteOlderFormat() => _database.Execute($"UPDATE amoe.lease SET format = {EventCodec.Version - 1}");

        public async Task LeaveAsync(int host)
        {
            await _hosts[host].DisposeAsync();
            _hosts.RemoveAt(host);
            await UntilAsync(() => _hosts.Sum(Served) == Partitions);
        }

        /// <summary>The other hosts declare one dead: it ends without handing anything over, and says why.</summary>
        public async Task<string> EvictAsync(int host)
        {
            Assert.True(_directory.TryOutvote(_hosts[1 - host].Part()!.Member, [_hosts[host].Part()!.Member]));
            return await _hosts[host].Ended.WaitAsync(Patience);
        }

        /// <summary>Has the database say that one host holds what another one has.</summary>
        public void Leak(int from, int to) => _database.Execute($"UPDATE amoe.holding SET host = {_hosts[to].Id} WHERE host = {_hosts[from].Id}");

        public async Task OpenDayAsync() => await _client.MarkDay(CommandKind.OpenDay, Traffic.Day);

        /// <summary>Declares students, one command each.</summary>
        public async Task<Reply[]> AskAllAsync(ulong first, ulong last)
        {
            var replies = new List<Task<Reply>>();
            for (var student = first; student <= last; student++)
                replies.Add(_client.Ask(Traffic.Declare(student)));
            return await Task.WhenAll(replies);
        }

        /// <summary>How many students the journal has, which is sound, once the hosts have left it.</summary>
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

        private static int Served(ClusterHost host) => host.Part()?.Partitions.Count(partition => partition.State == PartitionService.Serving) ?? 0;

        public static async Task UntilAsync(Func<bool> condition)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (!condition())
                await Task.Delay(10, patience.Token);
        }
    }
}
