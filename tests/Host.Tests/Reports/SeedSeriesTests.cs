using System.Text.Json;

namespace Amoe.Host.Tests.Reports;

public sealed class SeedSeriesTests(YearFixture year) : IClassFixture<YearFixture>
{
    private static readonly string[] _three =
        ["simulate", YearFixture.Scenario, "--scale", "0.001", "--seeds", "3"];

    [Fact]
    public async Task A_series_plays_each_seed_and_reports_the_mean_and_interval_of_each_figure()
    {
        var series = await AmoeCommand.RunAsync([.. _three, "-o", "json"]);

        series.IsDone();
        var runs = series.Json.GetProperty("runs").EnumerateArray().ToList();
        Assert.Equal([42, 43, 44], runs.Select(run => run.GetProperty("seed").GetInt32()));
        Assert.Equal(year.Small.Digest, runs[0].GetProperty("digest").GetString());
        Assert.Equal(3, runs.Select(run => run.GetProperty("digest").GetString()).Distinct().Count());
        foreach (var figure in series.Json.GetProperty("figures").EnumerateObject())
            AssertInterval(figure, [.. runs.Select(run => run.GetProperty(figure.Name).GetDecimal())]);
        Assert.Equal(
            year.Small.Json.GetProperty("spent_centimes").GetDecimal(), runs[0].GetProperty("spent_centimes").GetDecimal());
        Assert.True(Width(series.Json, "claims") > 0);
        Assert.Equal(
            $"amoe simulate {YearFixture.Scenario} --scale 0.001 --seed 42 --seeds 3",
            series.Json.GetProperty("repeat").GetString());
    }

    [Fact]
    public async Task The_report_of_a_series_is_plain_text_of_a_hundred_columns()
    {
        var series = await AmoeCommand.RunAsync(_three);

        series.IsDone();
        Assert.Contains("seeds 42 to 44: complete", series.Output, StringComparison.Ordinal);
        Assert.Contains("yes: each of the 3 years is as the scenario asserts", series.Output, StringComparison.Ordinal);
        Assert.Matches(@"  spent, MAD +[\d,]+\.\d\d +[\d,]+\.\d\d +[\d,]+\.\d\d +[\d,]+\.\d\d\n", series.Output);
        Assert.All(series.Output.Split('\n'), line => Assert.True(line.Length <= 100 && line == line.TrimEnd(), line));
    }

    [Fact]
    public async Task A_series_with_a_year_that_is_not_its_scenario_s_ends_with_4_and_names_the_seeds()
    {
        using var folder = new TestFolder();
        var scenario = folder.Write(
            "mine.yaml",
            YearFixture.ScenarioText + "expect:\n  - { of: claims/late, per_100k: 60000, source: test }\n");

        var series = await AmoeCommand.RunAsync("simulate", scenario, "--scale", "0.005", "--seeds", "2", "--seed", "7");

        Assert.Equal(4, series.ExitCode);
        Assert.Contains("no: 2 of 2 years are not as the scenario asserts", series.Output, StringComparison.Ordinal);
        Assert.Contains("seeds 7, 8\n", series.Output, StringComparison.Ordinal);
    }

    private static void AssertInterval(JsonProperty figure, IReadOnlyList<decimal> values)
    {
        var (name, interval) = (figure.Name, figure.Value);
        Assert.Equal((name, decimal.Round(values.Average(), 3)), (name, decimal.Round(Of("mean"), 3)));
        Assert.Equal((name, values.Min(), values.Max()), (name, Of("least"), Of("most")));
        Assert.InRange(Of("half_width") - (Of("to") - Of("from")) / 2, -0.001m, 0.001m);
        Assert.Equal(values.Distinct().Count() > 1, Of("half_width") > 0);

        decimal Of(string part) => interval.GetProperty(part).GetDecimal();
    }

    private static decimal Width(JsonElement json, string figure) =>
        json.GetProperty("figures").GetProperty(figure).GetProperty("half_width").GetDecimal();
}
