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

        var stopped = await YearFixture.DisturbedAsync(
            YearFixture.Twentieth(scenario), undisturbed, Journal, perMille: 500, run => run.Interrupt());
        var verified = await AmoeCommand.RunAsync("verify", "--journal", Journal, "-o", "json");

        Assert.Equal((130, 0), (stopped.ExitCode, verified.ExitCode));
        Assert.False(stopped.Json.GetProperty("complete").GetBoolean());
        Assert.Equal(JsonValueKind.Null, stopped.Json.GetProperty("as_asserted").ValueKind);
        AssertAddsUp(stopped.Json);
        AssertAddsUp(verified.Json);
        AssertSame(stopped.Json, verified.Json);
    }

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
        AssertNone(figures.Negative(except: Identities.MayBeNegative));
    }

    /// <summary>Every problem on a line of its own, and none shortened.</summary>
    private static void AssertNone(IEnumerable<string> problems)
    {
        var all = problems.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
