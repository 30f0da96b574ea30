using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Parties;
using Amoe.Engine.Text;

namespace Amoe.Host.Reports;

/// <summary>
/// An event's fields by their names in snake_case, the same for text and JSON: whatever an event gains is shown.
/// </summary>
internal static class EventFields
{
    private static readonly JsonSerializerOptions SerializerOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            new AsText<RulebookHash>(),
            new AsText<PartyId>(),
            new AsText<StudentId>()
        },
    };

    /// <summary>The event's name, then its fields; every reason with the rule it rests on.</summary>
    public static JsonObject Of(Event e)
    {
        var fields = JsonSerializer.SerializeToNode(e, e.GetType(), SerializerOptions)!.AsObject();
        AddRules(fields);
        fields.Insert(0, "event", JsonNamingPolicy.SnakeCaseLower.ConvertName(e.GetType().Name));
        return fields;
    }

    public static string ToJson(JsonNode node) => node.ToJsonString(SerializerOptions);

    /// <summary>Field by field in words, lists numbered.</summary>
    public static IEnumerable<string> Lines(JsonObject fields)
    {
        var own = fields.Where(field => field.Key != "event" && field.Value is not JsonArray && !IsNothing(field.Value))
            .Select(field => InWords(field.Key, field.Value!));
        yield return string.Join(", ", own.Prepend(Format.Words((string)fields["event"]!)));
        foreach (var list in fields.Where(field => field.Value is JsonArray))
        {
            var number = 0;
            foreach (var item in list.Value!.AsArray().OfType<JsonObject>())
            {
                var parts = item.Where(field => !IsNothing(field.Value))
                    .Select(field => InWords(field.Key, field.Value!));
                yield return $"  {(list.Key == "outcomes" ? "line" : Format.Words(list.Key).TrimEnd('s'))} {++number}: {string.Join(", ", parts)}";
            }
        }
    }

    private static string InWords(string key, JsonNode value) =>
        value is JsonObject nested
            ? string.Join(
                ", ", nested.Where(field => !IsNothing(field.Value)).Select(field => InWords(field.Key, field.Value!)))
        : key.EndsWith("_centimes", StringComparison.Ordinal)
        ? $"{Format.Words(key[..^"_centimes".Length])} {Format.Dirhams(value.GetValue<JsonElement>().GetInt64())}"
        : value.GetValueKind() is JsonValueKind.True ? Format.Words(key)
        : value.GetValueKind() is JsonValueKind.String ? $"{Format.Words(key)} {Format.Words((string)value!)}"
        : $"{Format.Words(key)} {Convert.ToString(value, CultureInfo.InvariantCulture)}";

    private static bool IsNothing(JsonNode? value) =>
        value is null
            || value.GetValueKind() is JsonValueKind.False
            || (value.GetValueKind() is JsonValueKind.String && (string)value! == "none");

    private static void AddRules(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
                AddRules(item);
        }
        else if (node is JsonObject fields)
        {
            foreach (var (_, value) in fields.ToList())
                AddRules(value);
            if (fields["reason"] is JsonValue reason
                && SnakeCase<Reason>.TryParse((string)reason!, out var known)
                && ReasonRules.RuleOf(known) is { Length: > 0 } rule)
                fields.Insert(fields.IndexOf("reason") + 1, "rule", rule);
        }
    }

    private sealed class AsText<T> : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
