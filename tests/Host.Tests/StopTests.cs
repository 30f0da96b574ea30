namespace Amoe.Host.Tests;

public sealed class StopTests(YearFixture year) : IClassFixture<YearFixture>, IDisposable
{
    private readonly TestFolder _folder = new();

    private string Journal => _folder.File("year.amoe");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(150)]
    [InlineData(420)]
    [InlineData(700)]
    public async Task Killed_and_resumed_it_ends_with_the_digest_of_an_undisturbed_run(int perMille)
    {
        await year.DisturbedAsync(Journal, perMille, run => run.Kill());

        Assert.Equal(year.Medium.Digest, (await Resume()).Digest);
    }

    [Fact]
    public async Task Killed_amid_late_facts_and_resumed_it_ends_with_the_digest_of_an_undisturbed_run()
    {
        var simulate = YearFixture.Twentieth("late-facts");
        var undisturbed = await YearFixture.TwentiethAsync("late-facts");
        undisturbed.IsDone();
        await YearFixture.DisturbedAsync(simulate, undisturbed, Journal, perMille: 600, run => run.Kill());

        var resumed = await AmoeCommand.RunAsync([.. simulate, "--journal", Journal, "--resume"]);
        resumed.IsDone();
        Assert.Equal(undisturbed.Digest, resumed.Digest);
    }

    [Fact]
    public async Task Ctrl_C_leaves_a_clean_journal_and_says_how_to_go_on()
    {
        var stopped = await year.DisturbedAsync(Journal, 200, run => run.Interrupt(), "-o", "json");

        Assert.Equal(130, stopped.ExitCode);
        Assert.False(stopped.Json.GetProperty("complete").GetBoolean());
        Assert.Contains(
            $"amoe simulate {YearFixture.Scenario} --scale {YearFixture.MediumScale} --seed 42 --journal {Journal} --resume\n",
            stopped.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await AmoeCommand.RunAsync("verify", "--journal", Journal)).ExitCode);
        Assert.Equal(year.Medium.Digest, (await Resume()).Digest);
    }

    /// <summary>
    /// In the moment after its folder was made and before signals were listened to, and after the run, Ctrl-C left it
    /// there.
    /// </summary>
    [Theory]
    [InlineData("amoe-*", 1)]
    [InlineData("amoe-*", 2)]
    [InlineData("*.amoe", 1)]
    [InlineData("*.amoe", 2)]
    public async Task Ctrl_C_once_or_twice_takes_a_temporary_journal_away_as_soon_as_there_is_one(
        string soon, int times)
    {
        using var run = AmoeProcess.Start(["simulate", "--scale", "1", "-o", "json"], _folder.Path);
        while (Directory.GetFileSystemEntries(_folder.Path, soon, SearchOption.AllDirectories).Length == 0)
        {
            Assert.False(run.HasExited, $"it ended before: {run.Said}");
            await Task.Delay(1);
        }

        for (var i = 0; i < times; i++)
            run.Interrupt();
        var stopped = await run.FinishAsync();

        Assert.Equal(130, stopped.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    private async Task<Finished> Resume()
    {
        var resumed = await AmoeCommand.RunAsync(
            "simulate", YearFixture.Scenario, "--scale", YearFixture.MediumScale, "--journal", Journal, "--resume",
            "-o", "json");
        resumed.IsDone();
        return resumed;
    }
}
