using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Journal;
using Amoe.Tests.Postgres;
using Npgsql;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>A journal is written by one process or by the hosts of a cluster, and never by both.</summary>
public sealed class PostgresExclusionTests
{
    private static readonly TimeSpan Patience = PostgresPartitions.Patience;

    [PostgresFact]
    public async Task A_host_is_refused_in_one_line_that_names_the_process_that_has_the_journal_to_itself()
    {
        var database = RegisteredHost.NewJournal();
        var held = await TakeAsync(database, "simulate of ahmed");
        Some.AssertRefused(
            () => RegisteredHost.Register(database, "one"), "it is in use by simulate of ahmed. Stop that one first.");
        Assert.Equal(0, database.Scalar<long>("SELECT count(*) FROM amoe.host"));
        Assert.True(held.IsHeld);
        held.Dispose();
        using var host = RegisteredHost.Register(database, "one");
        Assert.True(host.Registration.Founds);
    }

    [PostgresFact]
    public async Task A_process_is_refused_in_one_line_that_names_the_hosts_that_live()
    {
        var database = RegisteredHost.NewJournal();
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        using var gone = RegisteredHost.Register(database, "gone");
        one.BeginLease();
        other.BeginLease();
        database.RunOut(gone);
        var refused = await Assert.ThrowsAsync<JournalException>(() =>
            TakeAsync(database, "simulate").WaitAsync(Patience));
        Assert.EndsWith(
            "it is in use by hosts at http://one, http://other. Stop them first.", refused.Message,
            StringComparison.Ordinal);
        Assert.True(one.Lease!.IsHeld);
        Assert.False(database.IsDead(gone));

        foreach (var host in new[] { one, other })
        {
            host.Lease!.Dispose();
            host.Hosts.Leave(host.Id);
        }

        using var held = await TakeAsync(database, "simulate").WaitAsync(Patience);
        Assert.True(held.IsHeld);
    }

    [PostgresFact]
    public async Task A_process_waits_for_a_host_that_died_until_its_lease_has_run_out_even_where_it_is_known_to_be_dead()
    {
        var database = RegisteredHost.NewJournal();
        using var dead = RegisteredHost.Register(database, "dead", isSilent: true);
        using var other = RegisteredHost.Register(database, "other");
        Assert.True(other.TryOutvote(dead));
        other.Hosts.Leave(other.Id);
        using var waited = ServerStopwatch.Start(database);
        using var held = await TakeAsync(database, "simulate").WaitAsync(Patience);
        waited.AssertInRange(TimeSpan.FromSeconds(1), PostgresLease.Duration + TimeSpan.FromSeconds(3));
        Assert.True(database.Scalar<bool>($"SELECT lasts_until <= now() FROM amoe.host WHERE id = {dead.Id}"));
    }

    [PostgresFact]
    public async Task A_host_that_was_frozen_while_a_process_took_the_journal_hears_of_it_when_it_wakes()
    {
        var database = RegisteredHost.NewJournal();
        using var frozen = RegisteredHost.Register(database, "frozen");
        var lost = frozen.BeginLease();
        database.Freeze(frozen);
        using var held = await TakeAsync(database, "simulate of ahmed").WaitAsync(Patience);
        database.Wake(frozen);
        var line = await lost.WhenLost.WaitAsync(Patience);
        Assert.Contains("it was taken over by simulate of ahmed", line, StringComparison.Ordinal);
        Assert.False(lost.IsHeld);
        Assert.False(frozen.TryHold(0));
        Some.AssertRefused(
            () => frozen.Hosts.Register(frozen.Member, "http://frozen", "build", EventCodec.Version),
            "it is in use by simulate of ahmed");
        Assert.True(held.IsHeld);
    }

    [PostgresFact]
    public async Task A_process_that_was_frozen_while_a_host_registered_hears_of_it_and_its_open_transaction_is_ended()
    {
        var database = RegisteredHost.NewJournal();
        var frozen = new PostgresDatabase(JournalAddress.Parse(database.Url));
        using var lost = await PostgresLease.TakeAsync(frozen, "frozen", TimeProvider.System);
        using var session = new NpgsqlConnection(frozen.ConnectionString(PostgresUse.Write));
        session.Open();
        using var transaction = session.BeginTransaction();
        using var earlier = RegisteredAfterFreeze(database);
        Assert.True(earlier.Registration.Founds);
        Assert.Equal(PostgresErrorCodes.AdminShutdown, Assert.Throws<PostgresException>(transaction.Commit).SqlState);
        var line = await lost.WhenLost.WaitAsync(Patience);
        Assert.Contains("it was taken over by the host at http://next", line, StringComparison.Ordinal);
        Assert.False(lost.IsHeld);
    }

    [PostgresFact]
    public async Task Of_processes_and_hosts_that_begin_at_once_one_process_has_the_journal_or_the_hosts_have_it()
    {
        var database = RegisteredHost.NewJournal();
        var outcomes = new HashSet<bool>();

        // Who won begins a little later in the next round. Left to chance, one side once won all forty on a busy
        // machine.
        var lead = TimeSpan.Zero;
        for (var round = 0; round < 40 && (round < 4 || outcomes.Count < 2); round++)
        {
            database.Execute("DELETE FROM amoe.host; UPDATE amoe.lease SET lasts_until = '-infinity'");
            var began = await HostFaults.AtOnceAsync(
                4, n => TryBegin(database, isHost: n % 2 == 0, n % 2 == 0 ? -lead : lead));
            var (hosts, processes) = (began.Count(one => one is RegisteredHost),
                began.Count(one => one is PostgresLease));
            Assert.True(
                (hosts, processes) is (2, 0) or (0, 1), $"{hosts} hosts and {processes} processes have the journal");
            outcomes.Add(hosts > 0);
            lead += (hosts > 0 ? -1 : 1) * TimeSpan.FromMilliseconds(25);
            foreach (var one in began)
                one?.Dispose();
        }

        Assert.Equal(2, outcomes.Count);
    }

    /// <summary>Null where it is refused. A wait that is negative is none.</summary>
    private static IDisposable? TryBegin(PrivateDatabase database, bool isHost, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
            Thread.Sleep(wait);
        try
        {
            if (isHost)
            {
                var host = RegisteredHost.Register(database, $"host{Environment.CurrentManagedThreadId}");
                host.BeginLease();
                return host;
            }

            var opened = new PostgresDatabase(JournalAddress.Parse(database.Url));
            opened.With(connection => PostgresSchema.RequireCurrent(opened, connection, isToBeWritten: true));
            return PostgresLease.TakeAsync(opened, "a process", TimeProvider.System).GetAwaiter().GetResult();
        }
        catch (JournalException e)
        {
            Assert.Contains("it is in use by", e.Message, StringComparison.Ordinal);
            return null;
        }
    }

    /// <summary>The holder of the lease does not renew it before a host has registered.</summary>
    private static RegisteredHost RegisteredAfterFreeze(PrivateDatabase database)
    {
        database.Execute("""
            UPDATE amoe.lease SET lasts_until = '-infinity';
            CREATE FUNCTION amoe.frozen_holder() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''it is frozen (a test)''; END';
            CREATE TRIGGER frozen BEFORE UPDATE ON amoe.lease FOR EACH ROW WHEN (OLD.holder = NEW.holder) EXECUTE FUNCTION amoe.frozen_holder();
            """);
        return RegisteredHost.Register(database, "next");
    }

    private static Task<PostgresLease> TakeAsync(PrivateDatabase database, string name) =>
        PostgresLease.TakeAsync(new PostgresDatabase(JournalAddress.Parse(database.Url)), name, TimeProvider.System);
}
