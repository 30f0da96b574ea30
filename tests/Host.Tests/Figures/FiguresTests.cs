using System.Text.Json;
using Amoe.Simulator.Scenarios;

namespace Amoe.Host.Tests.Figures;

/// <summary>Every figure of a report adds up with the others, from the JSON alone.</summary>
public sealed class FiguresTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public static TheoryData<string> Scenarios => [.. ScenarioReader.Names];

    private string Journal => _folder.File("year.amoe");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_figures_of_a_year_and_of_one_that_is_interrupted_add_up_and_verify_has_the_same(
        string scenario)
    {
        var undisturbed = await YearFixture.TwentiethAsync(scenario);
        undisturbed.IsDone();
        AssertAddsUp(undisturbed.Json);
        AssertIsOfTheRun(undisturbed.Json);

        var stopped = await YearFixture.DisturbedAsync(
            YearFixture.Twentieth(scenario), undisturbed, Journal, perMille: 500, run => run.Interrupt());
        var verified = await AmoeCommand.RunAsync("verify", "--journal", Journal, "-o", "json");

        Assert.Equal((130, 0), (stopped.ExitCode, verified.ExitCode));
        Assert.False(stopped.Json.GetProperty("complete").GetBoolean());
        Assert.Equal(JsonValueKind.Null, stopped.Json.GetProperty("as_asserted").ValueKind);
        AssertAddsUp(stopped.Json);
        AssertAddsUp(verified.Json);
        AssertSame(stopped.Json, verified.Json);
        AssertIsOfTheRun(stopped.Json);

        var resumed = await AmoeCommand.RunAsync(
            [.. YearFixture.Twentieth(scenario), "--journal", Journal, "--resume"]);
        resumed.IsDone();
        AssertAddsUp(resumed.Json);
        AssertIsOfTheRun(resumed.Json);
        Assert.Equal(ByTime(undisturbed.Json), ByTime(resumed.Json));
    }

    /// <summary>What the run did over time adds up to what it did, and a year has a sample a week.</summary>
    private static void AssertIsOfTheRun(JsonElement json)
    {
        AssertNone(new ReportFigures(json).Broken(Identities.Run));
        var pace = json.GetProperty("pace").EnumerateArray().ToList();
        var days = pace.ConvertAll(sample => sample.GetProperty("day").GetDateTime());
        Assert.Equal(json.GetProperty("last_day").GetDateTime(), days[^1]);
        Assert.All(days.Zip(days.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).Days, 0, 7));
        Assert.All(pace, sample => Assert.Equal(
            sample.TryGetProperty("commit_p50_ms", out var p50),
            sample.TryGetProperty("commit_p99_ms", out var p99) && p99.GetDecimal() >= p50.GetDecimal()));
    }

    private static string[] ByTime(JsonElement json) =>
        Array.ConvertAll(["months", "by_month", "days"], name => json.GetProperty(name).GetRawText());

    /// <summary>All figures that both have, but for what is the file's and not the scheme's.</summary>
    internal static void AssertSame(JsonElement run, JsonElement verified)
    {
        var differ = verified.EnumerateObject()
            .Where(figure =>
                run.TryGetProperty(figure.Name, out var same) && same.GetRawText() != figure.Value.GetRawText())
            .Select(figure =>
                $"{figure.Name}: {run.GetProperty(figure.Name).GetRawText()} in the run, {figure.Value.GetRawText()} by verify");
        AssertNone(differ);
    }

    private static void AssertAddsUp(JsonElement json)
    {
        var figures = new ReportFigures(json);
        AssertNone(figures.Broken(Identities.All));
        AssertNone(figures.BrokenByMonth(Identities.ByMonth));
        var byMonth = json.GetProperty("by_month");
        Assert.Equal(
            Identities.ByMonth.Select(table => table.Table).Prepend("months"),
            byMonth.EnumerateObject().Select(table => table.Name));
        Assert.Equal(
            json.GetProperty("months").EnumerateArray().Select(month => month.GetProperty("name").GetString()),
            byMonth.GetProperty("months").EnumerateArray().Select(month => month.GetString()));
        AssertNone(figures.Negative(except: Identities.MayBeNegative));
    }

    /// <summary>Every problem on a line of its own, and none shortened.</summary>
    private static void AssertNone(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
