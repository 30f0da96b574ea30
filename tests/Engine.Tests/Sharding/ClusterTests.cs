using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Journal;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>Partitions on several hosts that come, leave and die.</summary>
public sealed class ClusterTests
{
    private static readonly TimeSpan Patience = LittleCluster.Patience;

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
    public async Task A_sender_in_the_process_of_a_host_speaks_to_its_partitions_without_a_network()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 1);
        await cluster.OpenDayAsync();
        await using var sender = cluster.SenderBeside(0, knowsHosts: false);

        var replies = await cluster.AskAllAsync(1, 40, sender).WaitAsync(Patience);

        Assert.All(replies, reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(40, await cluster.StudentsInJournalAsync());
    }

    [PostgresFact]
    public async Task A_sender_in_the_process_of_a_host_follows_partitions_that_move_to_it_and_away()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);
        await cluster.OpenDayAsync();
        await using var sender = cluster.SenderBeside(1);
        await cluster.AskAllAsync(1, 40, sender);

        // To it, and then all to a third host: what is sent meanwhile is lost on either way, and sent again.
        var (arriving, first) = (cluster.LeaveAsync(0), cluster.AskAllAsync(41, 120, sender));
        Assert.All(await first.WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        await arriving;
        await cluster.AddAsync();
        var (leaving, second) = (cluster.LeaveAsync(0), cluster.AskAllAsync(121, 200, sender));
        Assert.All(await second.WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
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

        Assert.All(
            await cluster.AskAllAsync(21, 100).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
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

        Assert.All(
            await cluster.AskAllAsync(1, 60).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(60, await cluster.StudentsInJournalAsync());
    }

    /// <summary>They have it opened again, and wait for the ledgers, which move at the same time.</summary>
    [PostgresFact]
    public async Task Partitions_that_move_in_the_middle_of_a_day_go_on()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2, ledgers: 2);
        await cluster.OpenDayAsync();
        await cluster.AskAllAsync(1, 20);
        await cluster.LeaveAsync(0);
        await cluster.AddAsync();
        await cluster.LeaveAsync(0);

        Assert.All(
            await cluster.AskAllAsync(1, 60).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        await cluster.CloseDayAsync();
        Assert.Equal(60, await cluster.StudentsInJournalAsync());
    }

    [PostgresFact]
    public async Task A_host_that_is_not_the_journals_any_more_ends_and_says_why()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2);

        Assert.Contains(
            "the other hosts have gone on without this one", await cluster.EvictAsync(1), StringComparison.Ordinal);
    }

    /// <summary>
    /// The framework began the actor anew, and the partitions that had asked it for a day waited without end.
    /// </summary>
    [PostgresFact]
    public async Task A_host_whose_actor_fails_unexpectedly_says_so_and_leaves()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 1);

        Assert.Contains(
            "an internal error of akka://amoe/user/days (",
            await cluster.FailAsync(0, DayOpener.Name, new RelayAsked([1])), StringComparison.Ordinal);
    }

    /// <summary>
    /// Three of three starts ended like this while sharding's own leases were used: a partition held by a host that had
    /// no entity for it.
    /// </summary>
    [PostgresFact]
    public async Task A_partition_that_is_held_by_a_host_without_it_is_handed_back_to_the_one_that_has_it()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 3);
        await cluster.OpenDayAsync();
        cluster.Leak(from: 0, to: 1);

        await cluster.LeaveAsync(0);

        Assert.All(
            await cluster.AskAllAsync(1, 40).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal(40, await cluster.StudentsInJournalAsync());
    }

    /// <summary>
    /// An upgrade, host by host: the newer ones write what the older one reads, for as long as it is there.
    /// </summary>
    [PostgresFact]
    public async Task A_newer_format_is_written_once_every_host_reads_it_and_an_older_host_is_refused_then()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 0);
        cluster.WriteOlderFormat();
        await cluster.AddAsync(format: EventCodec.Version - 1);
        await cluster.AddAsync();
        await cluster.AddAsync();
        await cluster.OpenDayAsync();
        Assert.All(
            await cluster.AskAllAsync(1, 40).WaitAsync(Patience), reply => Assert.Equal(Outcome.Done, reply.Outcome));
        Assert.Equal([EventCodec.Version - 1, EventCodec.Version - 1, EventCodec.Version - 1], cluster.Formats);

        await cluster.LeaveAsync(0);

        await LittleCluster.UntilAsync(() => cluster.Formats.SequenceEqual([EventCodec.Version, EventCodec.Version]));
        var refusal = await Assert.ThrowsAsync<JournalException>(() =>
            cluster.AddAsync(format: EventCodec.Version - 1));
        Assert.Contains("Install the version that its hosts run", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(40, await cluster.StudentsInJournalAsync());
    }
}
