using Amoe.Engine.Actors;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Scenarios;

/// <summary>A shard's state is the same whether it was lived, read back from its snapshot or replayed from the journal.</summary>
public sealed class StateTests
{
    private const int Students = 200;

    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_snapshot_reads_back_as_the_state_it_was_taken_of(ulong seed)
    {
        using var run = new ScenarioRun(seed, Rulebook.Embedded);
        await run.Play(Students, runtime => Assert.All(runtime.Shards, shard =>
        {
            var bytes = SnapshotCodec.Write(shard.State);
            var read = SnapshotCodec.Read(bytes, new ShardStorage(run.Durable, snapshots: null).NewState(shard.Index, run.Logic))!;
            Assert.Equal(shard.State.Digest, read.Digest);
            Assert.Equal(shard.State.OpenClaimCount, read.OpenClaimCount);
            Assert.Equal(bytes, SnapshotCodec.Write(read));
            AssertSame(shard.State, read);
        }));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_replay_ends_where_the_live_run_ended(ulong seed)
    {
        using var run = new ScenarioRun(seed, Rulebook.Embedded);
        await run.Play(Students, runtime => Assert.All(runtime.Shards, shard =>
        {
            var (replayed, _) = new ShardStorage(run.Durable, snapshots: null).Recover(shard.Index, run.Logic);
            Assert.Equal((shard.State.Digest, shard.State.Offset, shard.State.Day, shard.State.LastClosed), (replayed.Digest, replayed.Offset, replayed.Day, replayed.LastClosed));
            Assert.Equal(shard.State.OpenClaimCount, replayed.OpenClaimCount);
            AssertSame(shard.State, replayed);
        }));
    }

    private static void AssertSame(ShardState expected, ShardState actual)
    {
        Assert.Equal(expected.Cells.Select(cell => cell.Id).Order(), actual.Cells.Select(cell => cell.Id).Order());
        foreach (var cell in expected.Cells)
        {
            var other = actual.Cell(cell.Id);
            Assert.Equal((cell.Id, cell.LooksAgainOn), (other.Id, other.LooksAgainOn));
            Assert.Equal(Bytes(cell), Bytes(other));
        }
    }

    /// <summary>All that a snapshot keeps of one student. In which order his claims closed says nothing.</summary>
    private static byte[] Bytes(StudentCell cell)
    {
        cell.Restore([.. cell.ClosedClaims.OrderBy(closed => closed.Number)]);
        var alone = new ShardState(new AmoeLogic(Rulebook.Embedded));
        alone.Cells.Put(cell);
        return SnapshotCodec.Write(alone);
    }
}
