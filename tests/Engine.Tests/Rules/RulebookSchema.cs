using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amoe.Engine.Rules;
using Amoe.Engine.Text;

namespace Amoe.Engine.Tests.Rules;

/// <summary>The schema an editor checks rulebooks by, made from what their reader reads.</summary>
internal static class RulebookSchema
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private static readonly IReadOnlyList<RulebookEntry> Entries = RulebookReader.Read(ShippedRulebooks.AmendedFiles);

    /// <summary>The schema's text.</summary>
    public static string Make() => new JsonObject
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "Rulebooks of the student health insurance",
        ["description"] = "Dated parameters and acts. This file is made by a test (RulebookSchemaTests).",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["amends"] = new JsonObject
            {
                ["const"] = ShippedRulebooks.Amended,
                ["description"] = "First: the rulebook that comes with the program, with these periods below its own"
            },
            ["parameters"] = List(new JsonObject { ["anyOf"] = new JsonArray([.. ParameterCatalog.All.Select(Parameter)]) }),
            ["acts"] = List(new JsonObject { ["anyOf"] = new JsonArray([.. Entries.Where(IsAct).Select(Act)]) }),
        },
        ["definitions"] = new JsonObject { ["sector"] = Sector(), ["day"] = Day() },
    }.ToJsonString(Indented) + "\n";

    private static bool IsAct(RulebookEntry entry) => ParameterCatalog.All.All(parameter => parameter.Id != entry.Id);

    private static JsonObject Parameter(ParameterDefinition parameter) => Entry(
        parameter.Id, new JsonObject { ["value"] = new JsonObject { ["description"] = parameter.Unit } },
        "value").With("unit", new JsonObject { ["const"] = parameter.Unit });

    private static JsonObject Act(RulebookEntry act) => Entry(
        act.Id,
        new JsonObject(ActTermsReader.Keys.Select(key => KeyValuePair.Create(key, (JsonNode?)Terms(key)))), "abroad");

    private static JsonObject Terms(string key) => key switch
    {
        "prior_approval" => new JsonObject { ["type"] = "boolean" },
        "third_party" => Names<ThirdParty>(),
        "conditions" => List(Names<ActConditions>()),
        _ => new JsonObject { ["$ref"] = "#/definitions/sector" },
    };

    /// <summary>What one id has: a text, and values with their days and sources.</summary>
    private static JsonObject Entry(string id, JsonObject values, string required)
    {
        values["from"] = new JsonObject { ["$ref"] = "#/definitions/day" };
        values["until"] = new JsonObject { ["$ref"] = "#/definitions/day" };
        values["source"] = new JsonObject { ["type"] = "string" };
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = Entries.FirstOrDefault(entry => entry.Id == id)?.Text,
            ["required"] = new JsonArray("id", "values"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject
            {
                ["id"] = new JsonObject { ["const"] = id },
                ["text"] = new JsonObject { ["type"] = "string" },
                ["values"] = List(new JsonObject
                {
                    ["type"] = "object",
                    ["required"] = new JsonArray("from", "source", required),
                    ["additionalProperties"] = false,
                    ["properties"] = values,
                }),
            },
        };
    }

    private static JsonObject With(this JsonObject entry, string key, JsonObject shape)
    {
        entry["properties"]![key] = shape;
        return entry;
    }

    private static JsonObject Sector() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["const"] = "not_covered" },
            new JsonObject
            {
                ["type"] = "object",
                ["required"] = new JsonArray("base", "rate_basis_points"),
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject
                {
                    ["base"] = Names<BaseKind>(),
                    ["base_centimes"] = new JsonObject { ["type"] = "integer", ["minimum"] = 1 },
                    ["rate_basis_points"] = new JsonObject
                    {
                        ["type"] = "integer",
                        ["minimum"] = 1,
                        ["maximum"] = 10_000
                    },
                },
            }),
    };

    private static JsonObject Day() => new() { ["type"] = "string", ["pattern"] = "^\\d{4}-\\d{2}-\\d{2}$" };

    private static JsonObject List(JsonObject item) =>
        new() { ["type"] = "array", ["minItems"] = 1, ["items"] = item };

    private static JsonObject Names<T>()
        where T : struct, Enum =>
        new() { ["enum"] = new JsonArray([.. SnakeCase<T>.Names.Select(name => JsonValue.Create(name))]) };
}
