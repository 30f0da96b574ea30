using System.Globalization;
using Amoe.Engine.Domain;
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

    /// <summary>A date that a command can have.</summary>
    public DateOnly Date(string key) => DateOf(file, map[key], Named(key), CommandBounds.CoverageFirstDay);

    public DateOnly Date(string key, DateOnly otherwise) => Has(key) ? Date(key) : otherwise;

    public DateOnly? MaybeDate(string key) => Has(key) ? Date(key) : null;

    /// <summary>A day that can come.</summary>
    public DateOnly Day(string key) => DayOf(file, map[key], Named(key));

    public DateOnly? MaybeDay(string key) => Has(key) ? Day(key) : null;

    public bool Truth(string key, bool otherwise) => Has(key) ? file.Truth(map[key], Named(key)) : otherwise;

    public long Whole(string key, long min, long max) => file.Whole(map[key], Named(key), min, max);

    public long Whole(string key, long otherwise, long min, long max) => Has(key) ? Whole(key, min, max) : otherwise;

    /// <summary>The number of one of the case's students: the first where none is named.</summary>
    /// <param name="count">How many students the case has.</param>
    public int Student(int count)
    {
        var number = (int)Whole("student", 1, 1, int.MaxValue);
        return number <= count
            ? number
            : throw Error(
                "student",
                $"is {number}, and the case has {count}: 'student' of the case lists several, as [{{}}, {{}}]");
    }

    public T Name<T>(string key)
        where T : struct, Enum => file.Name<T>(map[key], Named(key));

    public T Name<T>(string key, T otherwise)
        where T : struct, Enum => Has(key) ? Name<T>(key) : otherwise;

    /// <summary>One of these names.</summary>
    public string Name(string key, IReadOnlyCollection<string> known) => NameOf(file, map[key], Named(key), known);

    /// <summary>A reason, one of these names.</summary>
    public Reason Reason(string key, IReadOnlyCollection<string> known) =>
        SnakeCase<Reason>.TryParse(Name(key, known), out var reason) ? reason : Domain.Reason.None;

    /// <summary>The id of a rule of the scheme; null where the key is missing.</summary>
    public string? MaybeRule(string key) => Has(key) ? RuleOf(file, map[key], Named(key)) : null;

    /// <summary>One value or a list of them, at least one.</summary>
    public IReadOnlyList<T> OneOrMore<T>(string key, Func<YamlFile, YamlNode, string, T> read) =>
        map[key] is YamlSequenceNode
            ? [.. file.List(map[key], Named(key)).Select(item => read(file, item, Named(key)))]
            : [read(file, map[key], Named(key))];

    /// <summary>True where the key has a list without items.</summary>
    public bool IsEmptyList(string key) => map[key] is YamlSequenceNode { Children.Count: 0 };

    /// <summary>A set of flags as a list of their names; none where the key is missing or the list empty.</summary>
    public T Flags<T>(string key)
        where T : struct, Enum
    {
        var flags = 0L;
        if (Has(key) && !IsEmptyList(key))
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

    public static DateOnly DayOf(YamlFile file, YamlNode node, string what) =>
        DateOf(file, node, what, CommandBounds.FirstDay);

    /// <summary>One of these names; the error says them all.</summary>
    public static string NameOf(YamlFile file, YamlNode node, string what, IReadOnlyCollection<string> known)
    {
        var name = file.Text(node, what);
        return known.Contains(name)
            ? name
            : throw file.Error(node, $"{what} has an unknown name '{name}'; known: {string.Join(", ", known)}");
    }

    public static string RuleOf(YamlFile file, YamlNode node, string what)
    {
        var id = file.Text(node, what);
        return SchemeRules.Ids.Contains(id)
            ? id
            : throw file.Error(node, $"{what} has an unknown rule '{id}'; known: {string.Join(", ", SchemeRules.Ids)}");
    }

    private static DateOnly DateOf(YamlFile file, YamlNode node, string what, DateOnly first)
    {
        var date = file.Date(node, what);
        return date >= first && date <= CommandBounds.LastDay
            ? date
            : throw file.Error(
                node,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what} must be from {first:yyyy-MM-dd} to {CommandBounds.LastDay:yyyy-MM-dd}, not {date:yyyy-MM-dd}"));
    }

    private string Named(string key) => $"'{key}' of {what}";
}
