using Amoe.Host.Identity;

namespace Amoe.Host.Tests.Identity;

public sealed class GroupCommitTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_is_posted_during_a_commit_is_committed_together_after_it_and_in_order()
    {
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var commits = new List<int[]>();
        var group = new GroupCommit<int>("test", 4, items =>
        {
            commits.Add([.. items]);
            entered.Set();
            Assert.True(go.Wait(_patience));
        });
        await group.PostAsync(0);
        Assert.True(entered.Wait(_patience));
        for (var i = 1; i <= 7; i++)
            await group.PostAsync(i);

        go.Set();
        group.Dispose();

        Assert.Equal([[0], [1, 2, 3, 4], [5, 6, 7]], commits);
    }

    [Fact]
    public async Task After_it_was_closed_nothing_is_taken()
    {
        var group = new GroupCommit<int>("test", 4, _ => { });
        group.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await group.PostAsync(1));
    }
}
