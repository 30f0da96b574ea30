using Akka.Actor;
using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Partitions;
using Amoe.Engine.Partitions.Quarantine;
using Amoe.Engine.Replay;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>Another try of students out of service, by the partition's actor.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly StudentId Student = new(1);

    /// <summary>
    /// The sums of the partition lack the student's events, so the actor stops in order and reads its log from the
    /// beginning.
    /// </summary>
    [Fact]
    public async Task A_student_whose_replay_failed_and_works_now_is_taken_in_by_a_replay_of_the_partition()
    {
        await using var harness = new PartitionHarness(new EngineOptions { SnapshotEveryBytes = 1 }, partitions: 1);
        foreach (var command in (Command[])[.. Traffic.Registered(1), .. Traffic.Registered(2)])
            Assert.True((await AskAsync(harness, command)).IsDecision);
        var digest = harness.Runtime.Inspect().Digest;
        harness.ThrowOnReplay(Student);
        await harness.CrashAndRestart();
        var partition = harness.Partitions.Partitions[0];
        Assert.NotEqual(digest, harness.Runtime.Inspect().Digest);
        Assert.NotNull(partition.Quarantines.Of(Student));
        Assert.Equal(RetryEnd.StillOut, await RetryAsync(partition));
        harness.ThrowOnReplay(null);

        var incarnation = partition.Incarnation;
        Assert.Equal(RetryEnd.Restarts, await RetryAsync(partition));

        using (var patience = new CancellationTokenSource(Patience))
        {
            while (partition.Incarnation == incarnation || !partition.IsServing)
                await Task.Delay(1, patience.Token);
        }

        Assert.Empty(harness.Runtime.Inspect().Quarantined);
        Assert.Equal(digest, harness.Runtime.Inspect().Digest);
        Assert.Null(partition.Quarantines.Of(Student));
        Assert.True((await AskAsync(harness, Traffic.Deposit(1, 64, Traffic.Day))).IsDecision);
        var replayed = JournalAudit.Run(
            harness.Journal, new AmoeLogic(Rulebook.Embedded), threads: 1, null, CancellationToken.None);
        Assert.Equal(harness.Runtime.Inspect().Digest, replayed.Digest);
    }

    [Fact]
    public async Task Each_asker_hears_of_all_students_that_it_asked_for()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1);
        await AskAsync(harness, Traffic.Declare(1));
        var partition = harness.Partitions.Partitions[0];
        var asked = await Task.WhenAll(
            AskAsync(partition, new RetryStudents(0, [Student, new StudentId(2)])),
            AskAsync(partition, new RetryStudents(0, [Student])), AskAsync(partition, new RetryStudents(0, [])));
        Assert.Equal(
            [[1, 2], [1], []],
            asked.Select(answer => answer.Students.Select(one => one.Student.Value).Order().ToArray()));
        Assert.All(asked.SelectMany(answer => answer.Students), one => Assert.Equal(RetryEnd.WasServed, one.End));
    }

    private static async Task<RetryEnd> RetryAsync(PartitionHost partition) =>
        Assert.Single((await AskAsync(partition, new RetryStudents(0, [Student]))).Students).End;

    private static Task<StudentsRetried> AskAsync(PartitionHost partition, RetryStudents retry) =>
        partition.Target(ActorRefs.Nobody).Ask<StudentsRetried>(retry, Patience);

    private static Task<Reply> AskAsync(PartitionHarness harness, Command command) =>
        harness.Runtime.Ask(command).WaitAsync(Patience);
}
