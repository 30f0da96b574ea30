using System.Text.Json;
using Amoe.Engine.Tests;
using Amoe.Simulator.Scenarios;
using Json.Schema;

namespace Amoe.Simulator.Tests;

/// <summary>The schema by which an editor completes scenarios agrees with their reader.</summary>
public sealed class ScenarioSchemaTests
{
    private const string Mine = """
        extends: national-year
        horizon:
          opens: { date: 2025-09-01, source: test }
        situations:
          reports_coverage: { per_mille: 50, source: test }
        expect:
          - { of: claims, drop: true, source: test }

        """;

    private static readonly Lazy<JsonSchema> _schema = new(() => JsonSchema.FromText(ScenarioSchema.Make()));

    public static TheoryData<string> Scenarios() => [.. ScenarioReader.Names];

    [Fact]
    public void The_schema_for_editors_is_made_from_the_whole_scenario() =>
        Approved.Document("docs/scenario.schema.json", ScenarioSchema.Make());

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_scenario_that_comes_with_the_program_is_valid(string name) =>
        Assert.True(IsValid(ScenarioReader.TextOf(name)));

    [Fact]
    public void What_the_reader_takes_is_valid()
    {
        ScenarioReader.Read("mine.yaml", Mine);

        Assert.True(IsValid(Mine));
        Assert.True(IsValid(Mine.Replace("per_mille: 50", "per_100k: 5000", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("horizon:", "horizons:")]
    [InlineData("opens:", "open:")]
    [InlineData("date: 2025-09-01", "date: soon")]
    [InlineData("per_mille: 50, source: test", "per_mille: 50")]
    [InlineData("reports_coverage:", "reports_coverages:")]
    [InlineData("of: claims", "of: claim")]
    [InlineData("extends: national-year", "extends: national")]
    public void What_the_reader_refuses_is_not_valid(string right, string wrong)
    {
        var text = Mine.Replace(right, wrong, StringComparison.Ordinal);

        Assert.Throws<ScenarioException>(() => ScenarioReader.Read("mine.yaml", text));
        Assert.False(IsValid(text));
    }

    private static bool IsValid(string text) => _schema.Value
        .Evaluate(JsonSerializer.SerializeToElement(YamlAsJson.Of(YamlAsJson.Roots(text)[0]))).IsValid;
}
