using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Text.Json;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;

namespace Amoe.Host.Api.Commands;

/// <summary>
/// Reads one command in one pass by the table of its kind. Only where "command" is not the first field, the object is
/// searched for it first. Stops at the first fault.
/// </summary>
internal ref struct CommandReader
{
    /// <summary>Objects and arrays within each other: the command, its lines, a line, the line's teeth.</summary>
    public const int DepthMax = 4;

    /// <summary>Bytes of a string's value that are read: no name comes near.</summary>
    public const int StringBytesMax = 256;

    // Depth is refused by the reader of JSON only with an exception: its own limit is never reached.
    private static readonly JsonReaderOptions _options = new() { MaxDepth = DepthMax + 4 };

    private static readonly FieldTable _envelope = new([ApiFields.Command]);

    private readonly CommandContext _context;
    private readonly FieldValues _values;
    private Utf8JsonReader _json;
    private ClaimLine[]? _lines;
    private JsonFault _fault;
    private bool _effectiveWhenKnown;

    // Where the reader is, for a fault's path.
    private int _line = -1;

    /// <param name="utf8">Valid UTF-8.</param>
    /// <param name="values">Room for the values, all 0.</param>
    public CommandReader(ReadOnlySpan<byte> utf8, in CommandContext context, Span<long> values)
    {
        _context = context;
        _values = new FieldValues(values);
        _json = new Utf8JsonReader(utf8, _options);
    }

    /// <summary>Reads the object.</summary>
    /// <exception cref="JsonException">It is not JSON, or something follows it.</exception>
    public bool TryRead([NotNullWhen(true)] out Command? command, out JsonFault fault)
    {
        command = TryReadFields(out var definition)
            ? CommandMaker.Make(definition.Kind, Addressed(definition), _lines, _effectiveWhenKnown)
            : null;
        fault = _fault;
        return command is not null;
    }

    private bool TryReadFields([NotNullWhen(true)] out ApiCommand? definition)
    {
        definition = null;
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
            return Fails(Faults.WrongType("", "a JSON object", _json));
        definition = _context.Kind == CommandKind.None ? FindCommand() : ApiCommands.Of(_context.Kind);
        if (definition is null || !IsClaimMeant(definition))
            return false;
        var table = definition.Table;
        var outside = OutsideOf(table);
        if (!TryReadObject(table, definition.Name, outside, out var said) || !AreExclusive(table, said))
            return false;

        // Throws where something follows.
        _json.Read();
        var saysKnown = _context.TakesKnown && (said & table.BitOf(Slot.Known)) != 0;
        var saysEffective = (said & table.BitOf(Slot.Effective)) != 0;
        if (!saysKnown)
            _values.Put(Slot.Known, _context.Known);
        if (!saysEffective)
            _values[Slot.Effective] = _values[Slot.Known];
        _effectiveWhenKnown = !saysKnown && !saysEffective && !definition.IsQuestion;
        if ((said & table.BitOf(Slot.Has)) != 0)
            _values[Slot.Without] = (long)FileItems.All & ~_values[Slot.Has];
        return true;
    }

    /// <summary>The values with what was said outside the object.</summary>
    private readonly FieldValues Addressed(ApiCommand definition)
    {
        if (_context.Student is { } student)
            _values[Slot.Student] = (long)student.Value;
        if (_context.Claim is { } claim && definition.To == Addressee.Claim)
            _values[Slot.Reference] = (long)claim;
        return _values;
    }

    /// <summary>A bit for each field that was said outside the object.</summary>
    private readonly ulong OutsideOf(FieldTable table) =>
        (_context.Kind != CommandKind.None ? table.BitOf(Slot.Command) : 0)
        | (_context.Student is not null ? table.BitOf(Slot.Student) : 0)
        | (_context.Claim is not null ? table.BitOf(Slot.Reference) : 0);

    private bool IsClaimMeant(ApiCommand definition)
    {
        if (_context.Claim is not { } claim)
            return true;
        if (definition.To != Addressee.Claim)
            return Fails(Faults.NotToAClaim(definition.Name));
        return claim < CommandId.ReferenceLimit || Fails(Faults.ClaimOutOfRange(claim));
    }

    /// <summary>Looks for "command", which usually comes first, without moving on.</summary>
    private ApiCommand? FindCommand()
    {
        var ahead = _json;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = IndexOf(ahead, _envelope) == 0;
            ahead.Read();
            if (isIt)
                return Named(ahead);

            // A value that is no field of any command may be of any depth.
            for (var within =
                ahead.CurrentDepth; ahead.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                    || ahead.CurrentDepth > within; ahead.Read())
            {
                if (IsTooDeep(ahead))
                {
                    Fails(Faults.TooDeep(""));
                    return null;
                }
            }
        }

        Fails(Faults.MissingCommand());
        return null;
    }

    private ApiCommand? Named(in Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            Fails(Faults.WrongType("/command", ApiFields.Command.Wanted(), json));
            return null;
        }

        if (IndexOf(json, ApiFields.Command.Set!) is var index and >= 0)
            return ApiCommands.Of((CommandKind)ApiFields.Command.Set![index]);
        Fails(Faults.UnknownName("/command", ApiFields.Command, json));
        return null;
    }

    /// <summary>Reads the fields of the object that has begun, up to its end.</summary>
    /// <param name="of">The thing whose fields they are, for a fault.</param>
    /// <param name="outside">A bit for each field that may not be said here.</param>
    /// <param name="said">A bit for each field that was.</param>
    private bool TryReadObject(FieldTable table, string of, ulong outside, out ulong said)
    {
        said = 0;
        while (_json.Read() && _json.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(_json, table);
            if (index < 0)
                return Fails(Faults.UnknownField(Path(null), of, table.Fields, _json));
            var (field, bit) = (table.Fields[index], 1UL << index);
            if ((said & bit) != 0)
                return Fails(Faults.DuplicateField(Path(field)));
            if ((outside & bit) != 0 || (field.Slot == Slot.Known && !_context.TakesKnown))
                return Fails(Faults.SaidOutside(Path(field)));
            said |= bit;
            _json.Read();
            if (!TryReadValue(field))
                return false;
        }

        var missing = table.Required & ~said & ~outside;
        return missing == 0 || Fails(Missing(table.Fields[BitOperations.TrailingZeroCount(missing)]));
    }

    /// <summary>Of what a file has and what it lacks, one is said.</summary>
    private bool AreExclusive(FieldTable table, ulong said)
    {
        var either = table.BitOf(Slot.Has) | table.BitOf(Slot.Without);
        return either == 0 || BitOperations.PopCount(said & either) switch
        {
            1 => true,
            0 => Fails(Missing(ApiFields.Has)),
            _ => Fails(Faults.Contradiction(Path(ApiFields.Without), ApiFields.Without)),
        };
    }

    private bool TryReadValue(ApiField field) => field.Type switch
    {
        FieldType.Whole => TryReadWhole(field),
        FieldType.Name => field.Slot == Slot.Command || TryReadName(field),
        FieldType.Date => TryReadDate(field),
        FieldType.Truth => TryReadTruth(field),
        FieldType.Names => TryReadNames(field),
        FieldType.Lines => TryReadLines(field),
        _ => TryReadTeeth(field),
    };

    private bool TryReadWhole(ApiField field)
    {
        if (_json.TokenType != JsonTokenType.Number)
            return Fails(WrongType(field));
        bool fits;
        if (field.Max > long.MaxValue)
        {
            fits = _json.TryGetUInt64(out var large);
            _values[field.Slot] = (long)large;
        }
        else
        {
            fits = _json.TryGetInt64(out var whole) && whole >= field.Min && whole <= (long)field.Max;
            _values[field.Slot] = whole;
        }

        return fits
            || Fails(
                _json.ValueSpan.ContainsAny(".eE"u8)
                    ? WrongType(field)
                    : Faults.OutOfRange(Path(field), field.Wanted(), _json));
    }

    private bool TryReadTruth(ApiField field)
    {
        _values.Put(field.Slot, _json.TokenType == JsonTokenType.True);
        return _json.TokenType is JsonTokenType.True or JsonTokenType.False || Fails(WrongType(field));
    }

    private bool TryReadDate(ApiField field)
    {
        if (!TryReadString(field))
            return false;
        var isDate = JsonDate.TryParse(
            _json.ValueIsEscaped
                ? JsonAscii.Unescape(_json.ValueSpan, stackalloc byte[StringBytesMax])
                : _json.ValueSpan, out var date);
        _values.Put(field.Slot, date);
        return isDate || Fails(Faults.NoDate(Path(field), _json));
    }

    private bool TryReadName(ApiField field)
    {
        if (!TryReadMember(field, -1, out var value))
            return false;
        _values[field.Slot] = value;
        return true;
    }

    private bool TryReadNames(ApiField field)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
            return Fails(WrongType(field));
        var all = 0L;
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (!TryReadMember(field, index, out var value))
                return false;
            if ((all & value) != 0)
                return Fails(Faults.DuplicateValue(Path(field, index), _json));
            all |= value;
        }

        _values[field.Slot] = all;
        return true;
    }

    /// <summary>Reads the name that the reader is at.</summary>
    /// <param name="index">Its place in the list, or -1.</param>
    private bool TryReadMember(ApiField field, int index, out long value)
    {
        value = 0;
        if (!TryReadString(field, index))
            return false;
        var member = IndexOf(_json, field.Set!);
        if (member < 0)
            return Fails(Faults.UnknownName(Path(field, index), field, _json));
        value = field.Set![member];
        return true;
    }

    private bool TryReadTeeth(ApiField field)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
            return Fails(WrongType(field));
        var all = 0u;
        for (var index = 0; _json.Read() && _json.TokenType != JsonTokenType.EndArray; index++)
        {
            if (_json.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
                return Fails(WrongType(field, index));
            if (TeethOf(_json) is not { } teeth)
                return Fails(Faults.NoTooth(Path(field, index), _json));
            if ((all & teeth) != 0)
                return Fails(Faults.DuplicateValue(Path(field, index), _json));
            all |= teeth;
        }

        _values[field.Slot] = all;
        return true;
    }

    /// <summary>The teeth that a number or string means; null where it means none.</summary>
    private static uint? TeethOf(in Utf8JsonReader json) =>
        json.TokenType == JsonTokenType.Number ? json.TryGetInt32(out var number) ? Teeth.Of(number) : null
        : json.ValueIsEscaped
        ? Teeth.Of(JsonAscii.Unescape(json.ValueSpan, stackalloc byte[StringBytesMax]))
        : Teeth.Of(json.ValueSpan);

    private bool TryReadLines(ApiField field)
    {
        if (_json.TokenType != JsonTokenType.StartArray)
            return Fails(WrongType(field));
        Span<ClaimLine> lines = stackalloc ClaimLine[DepositClaim.MaxLines];
        var count = 0;
        for (; _json.Read() && _json.TokenType != JsonTokenType.EndArray; count++)
        {
            if (count == lines.Length)
                return Fails(Faults.TooMany(Path(field), lines.Length));
            if (_json.TokenType != JsonTokenType.StartObject)
                return Fails(WrongType(field, count));
            _line = count;
            _values[Slot.TariffOrPrice] =
                _values[Slot.Circumstances] = _values[Slot.Generic] = _values[Slot.Elements] = _values[Slot.Teeth] = 0;
            if (!TryReadObject(ApiCommands.Line, "a line", 0, out _))
                return false;
            lines[count] = CommandMaker.Line(_values);
            _line = -1;
        }

        _lines = lines[..count].ToArray();
        return true;
    }

    private bool TryReadString(ApiField field, int index = -1)
    {
        if (_json.TokenType != JsonTokenType.String)
            return Fails(WrongType(field, index));
        return _json.ValueSpan.Length <= StringBytesMax
            || Fails(Faults.TooLong(Path(field, index), _json.ValueSpan.Length));
    }

    private static int IndexOf(in Utf8JsonReader json, NameSet set) =>
        json.ValueIsEscaped
            ? set.Find(JsonAscii.Unescape(json.ValueSpan, stackalloc byte[StringBytesMax]))
            : set.Find(json.ValueSpan);

    private static int IndexOf(in Utf8JsonReader json, FieldTable table) =>
        json.ValueIsEscaped
            ? table.Find(JsonAscii.Unescape(json.ValueSpan, stackalloc byte[StringBytesMax]))
            : table.Find(json.ValueSpan);

    private static bool IsTooDeep(in Utf8JsonReader json) =>
        json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && json.CurrentDepth >= DepthMax;

    private readonly JsonFault WrongType(ApiField field, int index = -1)
    {
        var path = Path(field, index);
        return IsTooDeep(_json) ? Faults.TooDeep(path)
            : Faults.WrongType(
                path,
                index < 0
                    ? field.Wanted()
                    : field.Type == FieldType.Lines ? "a line, which is an object," : $"a member of {field.Wanted()}",
                _json);
    }

    private readonly JsonFault Missing(ApiField field) => Faults.Missing(Path(field), field);

    /// <summary>The pointer to a field, or to a member of its list; null for the object it would be in.</summary>
    private readonly string Path(ApiField? field, int index = -1)
    {
        var path = _line < 0 ? "" : $"/lines/{_line}";
        return field is null ? path : index < 0 ? $"{path}/{field.Name}" : $"{path}/{field.Name}/{index}";
    }

    private bool Fails(JsonFault fault)
    {
        _fault = fault;
        return false;
    }
}
