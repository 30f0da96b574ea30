namespace Amoe.Engine.Tests.Cluster;

public sealed class FaultTests
{
    [Fact]
    public void Try()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var failures = new List<string>();
        long steps = 0;
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var run = new ClusterRun(seed);
            if (run.Play() is { } broken)
                failures.Add($"seed {seed}, step {run.World.Steps}, {run.World.Now}: {broken}\n{string.Join('\n', run.World.Trace())}");
            steps += run.World.Steps;
        }

        Assert.True(failures.Count == 0, $"{failures.Count} in {watch.ElapsedMilliseconds} ms, {steps} steps\n" + string.Join('\n', failures.Select(one => one.Split('\n')[0]).Take(30)) + "\n" + failures.FirstOrDefault());
        Assert.Fail($"fine in {watch.ElapsedMilliseconds} ms, {steps} steps");
    }
}
