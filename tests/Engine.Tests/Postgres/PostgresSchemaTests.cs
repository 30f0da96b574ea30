using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>
/// The tables of a partitions' journal: how they are created, brought up to date, recognised, and granted to the role
/// that uses them.
/// </summary>
public sealed class PostgresSchemaTests
{
    private static readonly JournalIdentity Identity = PostgresPartitions.IdentityOf(2);

    private static readonly string[] Newer = [
        .. PostgresSteps.All, "ALTER TABLE lease ADD note text NOT NULL DEFAULT ''"
    ];

    [PostgresFact]
    public void A_journal_is_made_whole_or_not_at_all()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        Some.AssertRefused(
            () =>
                PostgresSchema.Create(
                    Of(database), Identity, [.. PostgresSteps.All, "SELECT no_such_column FROM layout"]),
            "the server refused");
        Assert.False(database.Scalar<bool>("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'amoe')"));
        Assert.False(Journals.Exists(JournalAddress.Parse(database.Url)));

        PostgresSchema.Create(Of(database), Identity);
        using var journal = PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url));
        Assert.Equal(Identity, journal.Identity);
    }

    [PostgresFact]
    public async Task Of_several_that_make_it_at_the_same_time_one_does_and_the_others_say_that_there_is_one()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        using var start = new Barrier(4);
        var lines = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            try
            {
                PostgresSchema.Create(Of(database), Identity);
                return null;
            }
            catch (JournalException e)
            {
                return e.Message;
            }
        }, TaskCreationOptions.LongRunning)));
        Assert.Single(lines, line => line is null);
        Assert.All(
            lines.OfType<string>(),
            line => Assert.Contains("there is a journal already", line, StringComparison.Ordinal));
        Some.AssertRefused(() => PostgresSchema.Create(Of(database), Identity), "there is a journal already");
    }

    [PostgresFact]
    public void Tables_of_a_newer_version_are_refused()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(Of(database), Identity, Newer);
        Some.AssertRefused(
            () => PostgresJournal.OpenReadOnly(JournalAddress.Parse(database.Url)).Dispose(),
            "tables are of version 5 and this program knows 4", "or a newer one");
        Some.AssertRefused(
            () => RequireCurrent(database, isToBeWritten: true, PostgresSteps.All), "tables are of version 5");
        Assert.Equal(5, database.Scalar<int>("SELECT version FROM amoe.layout"));
    }

    [PostgresFact]
    public void Tables_of_an_older_version_are_brought_up_to_date_once_by_their_owner_and_by_no_reader()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(Of(database), Identity);
        Some.AssertRefused(
            () => RequireCurrent(database, isToBeWritten: false, Newer),
            "tables are of version 4 and this program reads 5", "Open it for writing once");
        Assert.Equal(4, database.Scalar<int>("SELECT version FROM amoe.layout"));

        // The second one's step would fail where the first one's is done.
        Parallel.For(0, 4, _ => RequireCurrent(database, isToBeWritten: true, Newer));
        Assert.Equal(5, database.Scalar<int>("SELECT version FROM amoe.layout"));
        RequireCurrent(database, isToBeWritten: false, Newer);
    }

    [PostgresFact]
    public async Task A_journal_that_knew_of_no_hosts_has_their_tables_once_it_is_opened_for_writing()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(Of(database), Identity, [PostgresSteps.All[0]]);
        Assert.Equal(1, database.Scalar<int>("SELECT version FROM amoe.layout"));
        (await PostgresJournal.OpenAsync(JournalAddress.Parse(database.Url), "the first", TimeProvider.System))
            .Dispose();
        Assert.Equal(
            0, database.Scalar<long>("SELECT (SELECT count(*) FROM amoe.host) + (SELECT count(*) FROM amoe.holding)"));

        var registered = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(Of(registered), Identity, [PostgresSteps.All[0]]);
        using var hosts = new PostgresHosts(Of(registered));
        Assert.True(hosts.Register("akka.tcp://amoe@a:1#1", "http://a", "tests", EventCodec.Version).Founds);
    }

    [PostgresFact]
    public void Hosts_of_a_journal_that_did_not_count_takings_hold_what_they_held()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(Of(database), Identity, [.. PostgresSteps.All.Take(3)]);
        database.Execute(
            "INSERT INTO amoe.host (member, endpoint, build, format, lasts_until) VALUES ('akka.tcp://amoe@a:1#1', 'http://a', 'tests', 2, now() + interval '1 hour')");
        database.Execute("INSERT INTO amoe.holding (partition, host) SELECT 0, id FROM amoe.host");
        using var hosts = new PostgresHosts(Of(database));
        var own = hosts.Register("akka.tcp://amoe@b:1#1", "http://b", "tests", EventCodec.Version);
        Assert.False(hosts.TryHold(0, own.Id));
        hosts.HandBack(0, own.Others[0].Id);
        Assert.True(hosts.TryHold(0, own.Id));
    }

    [PostgresFact]
    public void A_step_that_fails_leaves_the_tables_as_they_were()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(Of(database), Identity);
        Some.AssertRefused(
            () => RequireCurrent(database, isToBeWritten: true, [.. Newer, "SELECT no_such_column FROM layout"]),
            "the server refused");
        Assert.Equal(4, database.Scalar<int>("SELECT version FROM amoe.layout"));
        RequireCurrent(database, isToBeWritten: true, Newer);
    }

    [PostgresFact]
    public void The_refusal_of_a_role_that_does_not_own_them_names_who_brings_them_up_to_date()
    {
        var (database, role) = WithRole();
        PostgresSchema.Create(Of(database), Identity);
        PostgresJournal.Grant(JournalAddress.Parse(database.Url), "runs");
        var asRole = new PostgresDatabase(role);
        using var connection = asRole.Open(PostgresUse.Read);
        Some.AssertRefused(
            () => PostgresSchema.RequireCurrent(asRole, connection, isToBeWritten: true, Newer),
            "tables are of version 4, this program needs 5", "as the schema's owner");
        Assert.Equal(4, database.Scalar<int>("SELECT version FROM amoe.layout"));
    }

    [PostgresFact]
    public void The_layout_of_an_older_program_and_a_database_without_one_are_refused_in_one_line()
    {
        var (older, none) = (PrivatePostgres.Shared.NewDatabase(), PrivatePostgres.Shared.NewDatabase());
        older.Execute(
            $"CREATE SCHEMA amoe AUTHORIZATION {PrivatePostgres.AppRole}; CREATE TABLE amoe.journal (); CREATE TABLE amoe.segment ()");

        foreach (var isToBeWritten in new[] { false, true })
        {
            Some.AssertRefused(
                () => RequireCurrent(older, isToBeWritten, PostgresSteps.All),
                "a host of version 0.4 or older wrote this journal");
            Some.AssertRefused(
                () => RequireCurrent(none, isToBeWritten, PostgresSteps.All), "there is no journal in it");
        }

        Some.AssertRefused(() => PostgresSchema.Create(Of(older), Identity), "there is a journal already");
    }

    [PostgresFact]
    public async Task A_granted_role_runs_partitions_keeps_snapshots_and_adopts_rulebooks_and_can_change_nothing_that_was_appended()
    {
        var (database, role) = WithRole();
        PostgresSchema.Create(Of(database), PostgresPartitions.IdentityOf(2, ledgers: 1));
        Some.AssertRefused(() => PostgresJournal.OpenReadOnly(role).Dispose(), "user runs may not", "journal grant");
        Some.AssertRefused(
            () => PostgresJournal.Grant(JournalAddress.Parse(database.Url), "stranger here"), "no role stranger here");
        PostgresJournal.Grant(JournalAddress.Parse(database.Url), "runs");
        Some.AssertRefused(
            () => PostgresJournal.Grant(role, "runs"), "only the schema's owner may grant it",
            $"Connect as {PrivatePostgres.AppRole}.");

        await RunAsync(database, role, Traffic.Day);
        await JournalAdoption.AdoptAsync(
            role, Amendments.SpecialistFrom(Traffic.Day.AddDays(5), 20_000), TimeProvider.System)
                .WaitAsync(PostgresPartitions.Patience);
        await RunAsync(database, role, Traffic.Day.AddDays(5));
        using (var journal = PostgresJournal.OpenReadOnly(role))
            Assert.Single(journal.Adoptions);

        using var connection = new NpgsqlConnection(role.Connection.ConnectionString);
        connection.Open();
        foreach (var harm in new[]
        {
            "UPDATE amoe.journal SET message = ''", "DELETE FROM amoe.journal", "TRUNCATE amoe.journal",
            "DROP TABLE amoe.journal", "ALTER TABLE amoe.journal ADD mine text",
            "UPDATE amoe.layout SET version = 2", "DELETE FROM amoe.layout", "DELETE FROM amoe.lease",
            "INSERT INTO amoe.lease VALUES (false, 1, '', now())",
            "TRUNCATE amoe.snapshot", "CREATE TABLE amoe.mine ()",
        })
        {
            Assert.Equal(
                PostgresErrorCodes.InsufficientPrivilege,
                Assert.Throws<PostgresException>(() => PostgresPartitions.Run(connection, harm)).SqlState);
        }
    }

    /// <summary>Runs partitions as a role, which take and delete snapshots and come back from them.</summary>
    private static async Task RunAsync(PrivateDatabase database, JournalAddress role, DateOnly day)
    {
        var partitions = PostgresPartitions.Of(database);
        await using (var runtime = await partitions.OpenAsync(
            "the role", new EngineOptions { SnapshotEveryBytes = 1 }, address: role))
        {
            await runtime.Runtime.MarkDay(CommandKind.OpenDay, day).WaitAsync(PostgresPartitions.Patience);
            for (var student = 1ul; student <= 20; student++)
            {
                foreach (var command in Traffic.Registered(student))
                    Assert.NotEqual(Outcome.Unknown, await runtime.AskAsync(command));
            }

            // The older ones are deleted once the newer is kept.
            await PostgresPartitions.Until(() => database.Scalar<long>("SELECT count(*) FROM amoe.snapshot") == 3);
            Assert.Empty(runtime.Warnings);
            Assert.True(runtime.Runtime.SnapshotBytes > 0);
        }

        await using var next = await partitions.OpenAsync("the role again", address: role);
        Assert.True(next.Serves);
        Assert.Empty(next.Warnings);
        Assert.Equal(20, next.Runtime.Inspect().Totals[Figures.Counter.Declarations]);
    }

    private static PostgresDatabase Of(PrivateDatabase database) => new(JournalAddress.Parse(database.Url));

    private static void RequireCurrent(PrivateDatabase database, bool isToBeWritten, IReadOnlyList<string> steps)
    {
        var opened = Of(database);
        using var connection = opened.Open(PostgresUse.Read);
        PostgresSchema.RequireCurrent(opened, connection, isToBeWritten, steps);
    }

    /// <summary>A database, and the address in it of a role that owns nothing.</summary>
    internal static (PrivateDatabase Database, JournalAddress Role) WithRole()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        database.Execute(
            "DO $$ BEGIN CREATE ROLE runs LOGIN PASSWORD 'run'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
        return (database,
            JournalAddress.Parse(
                database.Url.Replace(
                    $"{PrivatePostgres.AppRole}:{database.Server.AppPassword}", "runs:run", StringComparison.Ordinal)));
    }
}
