namespace Amoe.Simulator.Tests;

public sealed class MarginalsTests
{
    [Fact]
    public void A_small_run_measures_what_its_scenario_expects()
    {
        const int scale = 20;
        var year = new Rehearsal(scale: scale).Open().Run();
        var report = year.Marginals.Check(Rehearsal.Scenario, scale);
        Assert.True(report.Count > 30);

        // The stand-in refuses and holds by its own rule, not ANAM's or the fund's: what only follows from the population and the files is compared.
        Assert.All(report.Where(row => row.Of is not ("active" or "claims" or "claims/held" or "claims/appealed")), row => Assert.True(row.Within, row.ToString()));
    }

    [Fact]
    public void Counts_of_shards_add_up_to_those_of_the_whole()
    {
        var whole = new Rehearsal().Open().Run().Marginals;
        var sum = new Marginals(Rehearsal.Scenario.Horizon.Opens);
        for (var part = 0; part < 2; part++)
            sum.Add(new Rehearsal().Open(index => index % 2 == part).Run().Marginals);
        Assert.Equal(whole.Check(Rehearsal.Scenario, 1), sum.Check(Rehearsal.Scenario, 1));
    }

    [Fact]
    public void What_is_not_as_expected_is_said()
    {
        var report = new Marginals(Rehearsal.Scenario.Horizon.Opens).Check(Rehearsal.Scenario, 1000);
        Assert.All(report, row => Assert.False(row.Within));
    }
}
