using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>Who speaks to one life of a partition is heard by no other: what he sent later cannot overtake what was lost.</summary>
public sealed class LifeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_is_for_another_life_is_answered_unknown_and_not_decided()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 1);
        Assert.Equal(1, harness.Runtime.LifeOf(0));
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(1), life: 1));
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(2), life: 0));

        harness.FailNextCommit();
        Assert.Equal(Outcome.Unknown, await Send(harness, Traffic.Declare(3), life: 1));
        await harness.Served();
        Assert.Equal(2, harness.Runtime.LifeOf(0));
        Assert.Equal(Outcome.Unknown, await Send(harness, Traffic.Declare(4), life: 1));
        Assert.Equal(2, harness.Runtime.Inspect().Totals[Counter.Commands]);
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(3), life: 2));
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(4), life: 2));
    }

    [Fact]
    public async Task A_partition_that_is_out_of_service_has_no_life_to_speak_to()
    {
        await using var harness = new PartitionHarness(new EngineOptions(), partitions: 2);
        Assert.Equal(Outcome.Done, await Send(harness, Traffic.Declare(1), life: 0));
        await harness.Crash();
        Journal.Sql.Run(harness.Path, "UPDATE journal SET message = X'00' WHERE persistence_id = 'partition-0' AND sequence_number = 1");
        harness.Start();
        Assert.Equal((ICommandTarget.NoLife, 2), (harness.Runtime.LifeOf(0), harness.Runtime.LifeOf(1)));
    }

    private static async Task<Outcome> Send(PartitionHarness harness, Command command, long life)
    {
        var sender = new Sender(life);
        Assert.True(harness.Runtime.TryPost(command, sender));
        return (await sender.Answer.WaitAsync(Patience)).Outcome;
    }

    private sealed class Sender(long life) : IReplyTo
    {
        private readonly TaskCompletionSource<Reply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Life => life;

        public Task<Reply> Answer => _answer.Task;

        public void OnReply(StudentId student, in Reply reply) => _answer.TrySetResult(reply);
    }
}
