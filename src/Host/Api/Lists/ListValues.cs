using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Amoe.Host.Api.Commands;

namespace Amoe.Host.Api.Lists;

/// <summary>Turns the fields of a row into JSON's: what authors write for numbers, dates and answers.</summary>
internal static class ListValues
{
    private const int LengthMax = CommandReader.StringBytesMax;

    private static readonly SearchValues<char> _digits = SearchValues.Create("0123456789");
    private static readonly string[] _dates = ["yyyy-MM-dd", "dd/MM/yyyy"];
    private static readonly HashSet<string> _yes = Words("true", "yes", "oui", "vrai", "1", "نعم");
    private static readonly HashSet<string> _no = Words("false", "no", "non", "faux", "0", "لا");

    /// <summary>
    /// A value as it is compared: without space and marks of direction around it, and with European digits. Arabic
    /// exports have both.
    /// </summary>
    public static string Cleaned(string value)
    {
        var cleaned = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (c is >= '\u0660' and <= '\u0669' or >= '\u06F0' and <= '\u06F9')
                cleaned.Append((char)('0' + (c & 0xF)));
            else if (c is not (>= '\u200E' and <= '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069'
                or '\u061C'))
                cleaned.Append(c);
        }

        return cleaned.ToString().Trim();
    }

    /// <summary>Writes a value as a field of the command; says what is wrong where it does not fit the field.</summary>
    /// <param name="value">Cleaned, and not empty.</param>
    public static JsonFault? Write(Utf8JsonWriter json, ApiField field, string value)
    {
        if (value.Length > LengthMax)
            return Fault(field, FaultCode.TooLong,
                $"the field has {value.Length} characters, and none of a command has more than {LengthMax}");
        switch (field.Type)
        {
            case FieldType.Whole:
                var number = field.Slot == Slot.Year ? FirstYear(value) : value;
                if (number.AsSpan().ContainsAnyExcept(_digits))
                    return Fault(field, FaultCode.WrongType, $"{field.Wanted()} is wanted, not {Shown(value)}");
                json.WritePropertyName(field.EncodedName);
                json.WriteRawValue(number.TrimStart('0') is { Length: > 0 } significant ? significant : "0",
                    skipInputValidation: true);
                return null;
            case FieldType.Truth:
                var word = ListColumns.Folded(value);
                if (!_yes.Contains(word) && !_no.Contains(word))
                    return Fault(field, FaultCode.WrongType,
                        $"oui or non, yes or no, نعم or لا is wanted, not {Shown(value)}");
                json.WriteBoolean(field.EncodedName, _yes.Contains(word));
                return null;
            case FieldType.Date:
                if (DateOf(value) is not { } date)
                    return Fault(field, FaultCode.UnknownValue,
                        $"a day such as 2026-09-30 or 30/09/2026, day before month, is wanted, not {Shown(value)}");
                JsonDate.Write(json, field.EncodedName, date);
                return null;
            default:
                json.WriteString(field.EncodedName, value.ToLowerInvariant().Replace(' ', '_').Replace('-', '_'));
                return null;
        }
    }

    /// <summary>A day in one of the two forms; null where it has neither, or does not exist.</summary>
    public static DateOnly? DateOf(string value) =>
        DateOnly.TryParseExact(value, _dates, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
            : null;

    /// <summary>An academic year is often written by both of its years: 2026/2027.</summary>
    private static string FirstYear(string value) =>
        value is [_, _, _, _, '/' or '-', ..]
            && int.TryParse(value.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            && int.TryParse(value.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var second)
                && second == first + 1 ? value[..4] : value;

    private static JsonFault Fault(ApiField field, string code, string text) =>
        new($"/{field.Name}", code, $"/{field.Name}: {text}");

    private static string Shown(string value) => Shortened.Of(Encoding.UTF8.GetBytes(value));

    private static HashSet<string> Words(params string[] words) => [.. words.Select(ListColumns.Folded)];
}
