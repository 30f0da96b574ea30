using System.Numerics;
using System.Text.Json;
using Amoe.Engine.Text;

namespace Amoe.Host.Api.Commands;

/// <summary>The members of an enum that a field can have, by their snake_case names.</summary>
internal sealed class NameSet
{
    private readonly NameTable _table;
    private readonly long[] _values;

    // By value, or by the bit of a flag.
    private readonly JsonEncodedText?[] _names;
    private readonly bool _isFlags;

    private NameSet(bool isFlags, IReadOnlyList<(string Name, long Value)> members)
    {
        _isFlags = isFlags;
        Names = [.. members.Select(member => member.Name)];
        _values = [.. members.Select(member => member.Value)];
        _table = new NameTable(Names);
        _names = new JsonEncodedText?[members.Max(member => PlaceOf(member.Value)) + 1];
        foreach (var (name, value) in members)
            _names[PlaceOf(value)] = JsonEncodedText.Encode(name);
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>The members but None, which means that nothing is said.</summary>
    public static NameSet Of<T>(Func<T, bool>? isOne = null)
        where T : struct, Enum => new(isFlags: false, [.. Members(isOne)]);

    /// <summary>The single flags of a set.</summary>
    public static NameSet OfFlags<T>(Func<T, bool>? isOne = null)
        where T : struct, Enum =>
            new(isFlags: true, [.. Members(isOne).Where(member => BitOperations.IsPow2(member.Value))]);

    /// <summary>The index of a name, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name) => _table.Find(name);

    /// <summary>The value of the member at an index.</summary>
    public long this[int index] => _values[index];

    /// <summary>The name of a value, or of a single flag; null where the set has none.</summary>
    public JsonEncodedText? NameOf(long value) =>
        PlaceOf(value) is var place && place >= 0 && place < _names.Length ? _names[place] : null;

    private static IEnumerable<(string Name, long Value)> Members<T>(Func<T, bool>? isOne)
        where T : struct, Enum
    {
        var (names, values) = SnakeCase.Of(typeof(T));
        return names.Zip((T[])values).Where(member => isOne is null || isOne(member.Second))
            .Select(member =>
                (member.First, Convert.ToInt64(member.Second, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private long PlaceOf(long value) => _isFlags ? BitOperations.TrailingZeroCount(value) : value;
}
