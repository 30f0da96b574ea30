using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amoe.Engine.Tests;
using Amoe.Simulator.Assertions;
using Amoe.Simulator.Scenarios;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.Tests;

/// <summary>
/// The schema by which an editor completes scenarios. The reader wants every key of a whole scenario and no other, so
/// it is made from the one that comes with the program and is whole.
/// </summary>
internal static class ScenarioSchema
{
    private const string Whole = "national-year";
    private const string Source = "source";
    private const string Of = "of";
    private const string PerMille = "per_mille";
    private const string Per100K = "per_100k";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    /// <summary>The schema's text.</summary>
    public static string Make()
    {
        var root = Shape(YamlAsJson.Roots(ScenarioReader.TextOf(Whole))[0]);
        root["$schema"] = "http://json-schema.org/draft-07/schema#";
        root["title"] = "Scenarios of amoe simulate";
        root["description"] =
            "A scenario that extends another says only what is different. This file is made by a test (ScenarioSchemaTests).";
        root["properties"]!["extends"] = Names(ScenarioReader.Names);
        root["properties"]!["expect"] = List(Expectation());
        return root.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Shape(YamlNode node) => node switch
    {
        YamlMappingNode map when map.Children.Keys.All(IsName) => Mapping(map),
        YamlMappingNode => new JsonObject { ["type"] = "object" },
        YamlSequenceNode list when list.All(row => row is YamlMappingNode) => List(Row(list)),
        YamlSequenceNode => new JsonObject { ["type"] = "array" },
        _ when DateOnly.TryParseExact(node.ToString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out _) => new()
        {
            ["type"] = "string",
            ["pattern"] = "^\\d{4}-\\d{2}-\\d{2}$"
        },
        _ => new JsonObject { ["type"] = new JsonArray("string", "integer", "boolean") },
    };

    /// <summary>The reader's keys are names in snake_case; others, such as ages and cities, are the user's.</summary>
    private static bool IsName(YamlNode key) =>
        key.ToString() is var name && name.All(letter => letter is '_' or >= 'a' and <= 'z' or >= '0' and <= '9')
            && !char.IsAsciiDigit(name[0]);

    /// <summary>Shares by name, and profiles by names of the user's.</summary>
    private static bool IsTable(string key, YamlNode value) =>
        key is Of or PerMille && value is YamlMappingNode;

    private static JsonObject Table(string key) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = key == PerMille ? Integer() : new JsonObject()
    };

    private static JsonObject Mapping(YamlMappingNode map)
    {
        var properties = new JsonObject();
        foreach (var (key, value) in map.Children)
            properties[key.ToString()] = IsTable(key.ToString(), value) ? Table(key.ToString()) : Shape(value);

        // A chance is in either unit.
        if (map.Children.TryGetValue(PerMille, out var chance) && chance is YamlScalarNode)
            properties[Per100K] = Integer();
        else if (properties.ContainsKey(Per100K))
            properties[PerMille] = Integer();
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties
        };
        if (map.Children.ContainsKey(Source))
            schema["required"] = new JsonArray(Source);
        return schema;
    }

    /// <summary>A row of a table may have any key that one of them has.</summary>
    private static JsonObject Row(YamlSequenceNode rows) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(rows.Cast<YamlMappingNode>()
            .SelectMany(row => row.Children.Keys)
            .Select(key => key.ToString())
            .Distinct()
            .Select(key => KeyValuePair.Create(key, (JsonNode?)new JsonObject()))),
    };

    private static JsonObject Expectation() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray(Of),
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            [Of] = Names(MarginalNames.All),
            ["count"] = Integer(),
            [Per100K] = Integer(),
            ["times_per_mille"] = Integer(),
            ["drop"] = new JsonObject { ["const"] = true },
            [Source] = new JsonObject { ["type"] = "string" },
        },
    };

    private static JsonObject Integer() => new() { ["type"] = "integer", ["minimum"] = 0 };

    private static JsonObject List(JsonObject item) => new() { ["type"] = "array", ["items"] = item };

    private static JsonObject Names(IEnumerable<string> names) =>
        new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };
}
