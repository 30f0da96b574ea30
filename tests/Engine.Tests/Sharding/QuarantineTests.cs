using System.Diagnostics;
using Amoe.Engine.Actors;
using Amoe.Engine.Actors.Sharding;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Tests.Runtime;
using Amoe.Tests.Postgres;

namespace Amoe.Engine.Tests.Sharding;

/// <summary>
/// Students and partitions out of service on hosts: hosts say so, senders learn it, and another try brings them back.
/// </summary>
public sealed class QuarantineTests
{
    private static readonly StudentId Student = new(1);
    private static readonly int Partition = Student.PartitionOf(LittleCluster.Partitions);
    private static readonly TimeSpan _atOnce = TimeSpan.FromSeconds(1);
    private static readonly AskClaim Question = new(Student, 64, Traffic.Day);

    [PostgresFact]
    public async Task A_student_whose_damaged_record_was_restored_is_served_again_by_the_host_that_has_the_student()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 2, recentBytesMax: 0);
        await cluster.OpenDayAsync();
        await PassivatedAsync(cluster);
        cluster.FlipBit(Partition);
        Assert.Equal(Outcome.Quarantined, (await AskAsync(cluster, Question)).Outcome);
        var hosts = cluster.Rows;
        await using var client = QuarantineClient.Start(hosts[0], tls: null, _ => { });

        var answers = await Task.WhenAll(hosts.Select(client.ListAsync));
        Assert.All(answers, Assert.NotNull);
        var holder = answers.Single(answer => answer!.Students.Length > 0)!;
        var listed = Assert.Single(holder.Students);
        Assert.Equal((Student, Partition, Traffic.Day), (listed.Student, listed.Partition, listed.Day));
        Assert.NotNull(listed.Since);
        Assert.Contains("its checksum does not match its content", listed.Why, StringComparison.Ordinal);
        var host = hosts.Single(row => row.Id == holder.Host);
        var other = hosts.Single(row => row.Id != holder.Host);
        var retry = new RetryStudents(Partition, [Student, new StudentId(999)]);

        Assert.Equal(RetryEnd.NotHere, (await client.RetryAsync(other, retry))!.Students[0].End);
        Assert.Equal(RetryEnd.StillOut, EndOf(await client.RetryAsync(host, retry)));
        cluster.FlipBit(Partition);
        Assert.Equal(RetryEnd.Served, EndOf(await client.RetryAsync(host, retry)));

        Assert.Equal(ClaimStatus.Paid, Assert.IsType<ClaimAnswer>((await AskAsync(cluster, Question)).Answer).Status);
        Assert.Empty((await client.ListAsync(host))!.Students);
        Assert.Equal(RetryEnd.WasServed, EndOf(await client.RetryAsync(host, retry)));
    }

    /// <summary>Callers of such a partition waited out their patience, 30 s: the sender had no answer.</summary>
    [PostgresFact]
    public async Task Senders_of_a_partition_out_of_service_learn_it_within_a_second_and_it_is_served_again_once_it_can_be_followed()
    {
        await using var cluster = await LittleCluster.StartAsync(hosts: 1);
        await cluster.OpenDayAsync();
        await PassivatedAsync(cluster);
        await cluster.LeaveAsync(0, isToBeAwaited: false);
        cluster.FlipBit(Partition, sequenceNumber: 2);
        await cluster.AddAsync(outOfService: 1);
        await using var client = QuarantineClient.Start(cluster.Rows[0], tls: null, _ => { });
        await LittleCluster.UntilAsync(() =>
            client.ListAsync(cluster.Rows[0]).GetAwaiter().GetResult()?.Partitions.Length == 1);

        // The sender may still be opening a session with the host that left.
        Assert.Equal(Outcome.Unknown, (await AskAsync(cluster, Question)).Outcome);
        Assert.InRange(await QuickestUnknownAsync(cluster), TimeSpan.Zero, _atOnce);

        var retry = new RetryPartition(Partition);
        Assert.Equal(RetryEnd.StillOut, (await client.RetryAsync(cluster.Rows[0], retry))!.End);
        cluster.FlipBit(Partition, sequenceNumber: 2);
        Assert.Equal(RetryEnd.Served, (await client.RetryAsync(cluster.Rows[0], retry))!.End);
        Assert.Equal(Outcome.Answered, (await AskAsync(cluster, Question)).Outcome);
        Assert.Equal(RetryEnd.WasServed, (await client.RetryAsync(cluster.Rows[0], retry))!.End);
        Assert.Equal(1, await cluster.StudentsInJournalAsync());
    }

    /// <summary>
    /// How long the quickest of some answers took. A machine with thirty threads at work on two cores was late for one;
    /// senders that wait out their patience do so each time.
    /// </summary>
    private static async Task<TimeSpan> QuickestUnknownAsync(LittleCluster cluster)
    {
        var quickest = TimeSpan.MaxValue;
        for (var asked = 0; asked < 5 && quickest > _atOnce; asked++)
        {
            var watch = Stopwatch.StartNew();
            Assert.Equal(Outcome.Unknown, (await AskAsync(cluster, Question)).Outcome);
            if (watch.Elapsed < quickest)
                quickest = watch.Elapsed;
        }

        return quickest;
    }

    private static RetryEnd EndOf(StudentsRetried? retried) =>
        Assert.Single(retried!.Students, one => one.Student == Student).End;

    private static Task<Reply> AskAsync(LittleCluster cluster, Command command) =>
        cluster.Client.Ask(command).WaitAsync(LittleCluster.Patience);

    /// <summary>A registered student with a paid claim that is out of memory.</summary>
    private static async Task PassivatedAsync(LittleCluster cluster)
    {
        foreach (var command in (Command[])[
            .. Traffic.Registered(Student.Value), .. Traffic.PaidClaim(Student.Value, 64, Traffic.Day)
        ])
            Assert.True((await AskAsync(cluster, command)).IsDecision, $"{command.Id}");
    }
}
