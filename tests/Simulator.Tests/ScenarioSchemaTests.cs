using System.Text.Json;
using System.Text.Json.Nodes;
using Amoe.Engine.Tests;
using Amoe.Simulator.Scenarios;
using Json.Schema;
using YamlDotNet.RepresentationModel;

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

    /// <summary>
    /// The reader refuses a key that no mapping has, and says which are known there: the schema has those and no other.
    /// </summary>
    [Fact]
    public void Every_mapping_has_the_keys_that_the_reader_knows_there_and_no_other()
    {
        const string stray = "zzz";
        var document = new YamlDocument(YamlAsJson.Roots(ScenarioReader.TextOf("national-year"))[0]);
        var mappings = Mappings(document.RootNode, JsonNode.Parse(ScenarioSchema.Make())!, "").ToList();
        Assert.True(mappings.Count > 150, $"{mappings.Count} mappings");
        foreach (var (path, mapping, properties) in mappings)
        {
            mapping.Add(stray, "1");
            using var text = new StringWriter();
            new YamlStream(document).Save(text, assignAnchors: false);
            mapping.Children.Remove(stray);

            var refusal = Assert.Throws<ScenarioException>(() => ScenarioReader.Read("mine.yaml", text.ToString()));
            Assert.Contains($"unknown key '{stray}' in ", refusal.Message, StringComparison.Ordinal);
            var known = refusal.Message.Split("; known: ")[1].Split(", ");
            Assert.Equal(
                (path, string.Join(", ", (path.Length == 0 ? known.Append("extends") : known).Order())),
                (path, string.Join(", ", properties.Order())));
        }
    }

    /// <summary>The mappings of keys, not of the user's names, with the keys that the schema has of each.</summary>
    private static IEnumerable<(string Path, YamlMappingNode Mapping, IEnumerable<string> Properties)> Mappings(
        YamlNode node, JsonNode? schema, string path)
    {
        if (node is YamlSequenceNode list)
            return list.Take(1).SelectMany(row => Mappings(row, schema?["items"], $"{path}[]"));
        if (node is not YamlMappingNode mapping || schema?["properties"]?.AsObject() is not { } properties)
            return [];
        return mapping.Children
            .SelectMany(field => Mappings(field.Value, properties[field.Key.ToString()], $"{path}/{field.Key}"))
            .Append((path, mapping, properties.Select(property => property.Key)));
    }

    private static bool IsValid(string text) => _schema.Value
        .Evaluate(JsonSerializer.SerializeToElement(YamlAsJson.Of(YamlAsJson.Roots(text)[0]))).IsValid;
}
