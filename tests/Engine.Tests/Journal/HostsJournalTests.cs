using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Hosts;
using Amoe.Engine.Journal.Ownership;
using Amoe.Engine.Journal.Postgres;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Journal;

/// <summary>What the journal that several hosts share promises beyond the contract: tables of its own, failures of the server and of the way to it.</summary>
public sealed class HostsJournalTests : IDisposable
{
    private readonly List<IDisposable> _opened = [];

    public void Dispose()
    {
        foreach (var one in _opened)
            one.Dispose();
    }

    [PostgresFact]
    public void A_journal_is_made_once_even_by_several_at_the_same_moment()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        var made = 0;
        Parallel.For(0, 4, _ =>
        {
            try
            {
                using var journal = HostsJournal.Create(Address(database), Some.Identity);
                Interlocked.Increment(ref made);
            }
            catch (JournalException e)
            {
                Assert.Contains("there is a journal already", e.Message, StringComparison.Ordinal);
            }
        });
        Assert.Equal(1, made);
        Some.AssertRefused(() => HostsJournal.Create(Address(database), Some.Identity), "there is a journal already");
    }

    /// <summary>A disk stood still for ten seconds while one made the journal, and the others were told of locked rows instead.</summary>
    [PostgresFact]
    public async Task Who_makes_a_journal_waits_until_another_has_made_it_however_slow_his_disk()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var slow = new NpgsqlConnection(database.Superuser);
        slow.Open();
        using var transaction = slow.BeginTransaction();
        using (var making = new NpgsqlCommand("CREATE SCHEMA amoe", slow, transaction))
            making.ExecuteNonQuery();
        var creating = Task.Run(() => HostsJournal.Create(Address(database), Some.Identity));
        Until(() => Waiting(database) == 1 || creating.IsCompleted);
        // Longer than anybody waits for locked rows.
        await Assert.ThrowsAsync<TimeoutException>(() => creating.WaitAsync(TimeSpan.FromSeconds(11)));
        transaction.Commit();
        Assert.Contains("there is a journal already", (await Assert.ThrowsAsync<JournalException>(() => creating)).Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public void Journals_in_schemas_of_one_database_are_apart()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var one = HostsJournal.Create(Address(database, "?schema=one"), Some.Identity);
        using var other = HostsJournal.Create(Address(database, "?schema=other"), Some.Identity with { Seed = 1 });
        database.Execute("UPDATE one.shard SET epoch = 1");
        Some.Fill(one, 2);
        Assert.Empty(other.ReadAll());
        Assert.Equal(1UL, HostsJournal.OpenReadOnly(Address(database, "?schema=other")).Identity.Seed);
    }

    [PostgresTheory]
    [InlineData("DROP SCHEMA amoe CASCADE", "there is no journal in it")]
    [InlineData("DROP TABLE amoe.journal", "there is no journal in it")]
    [InlineData("UPDATE amoe.journal SET format_version = 9", "format version 9")]
    [InlineData("UPDATE amoe.journal SET schema_version = 99", "its tables are of version 99")]
    [InlineData("DELETE FROM amoe.journal", "no identity")]
    [InlineData("DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET default_transaction_read_only = on'; END $$", "takes no writes")]
    public void What_is_no_journal_of_this_program_is_not_opened_for_writing(string harm, string says)
    {
        var (database, _) = Filled(1);
        database.Execute(harm);
        Some.AssertRefused(() => HostsJournal.Open(Address(database)), says);
    }

    [PostgresFact]
    public void A_journal_on_a_server_that_takes_no_writes_can_be_read()
    {
        var (database, _) = Filled(2);
        database.Execute($"ALTER DATABASE {database.Name} SET default_transaction_read_only = on");
        using var reader = HostsJournal.OpenReadOnly(Address(database));
        Assert.Equal(2 * Some.Shards, reader.ReadAll().Count());
    }

    [PostgresFact]
    public void Tables_of_an_older_program_are_brought_up_to_date_by_whoever_writes_first()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        HostsSchema.Create(new PostgresDatabase(Address(database)), Some.Identity, version: 1);
        var segment = Some.Segment(2, 0);
        database.Execute($"INSERT INTO amoe.segment VALUES (2, 0, 1, 3, {segment.Checksum}, '\\x{Convert.ToHexString(segment.Payload.Span)}'); UPDATE amoe.shard SET head = 3, payload_bytes = 100 WHERE id = 2");

        Some.AssertRefused(() => HostsJournal.OpenReadOnly(Address(database)), "tables are of version 1", "Open it for writing once");
        Parallel.For(0, 4, _ => HostsJournal.Open(Address(database)).Dispose());

        using var journal = HostsJournal.Open(Address(database));
        using var ownership = journal.OpenOwnership(TimeSpan.FromMinutes(5), isAmongHosts: false);
        Some.AssertSame(segment, journal.ReadAll().Single());
        Assert.Equal([new ShardEpoch(2, 1)], ownership.Take(ownership.Join("http://one", 1), [2]));
        journal.Append([Some.Segment(2, 3)]);
        Assert.Equal(HostsSteps.All.Count, database.Scalar<int>("SELECT schema_version FROM amoe.journal"));
    }

    [PostgresFact]
    public void The_role_that_runs_hosts_can_neither_change_nor_delete_what_was_appended_nor_make_tables()
    {
        var (database, _) = Filled(1);
        database.Execute("DO $$ BEGIN CREATE ROLE runs LOGIN PASSWORD 'run'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        var address = JournalAddress.Parse(database.Url.Replace($"{PrivatePostgres.AppRole}:{database.Server.AppPassword}", "runs:run", StringComparison.Ordinal));
        Some.AssertRefused(() => HostsJournal.Open(address), "user runs may not", "schema amoe", "journal grant");
        Some.AssertRefused(() => HostsJournal.Grant(Address(database), "nobody here"), "no role nobody here");
        HostsJournal.Grant(Address(database), "runs");

        using (var journal = HostsJournal.Open(address))
        using (var ownership = journal.OpenOwnership(TimeSpan.FromMinutes(5), isAmongHosts: false))
        using (var snapshots = journal.OpenSnapshots(line => Assert.Fail(line)))
        {
            var host = ownership.Join("http://one", 1);
            ownership.Take(host, [0, 1]);
            journal.Append([Some.Segment(0, 3, epoch: 2)]);
            journal.Adopt(new AdoptedRulebook(1, new DateOnly(2024, 1, 31), "règles: 2\n"), [Some.Segment(1, 3, epoch: 2)]);
            snapshots.Save(0, 6, [1, 2]);
            snapshots.Save(0, 6, [1, 2, 3]);
            Assert.Equal(3, snapshots.SnapshotBytes);
            Assert.Equal(6, journal.Read(1).Sum(segment => segment.Count));
            ownership.Beat(host, isLeaving: true);
            ownership.Leave(host);
        }

        using var connection = new NpgsqlConnection(address.Connection.ConnectionString);
        connection.Open();
        foreach (var harm in new[]
        {
            "DELETE FROM amoe.segment", "UPDATE amoe.segment SET count = 1", "TRUNCATE amoe.segment", "DELETE FROM amoe.shard", "UPDATE amoe.journal SET seed = 1",
            "UPDATE amoe.rulebook SET text = ''", "CREATE TABLE amoe.mine ()", "DROP TABLE amoe.segment",
        })
        {
            using var command = new NpgsqlCommand(harm, connection);
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, Assert.Throws<PostgresException>(() => command.ExecuteNonQuery()).SqlState);
        }

        database.Execute("UPDATE amoe.journal SET schema_version = 2");
        Some.AssertRefused(() => HostsJournal.Open(address), "tables are of version 2", "as the schema's owner");
    }

    [PostgresTheory]
    [InlineData("UPDATE amoe.segment SET payload = set_byte(payload, 7, 1) WHERE shard = 3 AND \"offset\" = 3", 3)]
    [InlineData("UPDATE amoe.segment SET epoch = 0 WHERE shard = 3 AND \"offset\" = 6", 3)]
    [InlineData("DELETE FROM amoe.segment WHERE shard = 4 AND \"offset\" = 0", 4)]
    [InlineData("DELETE FROM amoe.segment WHERE shard = 4 AND \"offset\" = 3", 4)]
    [InlineData("DELETE FROM amoe.segment WHERE shard = 4 AND \"offset\" = 6", 4)]
    [InlineData("DELETE FROM amoe.segment WHERE shard = 4", 4)]
    [InlineData("UPDATE amoe.shard SET head = head + 1 WHERE id = 5", 5)]
    [InlineData("DELETE FROM amoe.shard WHERE id = 5", 5)]
    public void Damage_is_named_by_shard(string harm, int shard)
    {
        var (database, _) = Filled(3);
        database.Execute(harm);
        using var journal = HostsJournal.OpenReadOnly(Address(database));
        Some.AssertRefused(() => _ = journal.ReadAll().ToList(), $"shard {shard}", "damaged");
        Some.AssertRefused(() => _ = journal.Read(shard).ToList(), $"shard {shard}", "damaged");
        Assert.Equal(3, journal.Read(0).Count());
    }

    [PostgresFact]
    public void Who_stops_reading_in_the_middle_holds_nobody_up()
    {
        var (_, journal) = Filled(20, length: 50_000);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, journal.Read(i % Some.Shards).First().Offset);
            Assert.Equal(0, journal.ReadAll().First().Offset);
        }

        Assert.Equal(20 * Some.Shards, journal.ReadAll().Count());
    }

    [PostgresFact]
    public void A_server_that_died_and_came_back_has_what_was_acknowledged_and_is_used_again()
    {
        using var server = PrivatePostgres.Start();
        var (_, journal) = Filled(3, server: server);
        Assert.Equal(3, journal.Read(1).Count());
        server.Kill();
        Some.AssertRefused(() => journal.Append([Some.Segment(0, 9)]));
        Some.AssertRefused(() => journal.Head(0), "nobody answers");

        server.Restart();
        Assert.Equal(9, journal.Head(0));
        Assert.Equal(3 * Some.Shards, journal.ReadAll().Count());
        journal.Append([Some.Segment(0, 9)]);
        server.Stop();
        server.Restart();
        Assert.Equal(4, journal.Read(0).Count());
        journal.Confirm([new ShardEpoch(0, 1)]);
    }

    [PostgresFact]
    public void An_append_whose_reply_was_lost_is_found_in_the_head()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var link = new FaultyLink(database.Server.Port);
        var journal = Filled(database, 1, link.Port);

        link.DropReplies();
        var appending = Task.Run(() => journal.Append([Some.Segment(0, 3), Some.Segment(1, 3)]));
        Until(() => database.Scalar<long>("SELECT head FROM amoe.shard WHERE id = 1") == 6);
        link.Cut();
        Some.AssertRefused(() => appending.GetAwaiter().GetResult());

        Assert.Equal((6, 6), (journal.Head(0), journal.Head(1)));
        journal.Append([Some.Segment(0, 6)]);
    }

    [PostgresFact]
    public void An_append_that_goes_on_after_its_link_was_cut_is_over_before_the_head_is_told() =>
        Assert.True(Enumerable.Range(0, 5).Any(_ => HeadIsToldWhenAnAppendThatGoesOnIsOver()), "it never went on");

    /// <returns>False where the machine was so busy that it had waited for as long as it may before the head was asked for.</returns>
    private bool HeadIsToldWhenAnAppendThatGoesOnIsOver()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var link = new FaultyLink(database.Server.Port);
        var journal = Filled(database, 1, link.Port);
        using var holder = new NpgsqlConnection(database.Superuser);
        holder.Open();
        using (var hold = new NpgsqlCommand("BEGIN; SELECT FROM amoe.shard WHERE id = 0 FOR UPDATE", holder))
            hold.ExecuteNonQuery();

        var appending = Task.Run(() => journal.Append([Some.Segment(0, 3)]));
        Until(() => Waiting(database) == 1 || appending.IsCompleted);
        link.DropReplies();
        link.Cut();
        Some.AssertRefused(() => appending.GetAwaiter().GetResult());

        // The server still waits to append; asked for the head it must not say 3 and append afterwards.
        var goesOn = Waiting(database) == 1;
        Assert.Equal(3, journal.Head(0));
        Assert.Equal(0, Waiting(database));
        using (var release = new NpgsqlCommand("COMMIT", holder))
            release.ExecuteNonQuery();
        journal.Append([Some.Segment(0, 3)]);
        Assert.Equal(6, journal.Head(0));
        return goesOn;
    }

    [PostgresFact]
    public void Rows_that_somebody_holds_locked_stop_an_append_only_so_long()
    {
        var (database, journal) = Filled(1);
        using var holder = new NpgsqlConnection(database.Superuser);
        holder.Open();
        using (var hold = new NpgsqlCommand("BEGIN; SELECT FROM amoe.shard WHERE id = 0 FOR UPDATE", holder))
            hold.ExecuteNonQuery();
        Some.AssertRefused(() => journal.Append([Some.Segment(0, 3), Some.Segment(1, 3)]), "locked for too long", "nothing of this was written");
        journal.Append([Some.Segment(1, 3)]);
        Assert.Equal(3, journal.Head(0));
    }

    [PostgresFact]
    public async Task Several_append_at_the_same_time_each_to_its_own_shards()
    {
        var (_, journal) = Filled(1);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(appender => Task.Run(() =>
        {
            for (var round = 1; round < 50; round++)
                journal.Append([Some.Segment(appender, round * 3), Some.Segment(appender + 4, round * 3)]);
        })));
        Assert.Equal(50 * Some.Shards, journal.ReadAll().Count());
    }

    private static JournalAddress Address(PrivateDatabase database, string more = "") => JournalAddress.Parse(database.Url + more);

    /// <summary>How many wait in it for what somebody has locked.</summary>
    private static long Waiting(PrivateDatabase database) =>
        database.Scalar<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");

    private static void Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
            patience.Token.ThrowIfCancellationRequested();
    }

    private (PrivateDatabase Database, HostsJournal Journal) Filled(int rounds, int length = 100, PrivatePostgres? server = null)
    {
        var database = (server ?? PrivatePostgres.Shared).NewDatabase();
        return (database, Filled(database, rounds, database.Server.Port, length));
    }

    private HostsJournal Filled(PrivateDatabase database, int rounds, int port, int length = 100)
    {
        var address = JournalAddress.Parse(database.Url.Replace($":{database.Server.Port}/", $":{port}/", StringComparison.Ordinal));
        var journal = HostsJournal.Create(address, Some.Identity);
        _opened.Add(journal);
        database.Execute("UPDATE amoe.shard SET epoch = 1");
        Some.Fill(journal, rounds, length);
        return journal;
    }
}
