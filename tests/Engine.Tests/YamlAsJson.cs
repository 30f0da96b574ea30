using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Tests;

/// <summary>YAML as an editor's language server takes it: plain scalars by their form, dates as text.</summary>
internal static class YamlAsJson
{
    /// <summary>The roots of a text's documents.</summary>
    public static IReadOnlyList<YamlNode> Roots(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => document.RootNode)];
    }

    public static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode map =>
            new JsonObject(map.Children.Select(field => KeyValuePair.Create(field.Key.ToString(), Of(field.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Of)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } truth =>
            JsonValue.Create(truth.Value == "true"),
        YamlScalarNode { Style: ScalarStyle.Plain } number
            when decimal.TryParse(number.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) =>
            decimal.IsInteger(value) ? JsonValue.Create((long)value) : JsonValue.Create(value),
        var text => JsonValue.Create(((YamlScalarNode)text).Value),
    };
}
