using System.Globalization;
using System.Text.Json;
using Amoe.Host.Reports;

namespace Amoe.Host.Api.Commands;

/// <summary>The texts of faults: where, what would do, and what was there.</summary>
internal static class Faults
{
    public static JsonFault NotUtf8() => Of("", FaultCode.NotJson, "the bytes are not UTF-8: send JSON in UTF-8");

    public static JsonFault ByteOrderMark() =>
        Of("", FaultCode.NotJson, "it begins with a byte order mark: leave it out");

    /// <param name="from">The bytes from the first that is wrong.</param>
    /// <param name="at">Its place, from 1.</param>
    public static JsonFault NotJson(ReadOnlySpan<byte> from, long at) => Of("", FaultCode.NotJson, from.IsEmpty
        ? string.Create(
            CultureInfo.InvariantCulture, $"it ends at byte {at}, before the object does: send exactly one JSON object")
        : string.Create(
            CultureInfo.InvariantCulture, $"it is not one JSON object from byte {at} on: {Shortened.Of(from)}"));

    public static JsonFault TooDeep(string path) =>
        Of(
            path, FaultCode.TooDeep,
            $"there are more than {CommandReader.DepthMax} objects and lists within each other, and no command has so many");

    public static JsonFault MissingCommand() =>
        Of("/command", FaultCode.Missing, $"it is missing; {ApiFields.Command.Wanted()} is wanted");

    public static JsonFault Missing(string path, ApiField field) =>
        Of(path, FaultCode.Missing, field.InsteadOf is { } other
            ? $"it is missing, and so is {other}: one of the two is wanted, as {field.Wanted()}"
            : $"it is missing; {field.Wanted()} is wanted");

    public static JsonFault Contradiction(string path, ApiField field) =>
        Of(path, FaultCode.Contradiction, $"{field.InsteadOf} is there too: one of the two is wanted");

    public static JsonFault UnknownField(string within, string of, ApiField[] fields, in Utf8JsonReader json)
    {
        var name = Shortened.Of(json.ValueSpan);
        return Of(
            $"{within}/{Pointer(name)}", FaultCode.UnknownField,
            $"{of} has no such field; did you mean {Nearest.Of(name, fields.Select(field => field.Name))}?");
    }

    public static JsonFault SaidOutside(string path) =>
        Of(path, FaultCode.UnknownField, "it is said outside the object, or by the host's clock: leave it out");

    public static JsonFault DuplicateField(string path) =>
        Of(path, FaultCode.DuplicateField, "it comes twice: say it once");

    public static JsonFault DuplicateValue(string path, in Utf8JsonReader json) =>
        Of(path, FaultCode.DuplicateValue, $"{Shown(json)} is in the list before, or part of what is: say it once");

    public static JsonFault WrongType(string path, string wanted, in Utf8JsonReader json) =>
        Of(path, FaultCode.WrongType, json.TokenType == JsonTokenType.Null
            ? $"{wanted} is wanted, not null: leave out what is not said"
            : $"{wanted} is wanted, not {Shown(json)}");

    public static JsonFault OutOfRange(string path, string wanted, in Utf8JsonReader json) =>
        Of(path, FaultCode.OutOfRange, $"{wanted} is wanted, not {Shown(json)}");

    public static JsonFault ClaimOutOfRange(ulong claim) =>
        Of(
            "/claim", FaultCode.OutOfRange,
            string.Create(CultureInfo.InvariantCulture, $"{ApiFields.Claim.Wanted()} is wanted, not {claim}"));

    public static JsonFault NotToAClaim(string command) =>
        Of("/command", FaultCode.UnknownValue, $"{command} is a command to a student, and a claim is addressed");

    public static JsonFault NoDate(string path, in Utf8JsonReader json) =>
        Of(path, FaultCode.UnknownValue, $"a day of the calendar such as \"2025-09-15\" is wanted, not {Shown(json)}");

    public static JsonFault NoTooth(string path, in Utf8JsonReader json) =>
        Of(
            path, FaultCode.UnknownValue,
            $"\"upper\", \"lower\" or the number of a permanent tooth such as 14 is wanted, not {Shown(json)}");

    public static JsonFault UnknownName(string path, ApiField field, in Utf8JsonReader json)
    {
        var nearest = Nearest.Of(Shortened.Of(json.ValueSpan), field.Values);
        var known = field.Values.Count <= ApiField.NamesListedMax ? $"; known: {string.Join(", ", field.Values)}" : "";
        return Of(path, FaultCode.UnknownValue, $"{Shown(json)} is not known; did you mean \"{nearest}\"?{known}");
    }

    public static JsonFault TooLong(string path, int bytes) =>
        Of(
            path, FaultCode.TooLong,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the string has {bytes} bytes, and no name has more than {CommandReader.StringBytesMax}"));

    public static JsonFault TooMany(string path, int most) =>
        Of(path, FaultCode.TooMany, $"a sheet has at most {most} lines: divide the claim");

    private static JsonFault Of(string path, string code, string text) =>
        new(path, code, path.Length == 0 ? text : $"{path}: {text}");

    /// <summary>What was there: a value as it was written, shortened.</summary>
    private static string Shown(in Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{Shortened.Of(json.ValueSpan)}\"",
        _ => Shortened.Of(json.ValueSpan),
    };

    /// <summary>A name as a part of a JSON pointer (RFC 6901).</summary>
    private static string Pointer(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
