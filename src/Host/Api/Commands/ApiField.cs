using System.Numerics;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Host.Api.Commands;

/// <summary>How a field's value is written in JSON.</summary>
internal enum FieldType
{
    /// <summary>A number without fraction and exponent.</summary>
    Whole,
    Truth,

    /// <summary>A string, as 2025-09-15.</summary>
    Date,

    /// <summary>A string: one of <see cref="ApiField.Values"/>.</summary>
    Name,

    /// <summary>An array of some of <see cref="ApiField.Values"/>, none twice.</summary>
    Names,

    /// <summary>An array of the numbers of teeth, "upper" and "lower".</summary>
    Teeth,

    /// <summary>An array of objects with <see cref="ApiCommands.LineFields"/>.</summary>
    Lines,
}

/// <summary>One field of a command, or of a claim's line.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Text">What it means, in one line, with its rule where it rests on one.</param>
/// <param name="Example">A value in JSON.</param>
internal sealed record ApiField(Slot Slot, string Name, FieldType Type, bool IsRequired, string Text, string Example)
{
    /// <summary>The least a whole number can be.</summary>
    public long Min { get; private init; }

    /// <summary>The most a whole number can be.</summary>
    public ulong Max { get; private init; }

    /// <summary>The names it can have; null unless it is of names.</summary>
    public NameSet? Set { get; private init; }

    /// <summary>The names it can have; none unless it is of names.</summary>
    public IReadOnlyList<string> Values => Set?.Names ?? [];

    /// <summary>
    /// The field that may be said in place of this one, where one of the two is required; null for most.
    /// </summary>
    public string? InsteadOf { get; init; }

    /// <summary>The name as it is written.</summary>
    public JsonEncodedText EncodedName { get; } = JsonEncodedText.Encode(Name);

    /// <summary>A whole number that fits a type of the domain.</summary>
    public static ApiField Whole<T>(Slot slot, string name, bool isRequired, string text, string example)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T> =>
        Whole(
            slot, name, isRequired, long.CreateSaturating(T.MinValue), ulong.CreateSaturating(T.MaxValue), text,
            example);

    public static ApiField Whole(
        Slot slot, string name, bool isRequired, long min, ulong max, string text, string example) =>
        new(slot, name, FieldType.Whole, isRequired, text, example) { Min = min, Max = max };

    public static ApiField Truth(Slot slot, string name, string text, string example = "true") =>
        new(slot, name, FieldType.Truth, IsRequired: true, text, example);

    public static ApiField Date(Slot slot, string name, bool isRequired, string text, string example) =>
        new(slot, name, FieldType.Date, isRequired, text, $"\"{example}\"");

    public static ApiField NameOf(Slot slot, string name, bool isRequired, NameSet set, string text, string example) =>
        new(slot, name, FieldType.Name, isRequired, text, $"\"{example}\"") { Set = set };

    public static ApiField NamesOf(Slot slot, string name, bool isRequired, NameSet set, string text, string example) =>
        new(slot, name, FieldType.Names, isRequired, text, example) { Set = set };

    /// <summary>What would do, as the end of a sentence: "a whole number from 0 to 255".</summary>
    public string Wanted() => Type switch
    {
        FieldType.Whole => $"a whole number from {Min} to {Max}",
        FieldType.Truth => "true or false",
        FieldType.Date => "a date such as \"2025-09-15\"",
        FieldType.Name =>
            Values.Count <= NamesListedMax ? $"one of {string.Join(", ", Values)}" : $"a name such as \"{Values[0]}\"",
        FieldType.Names => $"a list of names such as \"{Values[0]}\"",
        FieldType.Teeth => "a list of numbers of teeth such as 14, \"upper\" or \"lower\"",
        _ => $"a list of at most {DepositClaim.MaxLines} lines",
    };

    /// <summary>More names than these are not listed in an error.</summary>
    internal const int NamesListedMax = 10;
}

/// <summary>The actor that a command is for.</summary>
internal enum Addressee
{
    Student,
    Claim,
}

/// <summary>One command of the API.</summary>
/// <param name="Name">Its name in "command".</param>
/// <param name="To">A claim's commands name the claim by its sheet number.</param>
/// <param name="Envelope">What the caller may have said outside the object, and what most commands have.</param>
/// <param name="Fields">What is its own.</param>
/// <param name="Text">What it says, in one line, with its rule.</param>
internal sealed record ApiCommand(
    CommandKind Kind, string Name, Addressee To, IReadOnlyList<ApiField> Envelope, IReadOnlyList<ApiField> Fields,
    string Text)
{
    /// <summary>True for a question: it is answered, and never journalled.</summary>
    public bool IsQuestion => Kind >= CommandKind.AskEntitlement;

    /// <summary>
    /// A valid object with everything the command can say, but for "attempt", "known", and one of two fields that
    /// exclude each other.
    /// </summary>
    public string Example => $"{{{string.Join(",", Table.Fields.Where(IsInExample).Select(InExample))}}}";

    /// <summary>Finds its fields by name.</summary>
    public FieldTable Table { get; } = new([.. Envelope, .. Fields]);

    private string InExample(ApiField one) =>
        $"\"{one.Name}\":{(one.Slot == Slot.Command ? $"\"{Name}\"" : one.Example)}";

    private static bool IsInExample(ApiField field) => field.Slot is not (Slot.Attempt or Slot.Known or Slot.Has);
}

/// <summary>The fields of an object, found by their name.</summary>
internal sealed class FieldTable
{
    private readonly NameTable _names;
    private readonly ulong[] _bits = new ulong[FieldValues.Count];

    public FieldTable(ApiField[] fields)
    {
        Fields = fields;
        _names = new NameTable([.. fields.Select(field => field.Name)]);
        foreach (var (index, field) in fields.Index())
        {
            _bits[(int)field.Slot] = 1UL << index;
            Required |= field.IsRequired ? 1UL << index : 0;
        }
    }

    public ApiField[] Fields { get; }

    /// <summary>A bit for each field that must be said.</summary>
    public ulong Required { get; }

    /// <summary>The bit of a field; 0 where there is none of this slot.</summary>
    public ulong BitOf(Slot slot) => _bits[(int)slot];

    /// <summary>The index of a field, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name) => _names.Find(name);
}
