using System.Globalization;
using System.Text.Json;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Host.Api.Commands;

/// <summary>Dates as JSON has them: yyyy-MM-dd.</summary>
internal static class JsonDate
{
    private const int Length = 10;

    /// <summary>Reads a day of the calendar, from year 1 to 9999.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateOnly date)
    {
        date = default;
        if (text.Length != Length || text[4] != '-' || text[7] != '-')
            return false;
        var (year, month, day) = (Digits(text[..4]), Digits(text[5..7]), Digits(text[8..]));
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>Writes a day as the value of a field.</summary>
    public static void Write(Utf8JsonWriter json, JsonEncodedText name, DateOnly date)
    {
        Span<char> text = stackalloc char[Length];
        date.TryFormat(text, out _, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        json.WriteString(name, text);
    }

    /// <summary>The number, or -1 where something is no digit.</summary>
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            number = number * 10 + (digit - '0');
        }

        return number;
    }
}

/// <summary>Strings that were escaped without need: every name and date is of ASCII.</summary>
internal static class JsonAscii
{
    /// <summary>In place of a character that is in no name. No valid text has this byte.</summary>
    private const byte NotAscii = 0xFF;

    /// <summary>
    /// Resolves the escapes of a string that was checked to be one. What is not of ASCII, a lone surrogate included,
    /// becomes a byte that is in no name. Empty where the buffer is too short.
    /// </summary>
    public static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> escaped, Span<byte> buffer)
    {
        if (escaped.Length > buffer.Length)
            return [];
        var length = 0;
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                buffer[length++] = escaped[i];
                continue;
            }

            i++;
            if (escaped[i] == 'u')
            {
                var code = int.Parse(
                    escaped.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                buffer[length++] = code < 0x80 ? (byte)code : NotAscii;
                i += 4;
            }
            else
            {
                // The short escapes but these are of control characters.
                buffer[length++] = escaped[i] is (byte)'"' or (byte)'\\' or (byte)'/' ? escaped[i] : NotAscii;
            }
        }

        return buffer[..length];
    }
}

/// <summary>Teeth as JSON has them: numbers of the FDI's notation, or a jaw by its name.</summary>
internal static class Teeth
{
    private const int Quadrants = 4;
    private const int TeethOfQuadrant = 8;

    /// <summary>The teeth of a jaw; null where none has this name.</summary>
    public static uint? Of(ReadOnlySpan<byte> jaw) =>
        jaw.SequenceEqual("upper"u8) ? Prosthesis.UpperJaw : jaw.SequenceEqual("lower"u8) ? Prosthesis.LowerJaw : null;

    /// <summary>The tooth of a number; null where no permanent tooth has it.</summary>
    public static uint? Of(int number) =>
        number > 10 && number / 10 <= Quadrants && number % 10 is >= 1 and <= TeethOfQuadrant
            ? Prosthesis.Tooth(number)
            : null;

    public static void Write(Utf8JsonWriter json, uint teeth)
    {
        json.WriteStartArray();
        WriteJaw(json, ref teeth, Prosthesis.UpperJaw, "upper"u8);
        WriteJaw(json, ref teeth, Prosthesis.LowerJaw, "lower"u8);
        for (var number = 11; teeth != 0; number += number % 10 == TeethOfQuadrant ? 3 : 1)
        {
            if ((teeth & Prosthesis.Tooth(number)) == 0)
                continue;
            json.WriteNumberValue(number);
            teeth &= ~Prosthesis.Tooth(number);
        }

        json.WriteEndArray();
    }

    private static void WriteJaw(Utf8JsonWriter json, ref uint teeth, uint jaw, ReadOnlySpan<byte> name)
    {
        if ((teeth & jaw) != jaw)
            return;
        json.WriteStringValue(name);
        teeth &= ~jaw;
    }
}
