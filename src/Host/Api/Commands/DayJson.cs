using System.Text.Json;
using Amoe.Engine.Domain;

namespace Amoe.Host.Api.Commands;

/// <summary>
/// The lines of a stream that open and close a business day, for a host whose clock is the stream's:
/// {"command":"open_day","known":"2025-09-01"}.
/// </summary>
internal static class DayJson
{
    private static readonly FieldTable _table = new([ApiFields.Command, ApiFields.Known]);
    private static readonly NameTable _marks = new(["open_day", "close_day"]);

    /// <summary>
    /// Reads a line that marks a day. False for every other line: what is no mark either is a fault of
    /// <see cref="CommandJson.TryRead"/>, which names it.
    /// </summary>
    /// <param name="mark"><see cref="CommandKind.OpenDay"/> or <see cref="CommandKind.CloseDay"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> json, out CommandKind mark, out DateOnly day)
    {
        (mark, day) = (CommandKind.None, default);
        try
        {
            var reader = new Utf8JsonReader(json);
            var hasDay = false;
            for (reader.Read(); reader.Read() && reader.TokenType == JsonTokenType.PropertyName;)
            {
                var field = reader.ValueIsEscaped ? -1 : _table.Find(reader.ValueSpan);
                reader.Read();
                if (field < 0 || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped)
                    return false;
                if (field == 0 && mark == CommandKind.None && _marks.Find(reader.ValueSpan) is var index and >= 0)
                    mark = index == 0 ? CommandKind.OpenDay : CommandKind.CloseDay;
                else if (field == 1 && !hasDay && JsonDate.TryParse(reader.ValueSpan, out day))
                    hasDay = true;
                else
                    return false;
            }

            return mark != CommandKind.None && hasDay && reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Writes the line's object.</summary>
    public static void Write(Utf8JsonWriter json, CommandKind mark, DateOnly day)
    {
        json.WriteStartObject();
        json.WriteString(ApiFields.Command.EncodedName, CommandJson.NameOf(mark));
        JsonDate.Write(json, ApiFields.Known.EncodedName, day);
        json.WriteEndObject();
    }
}
