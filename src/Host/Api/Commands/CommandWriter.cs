using System.Numerics;
using System.Text.Json;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Host.Api.Commands;

/// <summary>Writes the fields of one command by the table of its kind.</summary>
internal readonly ref struct CommandWriter(Utf8JsonWriter json, FieldValues values, ClaimLine[]? lines)
{
    private readonly FieldValues _values = values;

    /// <summary>Writes every field that must be said, and of the others those that say something.</summary>
    /// <exception cref="ArgumentException">A value has no name in the API, or its field cannot hold it.</exception>
    public void WriteFields(FieldTable table)
    {
        foreach (var field in table.Fields)
        {
            if (IsWritten(field))
                Write(field);
        }
    }

    private bool IsWritten(ApiField field) => field.Slot switch
    {
        Slot.Known => true,
        Slot.Effective => _values[Slot.Effective] != _values[Slot.Known],
        Slot.Has => !LacksLess,
        Slot.Without => LacksLess,
        Slot.Lines => field.IsRequired || lines is { Length: > 0 },
        _ => field.IsRequired || _values[field.Slot] != 0,
    };

    /// <summary>True where the papers that a file lacks are the shorter list.</summary>
    private bool LacksLess =>
        BitOperations.PopCount((ulong)_values[Slot.Without]) <= BitOperations.PopCount((ulong)_values[Slot.Has]);

    private void Write(ApiField field)
    {
        var value = _values[field.Slot];
        switch (field.Type)
        {
            case FieldType.Whole when field.Max > long.MaxValue:
                json.WriteNumber(field.EncodedName, (ulong)value);
                break;
            case FieldType.Whole:
                if (value < field.Min || value > (long)field.Max)
                    throw new ArgumentException($"{field.Name} is {field.Wanted()}, not {value}");
                json.WriteNumber(field.EncodedName, value);
                break;
            case FieldType.Truth:
                json.WriteBoolean(field.EncodedName, value != 0);
                break;
            case FieldType.Date:
                JsonDate.Write(json, field.EncodedName, _values.Date(field.Slot));
                break;
            case FieldType.Name:
                json.WriteString(field.EncodedName, NameOf(field, value));
                break;
            case FieldType.Names:
                WriteNames(field, (ulong)value);
                break;
            case FieldType.Teeth:
                json.WritePropertyName(field.EncodedName);
                Teeth.Write(json, (uint)value);
                break;
            default:
                WriteLines(field);
                break;
        }
    }

    private void WriteNames(ApiField field, ulong flags)
    {
        json.WriteStartArray(field.EncodedName);
        for (; flags != 0; flags &= flags - 1)
            json.WriteStringValue(NameOf(field, (long)(flags & ~(flags - 1))));
        json.WriteEndArray();
    }

    private void WriteLines(ApiField field)
    {
        if (lines!.Length > DepositClaim.MaxLines)
            throw new ArgumentException($"{field.Name} is {field.Wanted()}, not {lines.Length}");
        json.WriteStartArray(field.EncodedName);
        foreach (ref readonly var line in lines.AsSpan())
        {
            CommandValues.Take(line, _values);
            json.WriteStartObject();
            WriteFields(ApiCommands.Line);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static JsonEncodedText NameOf(ApiField field, long value) =>
        field.Set!.NameOf(value)
            ?? throw new ArgumentException($"{field.Name} is {field.Wanted()}, and {value} is none");
}
