using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>The right of a process to answer for a journal in a database, and its loss.</summary>
public sealed class PostgresLeaseTests
{
    private static readonly TimeSpan Patience = PostgresPartitions.Patience;

    [PostgresFact]
    public async Task It_is_refused_in_one_line_that_names_who_holds_and_renews_it()
    {
        var database = Created();
        using var held = await TakeAsync(database, "simulate of ahmed");
        var refused = await Assert.ThrowsAsync<JournalException>(() => TakeAsync(database, "another"));
        Assert.EndsWith(
            "it is in use by simulate of ahmed. Stop that one first.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.True(held.IsHeld);
        Assert.Null(held.Lost);
    }

    [PostgresFact]
    public async Task It_is_free_at_once_after_an_orderly_end()
    {
        var database = Created();
        (await TakeAsync(database, "first")).Dispose();

        // This clock does not advance, so any wait would never end.
        using var next = await TakeAsync(database, "next", new VirtualTime()).WaitAsync(Patience);
        Assert.Equal(2, next.Holder);
    }

    /// <summary>
    /// A gate on a busy machine ended here: the server took longer for the first statement than a renewal is given.
    /// </summary>
    [PostgresFact]
    public async Task It_is_taken_late_from_a_server_that_is_busy_for_longer_than_a_renewal_is_given()
    {
        var database = Created();
        await using var busy = new NpgsqlConnection(database.App);
        await busy.OpenAsync();
        busy.Run("BEGIN; LOCK TABLE amoe.lease IN ACCESS EXCLUSIVE MODE");
        var taking = Task.Run(() => TakeAsync(database, "one"));
        await database.GivenUpAsync();

        busy.Run("ROLLBACK");
        using var lease = await taking.WaitAsync(Patience);
        Assert.True(lease.IsHeld);
    }

    [PostgresFact]
    public async Task One_whose_holder_died_is_waited_for_and_he_answers_nothing_by_then()
    {
        var database = Created();
        using var link = new FaultyLink(database.Server.Port);
        var way = JournalAddress.Parse(
            database.Url.Replace($":{database.Server.Port}/", $":{link.Port}/", StringComparison.Ordinal));
        using var dead = await PostgresLease.TakeAsync(new PostgresDatabase(way), "dead", TimeProvider.System);
        Assert.True(dead.IsHeld);
        link.Dispose();

        using var waited = ServerStopwatch.Start(database);
        using var next = await TakeAsync(database, "next").WaitAsync(Patience);
        Assert.False(dead.IsHeld);
        waited.AssertInRange(TimeSpan.FromSeconds(1), PostgresLease.Duration + TimeSpan.FromSeconds(3));
        Assert.True(next.IsHeld);
    }

    [PostgresFact]
    public async Task Its_deadline_is_on_the_monotonic_clock_and_ends_before_others_may_take_it()
    {
        var (database, time) = (Created(), new JumpingTime());
        using var lease = await TakeAsync(database, "one", time);
        time.JumpWall(TimeSpan.FromDays(-400));
        Assert.True(lease.IsHeld);
        time.JumpWall(TimeSpan.FromDays(800));
        Assert.True(lease.IsHeld);

        time.JumpMonotonic(PostgresLease.Duration - TimeSpan.FromMilliseconds(500));
        Assert.False(lease.IsHeld);
        Assert.Null(lease.Lost);
        await PostgresPartitions.Until(() => lease.IsHeld);
    }

    [PostgresFact]
    public async Task A_frozen_holders_open_transaction_is_ended_at_takeover_and_blocks_no_other()
    {
        var partitions = await PostgresPartitions.CreateAsync(2);
        await using var frozen = await partitions.OpenAsync("frozen");
        using var session = new NpgsqlConnection(frozen.Journal.ConnectionString);
        session.Open();
        using var transaction = session.BeginTransaction();
        var end = frozen.Journal.Frames.With(reader => reader.End(0));
        PostgresPartitions.Insert(
            session, "partition-0", end.NextSequenceNumber, PostgresPartitions.Started(0, end, end.Incarnation));

        Freeze(partitions.Database);
        using var waited = ServerStopwatch.Start(partitions.Database);
        await using var successor = await partitions.OpenAsync("successor");
        waited.AssertInRange(TimeSpan.Zero, PostgresLease.Duration);
        Assert.True(successor.Serves);
        Assert.Equal(PostgresErrorCodes.AdminShutdown, Assert.Throws<PostgresException>(transaction.Commit).SqlState);
        Assert.Equal(Outcome.Done, await successor.AskAsync(Traffic.Declare(successor.StudentOf(0))));
    }

    [PostgresFact]
    public async Task It_is_renewed_on_time_under_load()
    {
        var partitions = await PostgresPartitions.CreateAsync(8);
        await using var runtime = await partitions.OpenAsync("one");
        var load = new RegistrationLoad(runtime, sendersEach: 32);
        var renewals = new HashSet<DateTime>();
        while (renewals.Count < 6)
        {
            renewals.Add(partitions.Database.Scalar<DateTime>("SELECT lasts_until FROM amoe.lease"));
            Assert.True(runtime.Journal.Lease.IsHeld);
            Assert.True(
                partitions.Database.Scalar<bool>("SELECT lasts_until > now() + interval '1 second' FROM amoe.lease"));
            await Task.Yield();
        }

        await load.StopAsync();
        Assert.Empty(load.Unknown);
        Assert.Null(runtime.Journal.Lease.Lost);
    }

    [PostgresFact]
    public async Task A_holder_who_lost_it_says_so_and_answers_nothing_from_memory()
    {
        var partitions = await PostgresPartitions.CreateAsync(4, ledgers: 1);
        await using var former = await partitions.OpenAsync("former");
        var students = Enumerable.Range(0, 4).Select(former.StudentOf).ToList();
        foreach (var student in students)
            Assert.Equal(Outcome.Done, await former.AskAsync(Traffic.Declare(student)));
        using var successor = await TakeOverAsync(partitions, former);
        var line = former.Journal.Lease.Lost!;
        Assert.Contains("it was taken over by successor", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);

        foreach (var student in students)
        {
            Assert.Equal(
                Outcome.Unknown,
                await former.AskAsync(new AskEntitlement(new StudentId(student), Traffic.Day, Traffic.Day)));
            Assert.Equal(Outcome.Unknown, await former.AskAsync(Traffic.Declare(student)));
        }

        // The day is open, which each partition knows by heart.
        await former.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day).WaitAsync(Patience);
        await PostgresPartitions.Until(() => former.OutOfService.Count == 5);
        Assert.All(former.OutOfService.Values, why => Assert.Equal(line, why));
    }

    /// <summary>
    /// The successor has written nothing in any partition, so no key keeps the former holder from writing.
    /// </summary>
    [PostgresFact]
    public async Task A_holder_who_lost_it_writes_nothing_more()
    {
        var partitions = await PostgresPartitions.CreateAsync(4);
        await using var former = await partitions.OpenAsync("former");
        using var successor = await TakeOverAsync(partitions, former);
        var rows = partitions.Database.Scalar<long>("SELECT count(*) FROM amoe.journal");

        await former.Runtime.MarkDay(CommandKind.OpenDay, Traffic.Day.AddDays(1)).WaitAsync(Patience);
        for (var partition = 0; partition < 4; partition++)
            Assert.Equal(Outcome.Unknown, await former.AskAsync(Traffic.Declare(former.StudentOf(partition))));
        await PostgresPartitions.Until(() => former.OutOfService.Count == 5);
        Assert.Contains("journal", former.OutOfService.Keys);
        Assert.All(former.OutOfService.Values, why => Assert.Equal(former.Journal.Lease.Lost, why));
        Assert.Equal(rows, partitions.Database.Scalar<long>("SELECT count(*) FROM amoe.journal"));
    }

    [PostgresFact]
    public async Task A_journal_that_is_taken_over_under_load_has_all_that_its_former_holder_acknowledged()
    {
        var partitions = await PostgresPartitions.CreateAsync(8, ledgers: 1);
        await using var former = await partitions.OpenAsync("former");
        var load = new RegistrationLoad(former);
        await PostgresPartitions.Until(() => load.Acknowledged.Count > 200);
        Freeze(partitions.Database);
        await using var successor = await partitions.OpenAsync("successor");
        var further = new RegistrationLoad(successor, number: 1);
        await PostgresPartitions.Until(() =>
            former.Runtime.Partitions.Take(8).All(host => host.OutOfService is not null));
        await load.StopAsync();
        await PostgresPartitions.Until(() => further.Acknowledged.Count > 200);
        await further.StopAsync();

        Assert.All(former.OutOfService.Values, why => Assert.Equal(former.Journal.Lease.Lost, why));
        Assert.Empty(successor.OutOfService);
        await RegistrationLoad.RequireAcknowledgedAsync(successor, load, further);
    }

    [PostgresFact]
    public async Task One_who_cannot_reach_the_server_answers_nothing_from_memory_after_the_deadline_and_goes_on_when_it_answers()
    {
        using var server = PrivatePostgres.Start();
        var partitions = await PostgresPartitions.CreateAsync(2, server: server);
        var time = new JumpingTime();
        await using var runtime = await partitions.OpenAsync("one", leaseTime: time);
        var student = runtime.StudentOf(0);
        Assert.Equal(Outcome.Done, await runtime.AskAsync(Traffic.Declare(student)));
        var (question, incarnation) = (new AskEntitlement(new StudentId(student), Traffic.Day, Traffic.Day),
            runtime.Runtime.IncarnationOf(0));

        server.Stop();
        Assert.Equal(Outcome.Answered, await runtime.AskAsync(question));
        time.JumpMonotonic(PostgresLease.Duration);
        var (asked, declared) = (runtime.AskAsync(question), runtime.AskAsync(Traffic.Declare(student)));
        await PostgresPartitions.Until(() => runtime.Runtime.Partitions[0].UnderWay == 2);
        Assert.False(runtime.Journal.Lease.IsHeld);
        Assert.False(asked.IsCompleted || declared.IsCompleted);

        server.Restart();
        Assert.Equal(Outcome.Answered, await asked);
        Assert.Equal(Outcome.Done, await declared);
        Assert.Null(runtime.Journal.Lease.Lost);
        Assert.Equal(incarnation, runtime.Runtime.IncarnationOf(0));
    }

    [PostgresFact]
    public async Task One_who_cannot_reach_the_server_for_longer_than_answers_wait_says_so_and_goes_on_when_it_answers()
    {
        using var server = PrivatePostgres.Start();
        var partitions = await PostgresPartitions.CreateAsync(2, server: server);
        var time = new JumpingTime();
        await using var runtime = await partitions.OpenAsync(
            "one", new EngineOptions { WriteHeldMax = TimeSpan.Zero }, leaseTime: time);
        var student = runtime.StudentOf(0);
        Assert.Equal(Outcome.Done, await runtime.AskAsync(Traffic.Declare(student)));
        var question = new AskEntitlement(new StudentId(student), Traffic.Day, Traffic.Day);

        server.Stop();
        Assert.Equal(Outcome.Answered, await runtime.AskAsync(question));
        time.JumpMonotonic(PostgresLease.Duration);
        Assert.Equal(Outcome.Unknown, await runtime.AskAsync(question));
        Assert.Equal(Outcome.Unknown, await runtime.AskAsync(Traffic.Declare(student)));

        server.Restart();
        await PostgresPartitions.Until(() => runtime.Serves && runtime.Journal.Lease.IsHeld);
        Assert.Equal(Outcome.Answered, await runtime.AskAsync(question));
        Assert.Equal(Outcome.Done, await runtime.AskAsync(Traffic.Declare(student)));
        Assert.Null(runtime.Journal.Lease.Lost);
    }

    private static PrivateDatabase Created()
    {
        var database = PrivatePostgres.Shared.NewDatabase();
        PostgresSchema.Create(
            new PostgresDatabase(JournalAddress.Parse(database.Url)), PostgresPartitions.IdentityOf(2));
        return database;
    }

    private static Task<PostgresLease> TakeAsync(PrivateDatabase database, string name, TimeProvider? time = null) =>
        PostgresLease.TakeAsync(
            new PostgresDatabase(JournalAddress.Parse(database.Url)), name, time ?? TimeProvider.System);

    /// <summary>The successor has the lease and starts no partitions; the former holder has noticed.</summary>
    private static async Task<PostgresJournal> TakeOverAsync(PostgresPartitions partitions, WritingRuntime former)
    {
        Freeze(partitions.Database);
        var successor = await PostgresJournal.OpenAsync(partitions.Address, "successor", TimeProvider.System);
        await PostgresPartitions.Until(() => former.Journal.Lease.Lost is not null);
        return successor;
    }

    /// <summary>
    /// As when its holder is frozen for longer than it lasts: it has run out, and the holder does not renew it.
    /// </summary>
    private static void Freeze(PrivateDatabase database)
    {
        var holder = database.Scalar<long>("SELECT holder FROM amoe.lease");
        database.Execute($"""
            UPDATE amoe.lease SET lasts_until = '-infinity';
            CREATE FUNCTION amoe.frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''its holder is frozen (a test)''; END';
            CREATE TRIGGER frozen BEFORE UPDATE ON amoe.lease FOR EACH ROW
                WHEN (OLD.holder = {holder} AND NEW.holder = {holder}) EXECUTE FUNCTION amoe.frozen();
            """);
    }
}
