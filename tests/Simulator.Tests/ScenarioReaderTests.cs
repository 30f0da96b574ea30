using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Tests;

public sealed class ScenarioReaderTests
{
    private static readonly string Good = ScenarioReader.Load("national-year").Text;

    [Fact]
    public void The_national_year_runs_from_its_opening_to_the_end_of_its_grace()
    {
        var scenario = ScenarioReader.Load("national-year");
        Assert.Equal("national-year", scenario.Name);
        Assert.Equal((2025, 518), (scenario.Horizon.Year, scenario.Horizon.Days));
    }

    [Fact]
    public void A_scenario_can_be_a_file()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".yaml");
        File.WriteAllText(file, Good);
        try
        {
            Assert.Equal(Good, ScenarioReader.Load(file).Text);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_scenario_that_is_not_there_is_said_to_be_so() =>
        Assert.Contains(
            "no scenario 'nowhere'", Assert.Throws<ScenarioException>(() => ScenarioReader.Load("nowhere")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("  female:", "  sex:", "unknown key 'sex'")]
    [InlineData("  chronic: { per_mille: 22, source: \"assumed\" }\n", "", "lacks 'chronic'")]
    [InlineData("per_mille: 22, source: \"assumed\"", "per_mille: 22", "no source")]
    [InlineData(
        "per_mille: 22, source: \"assumed\"", "per_mille: 22, per_100k: 2, source: assumed",
        "both per_mille and per_100k")]
    [InlineData("per_mille: 22, source: \"assumed\"", "per_mille: 1022, source: assumed", "from 0 to 1000")]
    [InlineData("per_mille: 22, source: \"assumed\"", "per_mille: few, source: assumed", "whole number")]
    [InlineData("Casablanca: 170", "Casablanca: 171", "add up to 1001 per mille, not 1000")]
    [InlineData(
        "category: public_university, per_mille: 690", "category: public_university, per_mille: 691",
        "'categories' add up to 1001")]
    [InlineData("category: public_preparatory,", "category: ofppt,", "is there twice")]
    [InlineData("category: public_preparatory,", "category: astronauts,", "unknown name 'astronauts'")]
    [InlineData(
        "ages: preparatory, cycles: { preparatory_classes: 1000 }",
        "ages: ancient, cycles: { preparatory_classes: 1000 }", "no age profile 'ancient'")]
    [InlineData("date: 2025-09-01", "date: 2025-09-31", "a date that exists")]
    [InlineData("date: 2026-01-31", "date: 2025-01-31", "'last_grace_ends' must be after 'opens'")]
    [InlineData("date: 2027-01-31", "date: 2026-01-01", "'closes' must be after 'last_grace_ends'")]
    [InlineData("date: 2027-01-31", "date: 2037-01-31", "less than 1000 days")]
    [InlineData("transmit: { days: [1, 10]", "transmit: { days: [10, 1]", "runs from 10 down to 1")]
    [InlineData("transmit: { days: [1, 10]", "transmit: { days: [0, 10]", "from 1 to 1000")]
    [InlineData("transmit: { days: [1, 10]", "transmit: { days: [1]", "the lowest and the highest value")]
    [InlineData("weights: [20, 18, 17, 16, 14, 8, 7]", "weights: [20, 18, 17]", "3 weights, not 7")]
    [InlineData("weights: [20, 18, 17, 16, 14, 8, 7]", "weights: [0, 0, 0, 0, 0, 0, 0]", "are all 0")]
    [InlineData("payment_run_every: { value: 7,", "payment_run_every: { value: 4,", "more than 127 payment runs")]
    [InlineData("taken_back_after: { days: [10, 120], source: assumed }", "", "'late_facts' lacks 'taken_back_after'")]
    [InlineData("  instalment_dirhams: { value: 30,", "  instalment_dirhams: { value: 0,", "from 1 to 10000")]
    [InlineData("lines: { veneer: 1000 }", "lines: { veneer: 900 }", "must be certain")]
    [InlineData(
        "- { act: veneer, quantity: [1, 1], dirhams: [2000, 5000] }",
        "- { act: glasses, quantity: [1, 1], dirhams: [1, 2] }", "act 'glasses' is there twice")]
    [InlineData(
        "      - { act: veneer, quantity: [1, 1], dirhams: [2000, 5000] }\n", "",
        "'amounts' says nothing of act 'veneer'")]
    [InlineData("approval: true, units: [4, 12],", "approval: true,", "'approval' and 'units' go together")]
    [InlineData("dirhams: [150000, 260000]", "dirhams: [150000, 999999999]", "from 1 to 1000000")]
    [InlineData("of: claims/late }", "of: claims/blue }", "nothing measures 'claims/blue'")]
    [InlineData(
        "anam: { days: [3, 30]", "anam: { days: [3, 400]",
        "'applications' cannot be expected where the horizon ends before the last application is answered")]
    [InlineData("of: claims/late }", "of: claims }", "'claims' is expected twice")]
    [InlineData("of: claims/late }", "of: claims/late, within: 3 }", "unknown key 'within'")]
    [InlineData("of: claims/late }", "of: claims/late, per_100k: 4000 }", "has no source")]
    [InlineData(
        "of: claims/late }", "of: claims/late, count: 4000, source: mine }",
        "'claims/late' is given as 'per_100k', not as 'count'")]
    [InlineData(
        "of: declarations }", "of: declarations, per_100k: 4000, source: mine }",
        "'declarations' is given as 'count', not as 'per_100k'")]
    [InlineData(
        "of: declarations }", "of: declarations, count: 1300000, per_100k: 4000, source: mine }",
        "'declarations' has both 'count' and 'per_100k'")]
    [InlineData(
        "of: claims/late }", "of: claims/late, per_100k: 4000, drop: true, source: mine }",
        "'claims/late' has both 'per_100k' and 'drop'")]
    [InlineData("of: claims/late }", "of: claims/late, drop: false, source: mine }", "'drop' can only be true")]
    public void A_wrong_scenario_is_refused_with_file_line_and_cause(string good, string bad, string cause)
    {
        var at = Good.IndexOf(good, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the scenario no longer has «{good}»");
        var text = Good[..at] + bad + Good[(at + good.Length)..];
        var message = Assert.Throws<ScenarioException>(() => ScenarioReader.Read("mine.yaml", text)).Message;
        Assert.Matches("^mine.yaml, line [0-9]+: ", message);
        Assert.Contains(cause, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void What_is_not_YAML_is_said_to_be_so() =>
        Assert.Contains(
            "not YAML", Assert.Throws<ScenarioException>(() => ScenarioReader.Read("mine.yaml", "horizon: {")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_scenario_that_extends_another_says_only_what_is_different()
    {
        var national = ScenarioReader.Load("national-year");
        var mine = ScenarioReader.Read("mine.yaml", """
            extends: national-year
            population:
              declarations: { value: 1000, source: mine }
            situations:
              interrupts: { per_100k: 7, source: mine }
            expect:
              - { of: declarations, count: 1000, source: mine }
              - { of: claims/late, times_per_mille: 1050, source: mine }
              - { of: claims/incomplete, drop: true, source: "mine: not asked here" }
            """);
        Assert.Equal("mine", mine.Name);
        Assert.Equal((1000, national.Population.Resent), (mine.Population.Declarations, mine.Population.Resent));
        Assert.Equal((7, national.Situations.ReportAfter), (mine.Situations.Interrupts, mine.Situations.ReportAfter));
        Assert.Equal(national.Horizon, mine.Horizon);
        Assert.Equal(
            national.Expectations.Select(row => row.Of).Where(of => of != "claims/incomplete").Order(),
            mine.Expectations.Select(row => row.Of).Order());
        Assert.Equal(new Expectation("declarations", 1000), mine.Expectations.Single(row => row.Of == "declarations"));
        Assert.Equal(
            new Expectation("claims/late", TimesPerMille: 1050),
            mine.Expectations.Single(row => row.Of == "claims/late"));
    }

    [Fact]
    public void A_scenario_may_extend_one_that_extends_another()
    {
        var (late, mine) = (ScenarioReader.Load("late-facts"),
            ScenarioReader.Read(
                "mine.yaml", "extends: late-facts\nlate_facts: { wrong: { per_mille: 7, source: mine } }\n"));
        Assert.Equal(late.LateFacts with { Wrong = 700 }, mine.LateFacts);
        Assert.Equal(late.Situations.ReportLag, mine.Situations.ReportLag);
        Assert.Equal(late.Expectations, mine.Expectations);
    }

    [Fact]
    public void What_a_journal_keeps_of_a_scenario_that_extends_another_says_it_all()
    {
        var mine = ScenarioReader.Read(
            "mine.yaml", "extends: national-year\npopulation: { resent: { value: 7, source: mine } }\n");
        var again = ScenarioReader.Read("mine.yaml", mine.Text);
        Assert.Equal(mine.Text, again.Text);
        Assert.Equal(
            (7, mine.Population.Declarations, mine.Horizon),
            (again.Population.Resent, again.Population.Declarations, again.Horizon));
        Assert.Equal(mine.Population.CityNames, again.Population.CityNames);
        Assert.Equal(mine.Expectations, again.Expectations);
        Assert.Equal(new Rehearsal(mine).Open().Run(60).Sent, new Rehearsal(again).Open().Run(60).Sent);
    }

    [Theory]
    [InlineData("extends: nowhere\n", "^mine.yaml, line 1: no scenario 'nowhere' comes with the program")]
    [InlineData("extends: [national-year]\n", "^mine.yaml, line 1: 'extends' must be a text")]
    [InlineData("extends: national-year\ncare:\n  wonders: 7\n", "^mine.yaml, line 3: unknown key 'wonders' in 'care'")]
    [InlineData("extends: national-year\ncare:\n  outside: { per_mille: 7 }\n", "^mine.yaml, line 3: has no source")]
    [InlineData("extends: national-year\n\nfiling: 7\n", "^mine.yaml, line 3: 'filing' must be a mapping")]
    [InlineData(
        "extends: national-year\npopulation:\n  ages: { source: mine, of: { university: { 20: 1000 } } }\n",
        "^national-year.yaml, line [0-9]+: no age profile 'preparatory'")]
    [InlineData(
        "extends: national-year\nhorizon:\n  opens: { date: 2026-09-01, source: mine }\n",
        "^national-year.yaml, line [0-9]+: 'last_grace_ends' must be after 'opens'")]
    public void An_error_names_the_file_and_line_of_the_value(string text, string says) =>
        Assert.Matches(says, Assert.Throws<ScenarioException>(() => ScenarioReader.Read("mine.yaml", text)).Message);
}
