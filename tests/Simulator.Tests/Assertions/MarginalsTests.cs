using Amoe.Simulator.Assertions;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests.Assertions;

/// <summary>
/// The substitute for the engine refuses applications by a rule of its own, so <c>active</c> is left out here: <c>bench
/// marginals</c> measures all checks through the whole engine.
/// </summary>
public sealed class MarginalsTests
{
    private const int Scale = 20;
    private const string Active = "active";

    [Theory]
    [InlineData("national-year")]
    [InlineData("late-facts")]
    public void Over_many_seeds_every_check_is_as_far_from_its_expected_value_as_chance_makes_it(string name)
    {
        const int seeds = 50;
        var scenario = ScenarioReader.Load(name);
        var runs = Enumerable.Range(1, seeds)
            .AsParallel()
            .Select(seed => new Rehearsal(scenario, (ulong)seed, scale: 4).Open().Run().Check())
            .ToList();
        Assert.All(
            runs.SelectMany(run => run).Where(check => check.Of != Active),
            check => Assert.True(check.Within, check.ToString()));

        // Four and a half standard errors of a mean and of a deviation.
        foreach (var z in runs.SelectMany(run => run)
            .Where(check => check.Of != Active)
            .GroupBy(check => check.Of, check => (double)check.Z))
        {
            var mean = z.Average();
            Assert.True(Math.Abs(mean) < 4.5 / Math.Sqrt(seeds), $"{z.Key}: mean {mean:0.00}");
            Assert.True(
                Math.Abs(Math.Sqrt(z.Average(value => value * value)) - 1) < 4.5 / Math.Sqrt(2 * seeds),
                $"{z.Key}: deviation {Math.Sqrt(z.Average(value => value * value)):0.00}");
        }
    }

    /// <summary>
    /// The year is made with another probability than the one its expected values are worked out from.
    /// </summary>
    [Theory]
    [InlineData("filing: { late: { per_mille: 70, source: test } }", "claims/late")]
    [InlineData("filing: { incomplete: { per_mille: 120, source: test } }", "claims/incomplete")]
    [InlineData("care: { outside: { per_mille: 240, source: test } }", "claims/outside_entitlement")]
    [InlineData("care: { claims: { source: test, per_mille: { 0: 250, 2: 750 } } }", "claims")]
    [InlineData("detours: { duplicates: { per_100k: 1200, source: test } }", "claims/sent_again")]
    [InlineData("detours: { appeals: { per_mille: 200, source: test } }", "claims/appealed")]
    [InlineData("detours: { review_granted: { per_mille: 800, source: test } }", "reviews/granted")]
    [InlineData("detours: { order_unclaimed: { per_mille: 60, source: test } }", "payments/returned")]
    [InlineData("late_facts: { share: { per_mille: 200, source: test } }", "facts/late")]
    [InlineData("late_facts: { wrong: { per_mille: 100, source: test } }", "facts/taken_back", "facts/late")]
    [InlineData(
        "population: { declarations: { value: 1285000, source: test }, resent: { value: 85000, source: test } }",
        "declarations", "applications")]
    [InlineData(
        "population: { coverage: { source: test, per_mille: { cnops: 280, cnss: 340, ramed: 290, armed_forces: 40, article114: 30, other_scheme: 20 } } }",
        "declarations/coverage/cnops", "declarations/coverage/cnss")]
    public void A_shift_of_the_traffic_is_found_where_it_is(string change, params string[] found)
    {
        var (national, shifted) = (Rehearsal.Scenario,
            ScenarioReader.Read("shifted.yaml", $"extends: national-year\n{change}\n"));
        var year = new Rehearsal(shifted, scale: Scale * 2).Open().Run();
        Assert.Equal(
            found.Order(StringComparer.Ordinal),
            year.Check(expecting: national)
                .Where(check => check.Of != Active && !check.Within)
                .Select(check => check.Of)
                .Order(StringComparer.Ordinal));

        // What the same year is expected to be by the scenario it was made with follows the change.
        Assert.All(
            year.Check().Where(check => check.Of != Active), check => Assert.True(check.Within, check.ToString()));
    }

    [Fact]
    public void Counts_of_partitions_add_up_to_those_of_the_whole()
    {
        var whole = new Rehearsal().Open().Run();
        var sum = new Marginals(Rehearsal.Scenario.Horizon.Opens, Rehearsal.Scenario.Horizon.Days);
        for (var part = 0; part < 2; part++)
            sum.Add(new Rehearsal().Open(index => index % 2 == part).Run().Marginals);
        Assert.Equal(
            whole.Check(),
            new MarginalModel(
                Rehearsal.Scenario, Engine.Rules.Rulebook.Embedded, sum, new Population(Rehearsal.Scenario, 42, 1))
                    .Check());
    }

    [Fact]
    public void A_year_in_which_nothing_happened_is_not_the_scenario_s()
    {
        var report = new Rehearsal(scale: Scale).Check();
        Assert.All(
            report.Where(check => check.Unit == MarginalCheck.Count && check.Of != "claims"),
            check => Assert.False(check.Within));
    }

    [Fact]
    public void A_value_put_in_the_place_of_the_one_worked_out_is_expected_instead()
    {
        var mine = ScenarioReader.Read("mine.yaml", """
            extends: national-year
            expect:
              - { of: claims/late, per_100k: 8000, source: test }
              - { of: claims, count: 100000, source: test }
              - { of: claims/incomplete, times_per_mille: 2000, source: test }
              - { of: claims/appealed, drop: true, source: test }
            """);
        var year = new Rehearsal(scale: Scale).Open().Run();
        var (own, worked) = (year.Check(mine).ToDictionary(check => check.Of),
            year.Check().ToDictionary(check => check.Of));
        Assert.Equal(
            ["claims", "claims/incomplete", "claims/late"],
            own.Values.Where(check => check.Of != Active && !check.Within).Select(check => check.Of).Order());
        Assert.Equal(
            (8000m, 100_000m * Scale / 1000, 18_000m),
            (own["claims/late"].Expected, own["claims"].Expected, own["claims/incomplete"].Expected));
        Assert.Equal(["claims/appealed"], worked.Keys.Except(own.Keys));

        // Chance weighs as the count does.
        Assert.Equal(
            (double)worked["claims/incomplete"].Deviation * Math.Sqrt(2), (double)own["claims/incomplete"].Deviation,
            0.01);
    }
}
