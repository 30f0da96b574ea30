using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Journal;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>Which hosts a journal in a database has, and which of them holds a partition.</summary>
public sealed class PostgresHostsTests
{
    [PostgresFact]
    public async Task Of_many_hosts_that_register_at_once_exactly_one_founds_the_cluster_and_the_others_know_it()
    {
        var database = RegisteredHost.NewJournal();
        var hosts = await HostFaults.AtOnceAsync(8, n => RegisteredHost.Register(database, $"host{n}"));
        try
        {
            var founder = Assert.Single(hosts, host => host.Registration.Founds);
            Assert.Equal(hosts.Min(host => host.Id), founder.Id);
            Assert.Empty(founder.Registration.Others);
            foreach (var host in hosts.Except([founder]))
            {
                // Those that registered before, oldest first.
                Assert.Equal(
                    hosts.Select(other => other.Id).Where(id => id < host.Id).Order(),
                    host.Registration.Others.Select(other => other.Id));
                Assert.Equal(
                    (founder.Member, $"http://{founder.Name}"),
                    (host.Registration.Others[0].Member, host.Registration.Others[0].Endpoint));
            }
        }
        finally
        {
            Dispose(hosts);
        }
    }

    /// <summary>
    /// A gate on a busy machine ended here: the server took longer for a statement than a host that serves gives it.
    /// </summary>
    [PostgresFact]
    public async Task A_host_is_registered_late_and_founds_late_on_a_server_that_is_busy_for_longer_than_a_statement_is_given()
    {
        var database = RegisteredHost.NewJournal();
        await using var busy = new NpgsqlConnection(database.App);
        await busy.OpenAsync();
        busy.Run("BEGIN; LOCK TABLE amoe.host IN ACCESS EXCLUSIVE MODE");
        var registering = Task.Run(() => RegisteredHost.Register(database, "late"));
        await database.GivenUpAsync();
        busy.Run("ROLLBACK");
        using var late = await registering.WaitAsync(PostgresPartitions.Patience);
        Assert.True(late.Registration.Founds);

        busy.Run("BEGIN; LOCK TABLE amoe.host IN ACCESS EXCLUSIVE MODE");
        var founding = Task.Run(() => late.Hosts.TryFound(late.Member));
        await database.GivenUpAsync();
        busy.Run("ROLLBACK");
        Assert.True(await founding.WaitAsync(PostgresPartitions.Patience));
    }

    [PostgresFact]
    public void The_state_of_every_host_is_shown()
    {
        var database = RegisteredHost.NewJournal();
        using var founder = RegisteredHost.Register(database, "a");
        using var joining = RegisteredHost.Register(database, "b");
        using var gone = RegisteredHost.Register(database, "c");
        Assert.True(founder.TryOutvote(gone));
        database.Execute($"UPDATE amoe.host SET lasts_until = now() - interval '1 hour' WHERE id = {gone.Id}");
        founder.Hosts.MarkLeaving(founder.Id);

        var all = founder.Hosts.All();
        Assert.Equal([founder.Id, joining.Id, gone.Id], all.Select(host => host.Id));
        Assert.Equal([founder.Id, joining.Id], founder.Hosts.Live().Select(host => host.Id));
        Assert.Equal(("build of a", EventCodec.Version), (all[0].Program.Build, all[0].Program.Format));
        Assert.Equal([true, false, false], all.Select(host => host.Status.IsLeaving));
        Assert.Equal([false, false, true], all.Select(host => host.Status.IsDead));
        Assert.Equal([true, true, false], all.Select(host => host.Status.IsLive));
        Assert.NotNull(all[0].Status.Joined);
        Assert.Null(all[1].Status.Joined);
        Assert.InRange(
            all[2].Status.Unseen, TimeSpan.FromHours(1), TimeSpan.FromHours(1) + PostgresPartitions.Patience);
        joining.Hosts.MarkJoined(joining.Id);
        Assert.NotNull(founder.Hosts.Live()[1].Status.Joined);
    }

    [PostgresFact]
    public void Records_are_written_in_the_newest_format_that_every_host_reads_and_a_host_that_does_not_read_it_is_refused()
    {
        var database = RegisteredHost.NewJournal();
        database.Execute("UPDATE amoe.lease SET format = 1");
        using var older = RegisteredHost.Register(database, "older", format: 1);
        using var newer = RegisteredHost.Register(database, "newer", format: 2);
        using var newest = RegisteredHost.Register(database, "newest", format: 3);
        Assert.Equal(1, newest.Hosts.RaiseFormat());

        // One that is silent may wake and write on; one that is dead does not.
        database.RunOut(older);
        Assert.Equal(1, newest.Hosts.RaiseFormat());
        Assert.True(newer.TryOutvote(older));
        Assert.Equal(2, newest.Hosts.RaiseFormat());
        Assert.Equal(2, older.Hosts.Format());
        Some.AssertRefused(
            () => RegisteredHost.Register(database, "another", format: 1),
            "written in format 2, and this program reads 1", "Install the version that its hosts run");

        // Never lowered, even where every host would read less.
        using var second = RegisteredHost.Register(database, "second", format: 2);
        database.Execute("UPDATE amoe.lease SET format = 3");
        Assert.Equal(3, second.Hosts.RaiseFormat());
        Some.AssertRefused(
            () => PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url)),
            "written in format 3, and this program reads 2");
    }

    [PostgresFact]
    public void A_member_whose_lease_has_run_out_is_evicted_by_one_that_lives_and_by_no_other()
    {
        var database = RegisteredHost.NewJournal();
        using var living = RegisteredHost.Register(database, "living");
        using var cut = RegisteredHost.Register(database, "cut");
        using var late = RegisteredHost.Register(database, "late");
        using var joining = RegisteredHost.Register(database, "joining");
        cut.Hosts.MarkJoined(cut.Id);
        late.Hosts.MarkJoined(late.Id);
        database.Execute(
            $"UPDATE amoe.host SET lasts_until = now() - CASE id WHEN {late.Id} THEN interval '0 s' ELSE interval '1 minute' END WHERE id <> {living.Id}");
        var margin = TimeSpan.FromSeconds(30);

        Assert.Empty(cut.Hosts.Evict(cut.Id, margin));
        Assert.Equal([cut.Member], living.Hosts.Evict(living.Id, margin));
        Assert.Equal([cut.Member], living.Hosts.Evict(living.Id, margin));
        Assert.Equal([false, true, false, false], living.Hosts.All().Select(host => host.Status.IsDead));
    }

    [PostgresFact]
    public void A_host_that_was_not_seen_for_a_day_is_forgotten_when_another_registers()
    {
        var database = RegisteredHost.NewJournal();
        using var old = RegisteredHost.Register(database, "old");
        using var recent = RegisteredHost.Register(database, "recent");
        database.Execute(
            $"UPDATE amoe.host SET lasts_until = now() - CASE id WHEN {old.Id} THEN interval '25 hours' ELSE interval '23 hours' END");
        using var next = RegisteredHost.Register(database, "next");
        Assert.Equal([recent.Id, next.Id], next.Hosts.All().Select(host => host.Id));
        Assert.True(next.Registration.Founds);
    }

    [PostgresFact]
    public void A_host_that_registers_again_because_it_heard_no_answer_gets_the_same_answer()
    {
        var database = RegisteredHost.NewJournal();
        using var founder = RegisteredHost.Register(database, "a");
        using var other = RegisteredHost.Register(database, "b");
        var again = founder.Hosts.Register(founder.Member, "http://a", "build of a", EventCodec.Version);
        Assert.Equal((founder.Id, true), (again.Id, again.Founds));
        again = other.Hosts.Register(other.Member, "http://b", "build of b", EventCodec.Version);
        Assert.Equal((other.Id, false), (again.Id, again.Founds));

        Assert.True(other.TryOutvote(founder));
        Some.AssertRefused(
            () => founder.Hosts.Register(founder.Member, "http://a", "build of a", EventCodec.Version),
            "the other hosts have gone on without this one");
    }

    [PostgresFact]
    public void The_oldest_host_founds_the_cluster_where_its_founder_is_gone_before_any_has_joined()
    {
        var database = RegisteredHost.NewJournal();
        using var founder = RegisteredHost.Register(database, "a");
        using var second = RegisteredHost.Register(database, "b");
        using var third = RegisteredHost.Register(database, "c");
        Assert.False(second.Hosts.TryFound(second.Member));

        database.RunOut(founder);
        Assert.False(third.Hosts.TryFound(third.Member));
        Assert.True(second.Hosts.TryFound(second.Member));
        Assert.True(second.Hosts.TryFound(second.Member));
        Assert.False(third.Hosts.TryFound(third.Member));
        Assert.True(database.IsDead(founder));
    }

    [PostgresFact]
    public void No_host_founds_a_cluster_beside_one_that_a_younger_host_has_joined()
    {
        var database = RegisteredHost.NewJournal();
        using var founder = RegisteredHost.Register(database, "a");
        using var outside = RegisteredHost.Register(database, "b");
        using var inside = RegisteredHost.Register(database, "c");
        inside.Hosts.MarkJoined(inside.Id);
        database.RunOut(founder);
        Assert.False(outside.Hosts.TryFound(outside.Member));
    }

    [PostgresFact]
    public void A_host_whose_lease_ran_out_before_another_founded_a_cluster_is_dead_when_it_wakes()
    {
        var database = RegisteredHost.NewJournal();
        using var frozen = RegisteredHost.Register(database, "frozen");
        database.RunOut(frozen);
        using var next = RegisteredHost.Register(database, "next");
        Assert.True(next.Registration.Founds);
        Some.AssertRefused(() => frozen.BeginLease(), "the other hosts have gone on without this one");
        Assert.False(frozen.TryOutvote(next));
        Assert.False(frozen.TryHold(0));
    }

    [PostgresFact]
    public void A_partition_is_held_by_one_host_until_it_hands_it_back_or_leaves()
    {
        var database = RegisteredHost.NewJournal();
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        Assert.True(one.TryHold(0));
        Assert.True(one.TryHold(0));
        Assert.True(one.TryHold(1));
        Assert.False(other.TryHold(0));
        other.Hosts.HandBack(0, other.Id);
        Assert.False(other.TryHold(0));

        one.Hosts.HandBack(0, one.Id);
        Assert.True(other.TryHold(0));
        Assert.Equal([(0, other.Id), (1, one.Id)], Holdings(one));
        one.Hosts.Leave(one.Id);
        Assert.Equal([(0, other.Id), (1, null)], Holdings(one));
        Assert.Equal([other.Id], other.Hosts.All().Select(host => host.Id));

        Assert.False(one.TryHold(1));
        Assert.False(one.TryOutvote(other));
        Assert.True(other.TryHold(1));
    }

    /// <summary>
    /// The connection on which it was sent broke. The host served on, and another host took the partition from under
    /// it.
    /// </summary>
    [PostgresFact]
    public async Task A_partition_that_is_handed_back_late_stays_with_the_host_that_has_taken_it_again()
    {
        var database = RegisteredHost.NewJournal();
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        Assert.True(one.TryHold(0));

        using var broken = new PostgresHosts(one.Database);
        using var late = new LateHandBacks(database);
        Task handedBack;

        // Again where it waited for longer than it may, as on a busy machine.
        do
        {
            late.Hold();
            handedBack = Task.Run(() => broken.HandBack(0, one.Id));
            await PostgresPartitions.Until(() => late.IsWaiting);
            Assert.True(one.TryHold(0));
            late.Release();
            await PostgresPartitions.Until(() => handedBack.IsCompleted);
        }
        while (handedBack.Exception?.InnerException is JournalUnavailableException);

        await handedBack;
        Assert.Equal([(0, one.Id)], Holdings(one));
        Assert.False(other.TryHold(0));

        one.Hosts.HandBack(0, one.Id);
        Assert.True(other.TryHold(0));
    }

    [PostgresFact]
    public void A_partition_of_a_dead_host_is_taken_only_after_its_lease_has_run_out()
    {
        var database = RegisteredHost.NewJournal();
        using var dead = RegisteredHost.Register(database, "dead");
        using var heir = RegisteredHost.Register(database, "heir");
        Assert.True(dead.TryHold(0));
        Assert.True(heir.TryOutvote(dead));
        Assert.False(heir.TryHold(0));
        Assert.False(dead.TryHold(1));

        database.RunOut(dead);
        Assert.True(heir.TryHold(0));
        Assert.Equal([(0, heir.Id)], Holdings(heir));
    }

    [PostgresFact]
    public void A_host_whose_partition_was_taken_because_it_was_silent_is_dead_when_it_wakes()
    {
        var database = RegisteredHost.NewJournal();
        using var silent = RegisteredHost.Register(database, "silent");
        using var heir = RegisteredHost.Register(database, "heir");
        Assert.True(silent.TryHold(0));
        database.RunOut(silent);
        Assert.False(database.IsDead(silent));
        Assert.True(heir.TryHold(0));
        Some.AssertRefused(() => silent.BeginLease(), "the other hosts have gone on without this one");
    }

    [PostgresFact]
    public async Task A_lease_is_renewed_or_its_partition_taken_and_never_both()
    {
        var database = RegisteredHost.NewJournal();
        using var holder = RegisteredHost.Register(database, "holder");
        using var heir = RegisteredHost.Register(database, "heir");
        using var renewing = holder.Database.Open(PostgresUse.Lease);
        var outcomes = new HashSet<bool>();
        for (var round = 0; round < 5_000 && (round < 200 || outcomes.Count < 2); round++)
        {
            renewing.Run(
                "UPDATE host SET dead = false, lasts_until = now() - interval '1 millisecond' WHERE id = $1",
                holder.Id);
            renewing.Run(
                "INSERT INTO holding VALUES (0, $1) ON CONFLICT (partition) DO UPDATE SET host = excluded.host",
                holder.Id);
            var done = await HostFaults.AtOnceAsync(
                2, n => n == 0 ? PostgresHostLease.TryRenew(renewing, holder.Id) : heir.TryHold(0));
            Assert.NotEqual(done[0], done[1]);
            outcomes.Add(done[0]);
        }

        Assert.Equal(2, outcomes.Count);
    }

    [PostgresFact]
    public async Task Of_hosts_that_take_a_dead_hosts_partitions_at_once_each_gets_what_no_other_gets()
    {
        var database = RegisteredHost.NewJournal();
        using var dead = RegisteredHost.Register(database, "dead");
        for (var partition = 0; partition < 16; partition += 2)
            Assert.True(dead.TryHold(partition));
        var hosts = await HostFaults.AtOnceAsync(4, n => RegisteredHost.Register(database, $"host{n}"));
        database.RunOut(dead);
        var taken = await HostFaults.AtOnceAsync(
            4, n => Enumerable.Range(0, 16).Select(i => (i + n) % 16).Where(hosts[n].TryHold).ToList());
        try
        {
            Assert.Equal(Enumerable.Range(0, 16), taken.SelectMany(partitions => partitions).Order());
            Assert.Equal(
                taken.SelectMany((partitions, n) => partitions.Select(partition => (partition, (long?)hosts[n].Id)))
                    .Order(), Holdings(hosts[0]));
        }
        finally
        {
            Dispose(hosts);
        }
    }

    [PostgresFact]
    public void The_open_transaction_of_a_dead_host_is_ended_when_its_partition_is_taken_and_no_others_is()
    {
        var database = RegisteredHost.NewJournal();
        using var frozen = RegisteredHost.Register(database, "frozen");
        using var other = RegisteredHost.Register(database, "other");
        using var heir = RegisteredHost.Register(database, "heir");
        foreach (var host in new[] { frozen, other, heir })
            host.BeginLease();
        Assert.True(frozen.TryHold(0));
        using var journal = PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url));
        var end = journal.Frames.With(reader => reader.End(0));
        using var held = Open(frozen);
        using var kept = Open(other);
        using var transaction = held.BeginTransaction();
        using var otherTransaction = kept.BeginTransaction();
        PostgresPartitions.Insert(held, "partition-0", end.NextSequenceNumber, PostgresPartitions.Started(0, end, 1));
        PostgresPartitions.Insert(kept, "partition-1", end.NextSequenceNumber, PostgresPartitions.Started(1, end, 1));

        database.Freeze(frozen);
        Assert.True(heir.TryHold(0));
        using var writing = Open(heir);
        PostgresPartitions.Insert(
            writing, "partition-0", end.NextSequenceNumber, PostgresPartitions.Started(0, end, 1));
        Assert.Equal(PostgresErrorCodes.AdminShutdown, Assert.Throws<PostgresException>(transaction.Commit).SqlState);
        otherTransaction.Commit();
    }

    [PostgresFact]
    public void A_granted_role_does_all_that_a_host_does_and_can_change_nothing_that_was_appended()
    {
        var (database, role) = PostgresSchemaTests.WithRole();
        PostgresSchema.Create(
            new PostgresDatabase(JournalAddress.Parse(database.Url)), PostgresPartitions.IdentityOf(2));
        Some.AssertRefused(() => RegisteredHost.Register(database, "one", role).Dispose(), "user runs may not");
        PostgresJournal.Grant(JournalAddress.Parse(database.Url), "runs");
        using var one = RegisteredHost.Register(database, "one", role);
        using var other = RegisteredHost.Register(database, "other", role);
        Assert.True(one.BeginLease().IsHeld);
        Assert.True(other.BeginLease().IsHeld);
        using (var journal = PostgresJournal.OpenShared(one.Database, one.Lease!))
            Assert.Empty(journal.ReadAdoptions());
        Assert.True(one.Hosts.TryFound(one.Member));
        other.Hosts.MarkJoined(other.Id);
        Assert.True(one.TryHold(0));
        Assert.True(one.TryHold(1));
        one.Hosts.HandBack(1, one.Id);
        using var session = Open(one);
        Assert.True(other.TryOutvote(one));
        database.RunOut(one);
        Assert.True(other.TryHold(0));
        Assert.Throws<PostgresException>(() => PostgresPartitions.Run(session, "SELECT 1"));
        Assert.Equal([(0, other.Id), (1, null)], Holdings(other));
        other.Hosts.MarkLeaving(other.Id);
        other.Hosts.Leave(other.Id);
        Assert.Equal([one.Id], one.Hosts.All().Select(host => host.Id));

        using var connection = new NpgsqlConnection(role.Connection.ConnectionString);
        connection.Open();
        foreach (var harm in new[]
        {
            "UPDATE amoe.journal SET message = ''",
            "DELETE FROM amoe.journal",
            "DELETE FROM amoe.holding",
            "TRUNCATE amoe.host"
        })
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                Assert.Throws<PostgresException>(() => PostgresPartitions.Run(connection, harm)).SqlState);
    }

    [PostgresFact]
    [Trait("Breadth", "full")]
    public async Task Hosts_that_come_and_go_and_outvote_each_other_all_at_once_never_hold_each_other_up()
    {
        var database = RegisteredHost.NewJournal();
        await HostFaults.AtOnceAsync(6, n =>
        {
            for (var round = 0; round < Breadth.Of(quick: 4, full: 8); round++)
            {
                using var host = RegisteredHost.Register(database, $"host{n}-{round}", isSilent: true);
                using var renewing = host.Database.Open(PostgresUse.Lease);
                foreach (var partition in Enumerable.Range(0, 8))
                {
                    var isHeld = host.TryHold(partition);
                    PostgresHostLease.TryRenew(renewing, host.Id);
                    if (isHeld && partition % 2 == 0)
                        host.Hosts.HandBack(partition, host.Id);
                }

                var others =
                    host.Registration.Others.Where(other => other.Id % 3 == 0).Select(other => other.Member).ToList();
                host.Hosts.TryOutvote(host.Member, others);
                host.Hosts.Leave(host.Id);
            }

            return n;
        });
        using var last = RegisteredHost.Register(database, "last");
        Assert.True(last.Registration.Founds);
        Assert.Equal([last.Id], last.Hosts.All().Select(host => host.Id));
        Assert.All(Holdings(last), holding => Assert.Null(holding.Host));
    }

    /// <summary>The server has the statements that hand partitions back, and executes them once released.</summary>
    private sealed class LateHandBacks : IDisposable
    {
        private readonly PrivateDatabase _database;
        private readonly NpgsqlConnection _holding;

        public LateHandBacks(PrivateDatabase database)
        {
            (_database, _holding) = (database, new NpgsqlConnection(database.Superuser));
            database.Execute("""
                CREATE FUNCTION amoe.late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF current_query() LIKE '%SET host = NULL%' THEN PERFORM pg_advisory_xact_lock_shared(1); END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER late BEFORE UPDATE ON amoe.holding FOR EACH STATEMENT EXECUTE FUNCTION amoe.late();
                """);
            _holding.Open();
        }

        public void Hold() => PostgresPartitions.Run(_holding, "SELECT pg_advisory_lock(1)");

        public bool IsWaiting => _database.Scalar<bool>(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");

        public void Release() => PostgresPartitions.Run(_holding, "SELECT pg_advisory_unlock(1)");

        public void Dispose() => _holding.Dispose();
    }

    private static NpgsqlConnection Open(RegisteredHost host)
    {
        var connection = new NpgsqlConnection(host.Database.ConnectionString(PostgresUse.Write));
        connection.Open();
        return connection;
    }

    private static IEnumerable<(int Partition, long? Host)> Holdings(RegisteredHost host) =>
        host.Hosts.Holdings().Select(holding => (holding.Key, holding.Value)).Order();

    private static void Dispose(IEnumerable<RegisteredHost> hosts)
    {
        foreach (var host in hosts)
            host.Dispose();
    }
}
