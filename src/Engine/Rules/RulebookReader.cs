using System.Globalization;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Rules;

/// <summary>A value of a parameter or an act over the days it holds, with what it does to a period's rules.</summary>
internal sealed record DatedValue(YamlNode Node, DateOnly From, DateOnly? Until, string Text, string Source, Action<RulesDraft> Apply);

/// <summary>A parameter or an act with all its values, the oldest first, each ending on the day before the next.</summary>
internal sealed record RulebookEntry(YamlNode Node, string Id, string Text, string Unit, IReadOnlyList<DatedValue> Values);

/// <summary>
/// Reads a rulebook's text into entries and refuses what is unknown, missing, said twice or leaves a day without a value.
/// </summary>
internal sealed class RulebookReader
{
    private readonly YamlFile _file;

    private RulebookReader(YamlFile file) => _file = file;

    /// <exception cref="RulebookException">One line: file, line, cause.</exception>
    public static (YamlFile File, List<RulebookEntry> Entries) Read(string yaml, string fileName)
    {
        var file = new YamlFile(fileName, message => new RulebookException(message));
        var root = file.Map(file.Parse(yaml), "the rulebook", "parameters", "acts");
        var reader = new RulebookReader(file);
        List<RulebookEntry> entries = [.. reader.ReadParameters(root["parameters"]), .. reader.ReadActs(root["acts"])];
        reader.RequireSameFirstDay(entries);
        return (file, entries);
    }

    private List<RulebookEntry> ReadParameters(YamlNode list)
    {
        var entries = new Dictionary<string, RulebookEntry>(StringComparer.Ordinal);
        foreach (var node in _file.List(list, "parameters"))
        {
            var map = _file.Map(node, "a parameter", "id", "text", "unit", "values");
            var id = map.Text("id");
            var definition = ParameterCatalog.All.FirstOrDefault(known => known.Id == id) ?? throw _file.Error(map["id"], $"unknown parameter '{id}'");
            if (map.Text("unit") != definition.Unit)
                throw _file.Error(map["unit"], $"the unit of {id} is '{definition.Unit}', not '{map.Text("unit")}'");
            var values = ReadValues(id, map["values"], value => (value["value"], definition.Read(_file, value["value"])), "value");
            if (!entries.TryAdd(id, new RulebookEntry(node, id, map.Text("text"), definition.Unit, values)))
                throw _file.Error(map["id"], $"parameter '{id}' stands twice");
        }
        if (ParameterCatalog.All.FirstOrDefault(known => !entries.ContainsKey(known.Id)) is { } missing)
            throw _file.Error(list, $"parameter '{missing.Id}' is missing");
        return [.. entries.Values];
    }

    private List<RulebookEntry> ReadActs(YamlNode list)
    {
        var entries = new Dictionary<Act, RulebookEntry>();
        foreach (var node in _file.List(list, "acts"))
        {
            var map = _file.Map(node, "an act", "id", "text", "values");
            var id = map.Text("id");
            var dot = id.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || !SnakeCase<Act>.TryParse(id[(dot + 1)..], out var act))
                throw _file.Error(map["id"], $"unknown act '{id}'; known after the rule's id and a dot: {string.Join(", ", SnakeCase<Act>.Names)}");
            var values = ReadValues(id, map["values"], value => (value.Node, ActTermsReader.Read(_file, value, act, id)), ActTermsReader.Keys);
            if (!entries.TryAdd(act, new RulebookEntry(node, id, map.Text("text"), "terms per sector", values)))
                throw _file.Error(map["id"], $"act '{id[(dot + 1)..]}' stands twice");
        }
        var missing = SnakeCase<Act>.Values.Where(act => !entries.ContainsKey(act)).Select(SnakeCase<Act>.NameOf).FirstOrDefault();
        return missing is null ? [.. entries.Values] : throw _file.Error(list, $"act '{missing}' is missing");
    }

    private List<DatedValue> ReadValues(string id, YamlNode list, Func<YamlMap, (YamlNode Shown, Action<RulesDraft> Apply)> read, params ReadOnlySpan<string> keys)
    {
        var values = new List<DatedValue>();
        foreach (var node in _file.List(list, $"the values of {id}"))
        {
            var map = _file.Map(node, $"a value of {id}", [DatedKeys.From, DatedKeys.Until, DatedKeys.Source, .. keys]);
            var from = _file.Date(map[DatedKeys.From], $"'from' of {id}");
            DateOnly? until = map.Find(DatedKeys.Until) is { } end ? _file.Date(end, $"'until' of {id}") : null;
            if (until < from)
                throw _file.Error(node, $"{id} ends on {Day(until.Value)}, before it begins on {Day(from)}");
            if (values.Count > 0)
                values[^1] = values[^1] with { Until = EndBefore(id, values[^1], node, from) };
            var (shown, apply) = read(map);
            values.Add(new DatedValue(node, from, until, Line(shown), map.Text(DatedKeys.Source), apply));
        }
        if (values[^1].Until is { } last)
            throw _file.Error(values[^1].Node, $"{id} has no value after {Day(last)}: the last one must be open");
        return values;
    }

    /// <summary>The last day of a value that another follows: the day before, which an explicit 'until' must not contradict.</summary>
    private DateOnly EndBefore(string id, DatedValue earlier, YamlNode later, DateOnly laterFrom)
    {
        if (laterFrom <= earlier.From)
            throw _file.Error(later, $"{id}: the value from {Day(laterFrom)} overlaps the one from {Day(earlier.From)}, which stands before it: the oldest comes first");
        var end = laterFrom.AddDays(-1);
        if (earlier.Until > end)
            throw _file.Error(later, $"{id}: the value from {Day(laterFrom)} overlaps the one until {Day(earlier.Until.Value)}");
        if (earlier.Until < end)
            throw _file.Error(later, $"{id} has a gap: no value after {Day(earlier.Until.Value)} and before {Day(laterFrom)}");
        return end;
    }

    private void RequireSameFirstDay(List<RulebookEntry> entries)
    {
        var first = entries.Min(entry => entry.Values[0].From);
        if (entries.Find(entry => entry.Values[0].From > first) is { } late)
            throw _file.Error(late.Values[0].Node, $"{late.Id} has a gap: no value from {Day(first)}, where the rulebook begins, and before {Day(late.Values[0].From)}");
    }

    /// <summary>A value on one line, as a person would read it; what dates and sources it is told apart.</summary>
    private static string Line(YamlNode node) => node switch
    {
        YamlMappingNode map => string.Join("; ", map.Children.Where(field => !DatedKeys.Contains(field.Key.ToString())).Select(field => $"{field.Key}: {Line(field.Value)}")),
        YamlSequenceNode list => string.Join(", ", list.Children.Select(Line)),
        _ => node.ToString(),
    };

    private static string Day(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static class DatedKeys
    {
        public const string From = "from";
        public const string Until = "until";
        public const string Source = "source";

        public static bool Contains(string key) => key is From or Until or Source;
    }
}
