using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>
/// A command that names one incarnation of a partition is taken by no other, so later commands of a sender cannot
/// overtake lost ones.
/// </summary>
public sealed class IncarnationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_is_for_another_life_is_answered_unknown_and_not_decided()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1);
        Assert.Equal(1, harness.Runtime.IncarnationOf(0));
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(1), incarnation: 1));
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(2), incarnation: 0));

        harness.FailNextCommit();
        Assert.Equal(Outcome.Unknown, await Send(harness, Traffic.Declare(3), incarnation: 1));
        await harness.Served();
        Assert.Equal(2, harness.Runtime.IncarnationOf(0));
        Assert.Equal(Outcome.Unknown, await Send(harness, Traffic.Declare(4), incarnation: 1));
        Assert.Equal(2, harness.Runtime.Inspect().Totals[Counter.Commands]);
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(3), incarnation: 2));
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(4), incarnation: 2));
    }

    [Fact]
    public async Task A_partition_that_is_out_of_service_has_no_life_to_speak_to()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 2);
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(1), incarnation: 0));
        await harness.Crash();
        Journal.Sql.Run(
            harness.Path,
            "UPDATE journal SET message = X'00' WHERE persistence_id = 'partition-0' AND sequence_number = 1");
        harness.Start();
        Assert.Equal(
            (ICommandTarget.NoIncarnation, 2), (harness.Runtime.IncarnationOf(0), harness.Runtime.IncarnationOf(1)));
    }

    private static async Task<Outcome> Send(PartitionHarness harness, Command command, long incarnation)
    {
        var sender = new Sender(incarnation);
        Assert.True(harness.Runtime.TryPost(command, sender));
        return (await sender.Answer.WaitAsync(Patience)).Outcome;
    }

    private sealed class Sender(long incarnation) : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Incarnation => incarnation;

        public Task<Reply> Answer => _answer.Task;

        public void OnReply(StudentId student, in Reply reply) => _answer.TrySetResult(reply);
    }
}
