using System.Globalization;
using System.Text;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Tests.Api;

/// <summary>Makes docs/api-commands.md of the definition of the API's commands.</summary>
internal static class CommandDocument
{
    private const string Beginning = """
        # The commands of the API

        Made from the definition in [ApiCommands](../src/Host/Api/Commands/ApiCommands.cs) by a test (`ApiCommandsTests`), which
        fails when it is not up to date. The words are those of [rule cases](rule-cases.md); the rules in brackets are in
        [scheme.md](scheme.md).

        A command is one JSON object in UTF-8. The same command again (one student, `command`, `reference` or `claim`, and
        `attempt`) has the same answer; with other content it is a conflict.

        - **Numbers** are whole, without fraction and exponent. Money is in centimes, and its field says so.
        - **Dates** are strings such as `"2025-09-15"`, **names** are strings in snake case, sets are arrays of names.
        - What is not said is left out: `null` is refused, and so are fields that a command does not have or that come twice.
        - An object has at most 32 lines and four levels of objects and arrays within each other. Comments, a byte order mark
          and a comma behind the last field are refused.
        - What fits a field and not the scheme is refused by the engine, with a reason and its rule.

        A refused object is answered with the `path` of the first field that is wrong (a JSON pointer), a `code` and a text:

        """;

    public static string Text()
    {
        var text = new StringBuilder(Beginning).Append("| code | |\n|---|---|\n");
        foreach (var code in FaultCode.All)
            text.Append(CultureInfo.InvariantCulture, $"| `{code.Code}` | {code.Text} |\n");
        text.Append(
            "\n## What every command has\n\nThe address of a call may say `command`, `student` and `claim`: then the object may not. Questions (`ask_…`) have no\n`reference`, `attempt` and `effective`.\n\n");
        AppendTable(text, ApiCommands.All.SelectMany(command => command.Envelope).DistinctBy(field => field.Name));
        foreach (var (title, to) in new[]
        {
            ("Commands to a student", Addressee.Student),
            ("Commands to a claim", Addressee.Claim)
        })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
            foreach (var command in ApiCommands.All.Where(command => command.To == to))
                Append(text, command);
        }

        text.Append("\n## A line of a claim\n\n");
        AppendTable(text, ApiCommands.LineFields);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ApiCommand command)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {command.Name}\n\n{command.Text}\n\n");
        if (command.Fields.Count > 0)
        {
            AppendTable(text, command.Fields);
            text.Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"```json\n{command.Example}\n```\n");
    }

    private static void AppendTable(StringBuilder text, IEnumerable<ApiField> fields)
    {
        text.Append("| field | | required | |\n|---|---|---|---|\n");
        foreach (var field in fields)
            text.Append(
                CultureInfo.InvariantCulture,
                $"| `{field.Name}` | {TypeOf(field)} | {RequiredOf(field)} | {field.Text}{ValuesOf(field)} |\n");
    }

    private static string RequiredOf(ApiField field) =>
        field.IsRequired ? "yes" : field.InsteadOf is { } other ? $"this or `{other}`" : "";

    private static string TypeOf(ApiField field) => field.Type switch
    {
        FieldType.Whole => $"number, {field.Min} to {field.Max}",
        FieldType.Truth => "true, false",
        FieldType.Date => "date",
        FieldType.Name => "name",
        FieldType.Names => "array of names",
        FieldType.Teeth => "array",
        _ => "array of [lines](#a-line-of-a-claim)",
    };

    private static string ValuesOf(ApiField field) =>
        field.Values.Count == 0 || field.Slot == Slot.Command
            ? ""
            : $" {string.Join(", ", field.Values.Select(name => $"`{name}`"))}";
}
