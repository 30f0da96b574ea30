using Amoe.Engine.Journal;
using Amoe.Engine.Journal.Postgres;
using Amoe.Engine.Tests.Journal;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Postgres;

/// <summary>How long a host may answer from memory, and how it notices that it may no longer.</summary>
public sealed class PostgresHostLeaseTests
{
    private static readonly TimeSpan Patience = PostgresPartitions.Patience;

    [PostgresFact]
    public async Task It_is_renewed_as_long_as_the_host_lives()
    {
        var database = RegisteredHost.NewJournal();
        using var host = RegisteredHost.Register(database, "one");
        var lease = host.BeginLease();
        Assert.True(lease.IsHeld);
        Assert.Equal(
            $"amoe {database.Scalar<uint>("SELECT oid FROM pg_namespace WHERE nspname = 'amoe'")}:host {host.Id}",
            host.Database.ApplicationName);
        var renewals = new HashSet<DateTime>();
        while (renewals.Count < 3)
        {
            renewals.Add(database.Scalar<DateTime>("SELECT lasts_until FROM amoe.host"));
            Assert.True(lease.IsHeld);
            await Task.Yield();
        }

        lease.Dispose();
        Assert.False(lease.IsHeld);
        Assert.Null(lease.Lost);
        Assert.False(lease.WhenLost.IsCompleted);
    }

    [PostgresFact]
    public async Task A_host_that_is_declared_dead_hears_of_it_with_its_next_renewal()
    {
        var database = RegisteredHost.NewJournal();
        using var one = RegisteredHost.Register(database, "one");
        using var other = RegisteredHost.Register(database, "other");
        var (lost, kept) = (one.BeginLease(), other.BeginLease());
        using var heard = ServerStopwatch.Start(database);
        Assert.True(other.TryOutvote(one));
        var line = await lost.WhenLost.WaitAsync(Patience);
        heard.AssertInRange(TimeSpan.Zero, PostgresLease.Duration);
        Assert.Equal(lost.Lost, line);
        Assert.Contains(
            "the other hosts have gone on without this one, because it had not been heard of", line,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.False(lost.IsHeld);
        Assert.True(kept.IsHeld);
        Assert.Null(kept.Lost);
        Some.AssertRefused(() => one.BeginLease(), line);
    }

    [PostgresFact]
    public async Task Its_deadline_is_on_the_monotonic_clock_and_ends_before_others_may_take_a_partition()
    {
        var (database, time) = (RegisteredHost.NewJournal(), new JumpingTime());
        using var host = RegisteredHost.Register(database, "one");
        var lease = host.BeginLease(time);
        time.JumpWall(TimeSpan.FromDays(-400));
        Assert.True(lease.IsHeld);
        time.JumpWall(TimeSpan.FromDays(800));
        Assert.True(lease.IsHeld);

        time.JumpMonotonic(PostgresLease.Duration - TimeSpan.FromMilliseconds(500));
        Assert.False(lease.IsHeld);
        Assert.False(database.Scalar<bool>("SELECT lasts_until <= now() FROM amoe.host"));
        await PostgresPartitions.Until(() => lease.IsHeld);
        Assert.Null(lease.Lost);
    }

    [PostgresFact]
    public async Task A_host_paused_for_longer_than_its_lease_has_lost_it_for_good()
    {
        var (database, time) = (RegisteredHost.NewJournal(), new JumpingTime());
        using var host = RegisteredHost.Register(database, "one");
        var lease = host.BeginLease(time);
        time.JumpMonotonic(TimeSpan.FromSeconds(30));
        Assert.False(lease.IsHeld);
        var line = await lease.WhenLost.WaitAsync(Patience);
        Assert.Contains("this process stood still for 30 s", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        Assert.Equal(line, lease.Lost);
        Assert.False(lease.IsHeld);
    }

    [PostgresFact]
    public async Task A_host_that_cannot_reach_the_server_answers_nothing_after_the_deadline_and_goes_on_when_it_answers()
    {
        using var server = PrivatePostgres.Start();
        var (database, time) = (server.NewDatabase(), new JumpingTime());
        PostgresSchema.Create(
            new PostgresDatabase(JournalAddress.Parse(database.Url)), PostgresPartitions.IdentityOf(2));
        using var host = RegisteredHost.Register(database, "one");
        var lease = host.BeginLease(time);
        Assert.True(host.TryHold(0));
        server.Stop();
        Assert.True(lease.IsHeld);
        time.JumpMonotonic(PostgresLease.Duration - TimeSpan.FromMilliseconds(500));
        Assert.False(lease.IsHeld);
        Assert.Throws<JournalUnavailableException>(() => host.TryHold(0));

        server.Restart();
        await PostgresPartitions.Until(() => lease.IsHeld);
        Assert.Null(lease.Lost);
        Assert.True(host.TryHold(0));
    }

    [PostgresFact]
    public async Task A_frozen_host_is_dead_once_another_has_its_partition_and_answers_nothing_by_then()
    {
        var database = RegisteredHost.NewJournal();
        using var link = new FaultyLink(database.Server.Port);
        var way = JournalAddress.Parse(
            database.Url.Replace($":{database.Server.Port}/", $":{link.Port}/", StringComparison.Ordinal));
        using var frozen = RegisteredHost.Register(database, "frozen", way);
        using var heir = RegisteredHost.Register(database, "heir");
        var (lost, kept) = (frozen.BeginLease(), heir.BeginLease());
        Assert.True(frozen.TryHold(0));
        Assert.True(heir.TryOutvote(frozen));
        link.Dispose();

        using var waited = ServerStopwatch.Start(database);
        await PostgresPartitions.Until(() => heir.TryHold(0));
        Assert.False(lost.IsHeld);
        waited.AssertInRange(TimeSpan.FromSeconds(1), PostgresLease.Duration + TimeSpan.FromSeconds(3));
        Assert.True(kept.IsHeld);
    }
}
