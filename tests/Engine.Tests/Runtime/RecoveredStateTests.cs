using Amoe.Engine.Actors;
using Amoe.Engine.Bytes;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Partitions;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>A shard's state is the same whether it was lived, read back from its snapshot or replayed from the journal.</summary>
public sealed class RecoveredStateTests
{
    private const int Students = 200;

    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_snapshot_and_a_replay_give_the_state_that_was_lived(ulong seed)
    {
        using var run = ScenarioRun.OverRuntime(seed, Rulebook.Embedded);
        await run.Play(Students, runtime => Assert.All(((SeededRuntime)runtime).Inner.Shards, shard =>
        {
            var bytes = SnapshotBytes.Of(shard.State);
            var read = new ShardStorage(run.Durable, snapshots: null).NewState(shard.Index, run.Logic);
            Assert.True(SnapshotCodec.TryRead(bytes, read));
            Assert.Equal(shard.State.Digest, read.Digest);
            Assert.Equal(shard.State.OpenClaimCount, read.OpenClaimCount);
            Assert.Equal(bytes, SnapshotBytes.Of(read));
            AssertSame(shard.State, read);

            var (replayed, _) = new ShardStorage(run.Durable, snapshots: null).Recover(shard.Index, run.Logic);
            Assert.Equal((shard.State.Digest, shard.State.Offset, shard.State.Day, shard.State.LastClosed), (replayed.Digest, replayed.Offset, replayed.Day, replayed.LastClosed));
            Assert.Equal(shard.State.OpenClaimCount, replayed.OpenClaimCount);
            AssertSame(shard.State, replayed);
        }));
    }

    private static void AssertSame(PartitionState expected, PartitionState actual)
    {
        Assert.Equal(expected.Students.Select(student => student.Id).Order(), actual.Students.Select(student => student.Id).Order());
        foreach (var student in expected.Students)
        {
            var other = actual.Find(student.Id)!;
            Assert.Equal((student.Id, student.NextDueOn), (other.Id, other.NextDueOn));
            Assert.Equal(Bytes(student), Bytes(other));
        }
    }

    /// <summary>All that a snapshot keeps of one student. In which order claims were passivated says nothing.</summary>
    private static byte[] Bytes(HostedStudent student)
    {
        var ordered = new PassivatedClaims();
        foreach (var claim in student.PassivatedClaims.ToList().OrderBy(claim => claim.Number))
            ordered.Add(claim);
        student.PassivatedClaims = ordered;
        var w = new ByteWriter();
        SnapshotCodec.Write(w, student);
        return w.Written.ToArray();
    }
}
