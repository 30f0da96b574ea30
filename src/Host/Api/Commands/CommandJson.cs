using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Amoe.Engine.Domain;
using Amoe.Engine.Text;

namespace Amoe.Host.Api.Commands;

/// <summary>Commands and questions as JSON objects (docs/api-commands.md).</summary>
internal static class CommandJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Reads one JSON object in UTF-8, with nothing but white space around it. No bytes make it throw: what is no
    /// command is a fault. What the scheme or <see cref="CommandBounds"/> refuses is left to the engine.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The context names a kind that no sender can send.</exception>
    public static bool TryRead(
        ReadOnlySpan<byte> json, in CommandContext context, [NotNullWhen(true)] out Command? command,
        out JsonFault fault)
    {
        command = null;
        if (json.StartsWith(ByteOrderMark) || !Utf8.IsValid(json))
        {
            fault = json.StartsWith(ByteOrderMark) ? Faults.ByteOrderMark() : Faults.NotUtf8();
            return false;
        }

        try
        {
            return new CommandReader(json, context, stackalloc long[FieldValues.Count]).TryRead(out command, out fault);
        }
        catch (JsonException e)
        {
            // The reader has no other way to say so.
            command = null;
            var at = PlaceOf(e, json);
            fault = Faults.NotJson(json[at..], at + 1);
            return false;
        }
    }

    /// <summary>
    /// Writes the object that <see cref="TryRead"/> with an empty context that takes "known" reads back to an equal
    /// command.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The command has a value without a name in the API, or one that a field cannot hold. None that was read has.
    /// </exception>
    public static void Write(Utf8JsonWriter json, Command command)
    {
        if (command is Query { Reference: not 0 } or Query { Attempt: not 0 }
            || (command is Query asked && asked.Effective != asked.Known))
            throw new ArgumentException(
                $"a question has no reference, attempt and effective date of its own: {command}");
        var values = new FieldValues(stackalloc long[FieldValues.Count]);
        var lines = CommandValues.Take(command, values);
        json.WriteStartObject();
        new CommandWriter(json, values, lines).WriteFields(ApiCommands.Of(command.Kind).Table);
        json.WriteEndObject();
    }

    /// <summary>The name of a kind in the API: "deposit_claim".</summary>
    public static string NameOf(CommandKind kind) =>
        ApiCommands.Find(kind)?.Name ?? SnakeCase<CommandKind>.NameOf(kind);

    /// <summary>The index of the first byte that is wrong; the length where an end is missing.</summary>
    private static int PlaceOf(JsonException e, ReadOnlySpan<byte> json)
    {
        var begins = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
            begins += json[begins..].IndexOf((byte)'\n') + 1;
        return (int)Math.Min(begins + (e.BytePositionInLine ?? 0), json.Length);
    }
}
