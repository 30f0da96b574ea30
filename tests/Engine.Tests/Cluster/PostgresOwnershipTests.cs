using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Postgres;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Cluster;

[NeedsPostgres]
public sealed class PostgresOwnershipTests : OwnershipContract
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private PrivateDatabase? _database;
    private HostsJournal? _journal;

    public override void Dispose()
    {
        base.Dispose();
        _journal!.Dispose();
    }

    [StoreFact]
    public void A_former_owner_is_fenced_off_by_name_and_the_others_of_its_append_go_again()
    {
        var (first, second) = (Join(), Join());
        Store.Take(first, [2, 3]);
        RunOut(first);
        Store.Take(second, [2]);

        var fenced = Some.AssertRefused<FencedException>(() => _journal!.Append([Some.Segment(3, 0), Some.Segment(2, 0)]), "shard 2", "epoch 1", "epoch 2");
        Assert.Equal([2], fenced.Shards);
        Assert.Empty(_journal!.ReadAll());
        Assert.Equal([2], Assert.Throws<FencedException>(() => _journal.Confirm([new ShardEpoch(2, 1), new ShardEpoch(3, 1)])).Shards);

        _journal.Append([Some.Segment(3, 0)]);
        _journal.Append([Some.Segment(2, 0, epoch: 2)]);
        _journal.Confirm([new ShardEpoch(2, 2), new ShardEpoch(3, 1)]);
        Assert.Equal([0L, 0, 3, 3], Store.Look().Shards.Take(4).Select(shard => shard.Head));
    }

    [StoreFact]
    public void Nobody_writes_to_a_shard_that_nobody_took()
    {
        Assert.Equal([4], Assert.Throws<FencedException>(() => _journal!.Append([Some.Segment(4, 0)])).Shards);
        Assert.Empty(_journal!.ReadAll());
    }

    [StoreFact]
    public void A_frozen_owner_that_holds_rows_locked_is_ended_once_its_lease_ran_out()
    {
        var (frozen, successor) = (Join(), Join());
        Store.Take(frozen, [2, 3]);
        using var holder = Hold(frozen, "SELECT FROM shard WHERE id = 3 FOR UPDATE");

        Assert.Empty(Store.Take(successor, [3]));
        Assert.Equal(System.Data.ConnectionState.Open, holder.FullState);
        _ = holder.Scalar("SELECT 1");

        RunOut(frozen);
        // Who is ended may be slow to end: the successor, who waits for a lock for three seconds, takes what he gets and asks again.
        List<ShardEpoch> taken = [];
        for (var tries = 5; taken.Count < 2 && tries > 0; tries--)
            taken.AddRange(Store.Take(successor, [2, 3]));
        Assert.Equal([new ShardEpoch(2, 2), new ShardEpoch(3, 2)], taken);
        Assert.Equal(PostgresErrorCodes.AdminShutdown, Assert.Throws<PostgresException>(() => holder.Scalar("SELECT 1")).SqlState);

        _journal!.Append([Some.Segment(3, 0, epoch: 2)]);
    }

    [StoreFact]
    public void Rows_that_a_stranger_holds_are_left_alone_and_the_others_are_taken()
    {
        var (dead, successor) = (Join(), Join());
        Store.Take(dead, [2, 3, 4]);
        RunOut(dead);
        using var stranger = Hold(HostId.None, "SELECT FROM shard WHERE id = 3 FOR UPDATE");

        Assert.Equal([new ShardEpoch(2, 2), new ShardEpoch(4, 2)], Store.Take(successor, [2, 3, 4]));
        _ = stranger.Scalar("COMMIT; SELECT 1");
        Assert.Equal([new ShardEpoch(3, 2)], Store.Take(successor, [2, 3, 4]));
    }

    [StoreFact]
    public void Everything_a_host_has_open_bears_its_name()
    {
        var host = Join();
        Store.Take(host, [0]);
        _journal!.Append([Some.Segment(0, 0)]);
        using var snapshots = _journal.OpenSnapshots(line => Assert.Fail(line));
        snapshots.Save(0, 3, [1]);
        var names = _database!.Scalar<string[]>($"SELECT array_agg(application_name) FROM pg_stat_activity WHERE usename = '{PrivatePostgres.AppRole}' AND datname = '{_database.Name}'");
        Assert.Equal(3, names.Length);
        Assert.All(names, name => Assert.Equal($"amoe host {host}", name));
    }

    [StoreFact]
    public void A_host_that_was_started_before_a_rulebook_was_adopted_takes_nothing()
    {
        var host = Join();
        Store.Take(host, [0]);
        _database!.Execute("INSERT INTO amoe.rulebook VALUES (1, 738000, 'règles: 2')");
        Some.AssertRefused(() => Store.Take(host, [1]), "rulebook", "Start it again");
        Assert.Equal([(0, host, 1L)], Held());
    }

    [StoreFact]
    public void A_session_that_was_ended_is_begun_again()
    {
        var host = Join();
        Store.Take(host, [1]);
        _database!.EndSessions();
        Assert.Equal([host], Store.Beat(host, isLeaving: false).Hosts.Select(one => one.Id));
        _database.EndSessions();
        Store.Release(host, [new ShardEpoch(1, 1)]);
        Assert.Empty(Held());
    }

    /// <summary>A disk stood still, and a year that nobody else wanted was refused to its only owner.</summary>
    [StoreFact]
    public void A_slow_store_is_borne_by_who_shares_with_nobody_and_given_up_within_a_lease_by_a_host_among_others()
    {
        _database!.Execute(
            """
            CREATE FUNCTION amoe.slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(4); RETURN NEW; END';
            CREATE TRIGGER slow BEFORE INSERT ON amoe.host FOR EACH ROW EXECUTE FUNCTION amoe.slow()
            """);
        using var amongHosts = _journal!.OpenOwnership(Lease, isAmongHosts: true);
        Some.AssertRefused<JournalUnavailableException>(() => amongHosts.Join("http://one", 1));
        Assert.Equal([Store.Join("http://one", 1)], Store.Look().Hosts.Select(host => host.Id));
    }

    [StoreFact]
    public async Task Hosts_that_take_at_the_same_time_share_and_never_have_the_same_shard()
    {
        // Taking and appending at once, in the same order of rows: nobody waits for the other for ever.
        var address = JournalAddress.Parse(_database!.Url);
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var journal = HostsJournal.Open(address);
            using var store = journal.OpenOwnership(Lease, isAmongHosts: false);
            var host = store.Join("http://one", 1);
            List<ShardEpoch> mine = [];
            for (var round = 0; round < 40; round++)
            {
                var got = store.Take(host, [.. Enumerable.Range(0, Some.Shards).Reverse()]);
                if (got.Count > 0)
                    journal.Append([.. got.Select(shard => Some.Segment(shard.Shard, journal.Head(shard.Shard), 1, shard.Epoch))]);
                mine.AddRange(got);
                store.Release(host, [.. got.Take(1 + (round % 3))]);
                store.Release(host, got);
            }

            store.Leave(host);
            return mine;
        })));

        var epochs = taken.SelectMany(mine => mine).ToList();
        Assert.Equal(epochs.Count, epochs.Distinct().Count());
        Assert.Equal(epochs.Count, Store.Look().Shards.Sum(shard => shard.Head));
        Assert.Equal(epochs.Count, Store.Look().Shards.Sum(shard => shard.Epoch));
        Assert.Empty(Held());
    }

    private protected override IOwnershipStore Create()
    {
        _database = PrivatePostgres.Shared.NewDatabase();
        _journal = HostsJournal.Create(JournalAddress.Parse(_database.Url), Some.Identity);
        return _journal.OpenOwnership(Lease, isAmongHosts: false);
    }

    private protected override void RunOut(HostId host, IEnumerable<HostId> others) =>
        _database!.Execute($"UPDATE amoe.host SET lease_until = now() - interval '1 second' WHERE id = {host}");

    /// <summary>Somebody in the middle of a transaction, who goes no further.</summary>
    private Session Hold(HostId host, string sql)
    {
        var session = new Session(new NpgsqlConnectionStringBuilder(_database!.App) { ApplicationName = $"amoe host {host}", SearchPath = "amoe" }.ToString());
        session.Scalar($"BEGIN; {sql}; SELECT 1");
        return session;
    }

    private sealed class Session : IDisposable
    {
        private readonly NpgsqlConnection _connection;

        public Session(string settings)
        {
            _connection = new NpgsqlConnection(settings);
            _connection.Open();
        }

        public System.Data.ConnectionState FullState => _connection.FullState;

        public object? Scalar(string sql)
        {
            using var command = new NpgsqlCommand(sql, _connection);
            return command.ExecuteScalar();
        }

        public void Dispose() => _connection.Dispose();
    }
}
