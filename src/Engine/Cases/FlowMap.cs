using System.Globalization;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>A mapping of a case file on one line: <c>{ on: 2023-09-20, what: registered }</c>.</summary>
internal sealed class FlowMap
{
    private readonly List<string> _fields = [];

    public FlowMap Add(string key, string value)
    {
        _fields.Add($"{key}: {value}");
        return this;
    }

    public FlowMap Add(string key, DateOnly day) =>
        Add(key, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    public FlowMap Add(string key, int number) => Add(key, number.ToString(CultureInfo.InvariantCulture));

    public FlowMap Add(string key, bool truth) => Add(key, truth ? "true" : "false");

    /// <summary>An amount in dirhams.</summary>
    public FlowMap AddAmount(string key, long centimes) =>
        Add(key, (centimes / 100m).ToString("0.00", CultureInfo.InvariantCulture));

    /// <summary>A member of an enum; nothing where it is None, which means no value.</summary>
    public FlowMap AddName<T>(string key, T value)
        where T : struct, Enum =>
        SnakeCase<T>.Values.Contains(value) ? Add(key, SnakeCase<T>.NameOf(value)) : this;

    /// <summary>One name by itself, several as a list.</summary>
    public FlowMap AddNames(string key, IReadOnlyList<string> names) =>
        Add(key, names.Count == 1 ? names[0] : $"[{string.Join(", ", names)}]");

    public FlowMap AddAll(string key, IEnumerable<string> items) => Add(key, $"[{string.Join(", ", items)}]");

    public override string ToString() => $"{{ {string.Join(", ", _fields)} }}";
}
