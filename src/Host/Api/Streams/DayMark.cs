using System.Globalization;
using System.Text.Json;
using Amoe.Engine.Domain;

namespace Amoe.Host.Api.Streams;

/// <summary>
/// A line that opens or closes a day, where the clock is the stream's:
/// <c>{"command":"open_day","known":"2025-09-01"}</c>.
/// </summary>
internal readonly record struct DayMark(CommandKind Kind, DateOnly Day)
{
    private const string Dates = "yyyy-MM-dd";

    /// <summary>False for any other line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out DayMark mark)
    {
        mark = default;

        // What other lines are is seen without reading them through.
        if (line.IndexOf("_day\""u8) < 0)
            return false;
        try
        {
            var json = new Utf8JsonReader(line);
            var (kind, day) = (CommandKind.None, default(DateOnly));
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isCommand = json.ValueTextEquals("command"u8);
                if ((!isCommand && !json.ValueTextEquals("known"u8)) || !json.Read() || json.TokenType != JsonTokenType.String)
                    return false;
                if (isCommand)
                    kind = json.ValueTextEquals("open_day"u8) ? CommandKind.OpenDay : json.ValueTextEquals("close_day"u8) ? CommandKind.CloseDay : CommandKind.None;
                else if (!DateOnly.TryParseExact(json.GetString(), Dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
                    return false;
            }

            mark = new DayMark(kind, day);
            return kind != CommandKind.None && CommandBounds.IsDay(day);
        }
        catch (JsonException)
        {
            // The reader of commands says what is wrong with it.
            return false;
        }
    }
}
