namespace Amoe.Engine.Tests.Cluster;

/// <summary>The simulation would notice: with something wrong on purpose around the engine, it says which promise is broken.</summary>
public sealed class SeededDefects
{
    private const ulong SeedsMax = 400;

    [Theory]
    [InlineData(nameof(Defect.NothingIsFenced), "only the owner's epoch writes")]
    [InlineData(nameof(Defect.StoreForgetsAnAppend), "what is answered is durable")]
    [InlineData(nameof(Defect.EpochBeginsTwice), "an epoch begins once")]
    [InlineData(nameof(Defect.LeaseIsForEver), "everything is served and done once faults cease")]
    [InlineData(nameof(Defect.CommandsOvertake), "a student's commands keep their order")]
    [InlineData(nameof(Defect.AnsweredTooSoon), "what is answered is durable")]
    [InlineData(nameof(Defect.CommandIsSwallowed), "everything is served and done once faults cease")]
    [InlineData(nameof(Defect.AnsweredTwice), "every command is answered once")]
    public void Are_noticed(string defect, string promise)
    {
        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            var run = new ClusterRun(seed, Enum.Parse<Defect>(defect));
            if (run.Play() is not { } broken)
                continue;
            Assert.True(broken.StartsWith(promise, StringComparison.Ordinal), $"seed {seed}: {broken}\n{string.Join('\n', run.World.Trace())}");
            return;
        }

        Assert.Fail($"{SeedsMax} seeds, and nothing was wrong");
    }
}
