using System.Globalization;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Cases;

/// <summary>
/// The fields of one mapping of a case file, by key. Each is read as what its key means, or is an error that names the
/// line.
/// </summary>
internal sealed class CaseFields(YamlFile file, YamlMap map, string what)
{
    /// <summary>
    /// One hundred million dirhams: amounts beyond are a slip of the pen, and are refused before they can overflow.
    /// </summary>
    private const decimal DirhamsMax = 100_000_000;

    public int Line => (int)map.Node.Start.Line;

    public bool Has(string key) => map.Find(key) is not null;

    public Exception Error(string cause) => file.Error(map.Node, $"{what} {cause}");

    public Exception Error(string key, string cause) => file.Error(map[key], $"{Named(key)} {cause}");

    public string Text(string key) => file.Text(map[key], Named(key));

    public string? MaybeText(string key) => Has(key) ? Text(key) : null;

    public DateOnly Date(string key) => file.Date(map[key], Named(key));

    public DateOnly Date(string key, DateOnly otherwise) => Has(key) ? Date(key) : otherwise;

    public DateOnly? MaybeDate(string key) => Has(key) ? Date(key) : null;

    public bool Truth(string key, bool otherwise) => Has(key) ? file.Truth(map[key], Named(key)) : otherwise;

    public long Whole(string key, long min, long max) => file.Whole(map[key], Named(key), min, max);

    public long Whole(string key, long otherwise, long min, long max) => Has(key) ? Whole(key, min, max) : otherwise;

    public T Name<T>(string key)
        where T : struct, Enum => file.Name<T>(map[key], Named(key));

    public T Name<T>(string key, T otherwise)
        where T : struct, Enum => Has(key) ? Name<T>(key) : otherwise;

    /// <summary>One value or a list of them.</summary>
    public IReadOnlyList<T> OneOrMore<T>(string key, Func<YamlFile, YamlNode, string, T> read) =>
        map[key] is YamlSequenceNode
            ? [.. file.List(map[key], Named(key)).Select(item => read(file, item, Named(key)))]
            : [read(file, map[key], Named(key))];

    /// <summary>A set of flags as a list of their names; none where the key is missing.</summary>
    public T Flags<T>(string key)
        where T : struct, Enum
    {
        var flags = 0L;
        if (Has(key))
        {
            foreach (var item in OneOrMore(key, (from, node, named) => from.Name<T>(node, named)))
                flags |= Convert.ToInt64(item, CultureInfo.InvariantCulture);
        }

        return (T)Enum.ToObject(typeof(T), flags);
    }

    /// <summary>An amount in dirhams, as centimes.</summary>
    public long Centimes(string key)
    {
        var text = Text(key);
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var dirhams)
            && decimal.IsInteger(dirhams * 100)
            && dirhams <= DirhamsMax
            ? (long)(dirhams * 100)
            : throw Error(key, $"must be an amount in dirhams, with two decimals at most, not '{text}'");
    }

    public long Centimes(string key, long otherwise) => Has(key) ? Centimes(key) : otherwise;

    public long? MaybeCentimes(string key) => Has(key) ? Centimes(key) : null;

    /// <summary>The mappings of a list, each with keys of its own.</summary>
    public IEnumerable<CaseFields> Maps(string key, string one, string[] keys) =>
        file.List(map[key], Named(key)).Select(item => Of(file, item, one, keys));

    public CaseFields Map(string key, string[] keys) => Of(file, map[key], Named(key), keys);

    public YamlNode Node(string key) => map[key];

    public static CaseFields Of(YamlFile file, YamlNode node, string what, params ReadOnlySpan<string> keys) =>
        new(file, file.Map(node, what, keys), what);

    private string Named(string key) => $"'{key}' of {what}";
}
