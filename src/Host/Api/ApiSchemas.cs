using System.Text.Json.Nodes;
using Amoe.Engine.Domain.Claims;
using Amoe.Host.Api.Commands;
using Microsoft.OpenApi;

namespace Amoe.Host.Api;

/// <summary>The schemas of the API's description: of commands, their answers and problems.</summary>
internal static class ApiSchemas
{
    public static OpenApiSchema Of(IReadOnlyList<ApiField> fields) => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Properties = fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)Of(field)),
        Required = fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(),
    };

    private static OpenApiSchema Of(ApiField field)
    {
        var schema = field.Type switch
        {
            FieldType.Whole =>
                new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = $"{field.Min}", Maximum = $"{field.Max}" },
            FieldType.Truth => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldType.Date => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" },
            FieldType.Name => Names(field.Values),
            FieldType.Names =>
                new OpenApiSchema { Type = JsonSchemaType.Array, UniqueItems = true, Items = Names(field.Values) },
            FieldType.Teeth =>
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    UniqueItems = true,
                    Items = new OpenApiSchema { Type = JsonSchemaType.Integer | JsonSchemaType.String }
                },
            _ =>
                new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    MaxItems = DepositClaim.MaxLines,
                    Items = Of(ApiCommands.LineFields)
                },
        };
        schema.Description = field.InsteadOf is { } other ? $"{field.Text} Either this or \"{other}\"." : field.Text;
        return schema;
    }

    public static OpenApiSchema Names(IReadOnlyList<string> names) =>
        new() { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)name)] };

    public static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457. docs/api.md has the types.",
        Properties = Texts("type", "title", "detail", "code", "path", "reason", "rule"),
    };

    public static OpenApiSchema Answer() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "What became of a command, or the answer to a question. docs/api-commands.md has the outcomes.",
        Properties = Texts("command", "outcome", "reason", "rule"),
    };

    public static Dictionary<string, IOpenApiSchema> Texts(params string[] names) =>
        names.ToDictionary(name => name, _ => (IOpenApiSchema)new OpenApiSchema { Type = JsonSchemaType.String });
}
