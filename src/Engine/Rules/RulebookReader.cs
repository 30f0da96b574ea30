using System.Globalization;
using Amoe.Engine.Text;
using Amoe.Engine.Vocabulary;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Rules;

/// <summary>
/// Reads a rulebook's documents into entries and refuses what is unknown, missing, said twice or leaves a day without a
/// value. Together the documents are complete; what a later one says of an id goes below what earlier ones say.
/// </summary>
internal sealed class RulebookReader
{
    private const string Amends = "amends";
    private const string Parameters = "parameters";
    private const string Acts = "acts";

    private readonly OrderedDictionary<string, RulebookEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<Act, string> _actIds = [];
    private int _document;

    private RulebookReader()
    {
    }

    /// <exception cref="RulebookException">One line: file, line, cause.</exception>
    public static IReadOnlyList<RulebookEntry> Read(IReadOnlyList<RulebookFile> files)
    {
        var reader = new RulebookReader();
        (YamlFile File, YamlNode Root)? first = null;
        foreach (var (name, text) in files)
        {
            var file = new YamlFile(name, message => new RulebookException(message));
            foreach (var root in file.ParseAll(text))
            {
                first ??= (file, root);
                reader.ReadDocument(file, root);
            }
        }
        reader.RequireComplete(first!.Value.File, first.Value.Root);
        return [.. reader._entries.Values];
    }

    /// <summary>The rulebook that a text amends, by the name it gives; null for a text that amends none.</summary>
    /// <exception cref="RulebookException">One line: file, line, cause.</exception>
    public static string? AmendedBy(RulebookFile file)
    {
        var yaml = new YamlFile(file.Name, message => new RulebookException(message));
        return yaml.ParseAll(file.Text)[0] is YamlMappingNode { Children.Count: > 0 } root
            && root.Children[0].Key is YamlScalarNode { Value: Amends }
            ? yaml.Text(root.Children[0].Value, Amends)
            : null;
    }

    private void ReadDocument(YamlFile file, YamlNode root)
    {
        _document++;
        var map = file.Map(root, "the rulebook", Amends, Parameters, Acts);
        if (map.Find(Amends) is { } amends && (_document == 1 || file.Text(amends, Amends) != ShippedRulebooks.Amended))
            throw file.Error(
                amends,
                $"only the rulebook '{ShippedRulebooks.Amended}' is amended, by a text that begins with '{Amends}: {ShippedRulebooks.Amended}'");
        if (map.Find(Parameters) is { } parameters)
            ReadParameters(file, parameters);
        if (map.Find(Acts) is { } acts)
            ReadActs(file, acts);
    }

    private void ReadParameters(YamlFile file, YamlNode list)
    {
        foreach (var node in file.List(list, Parameters))
        {
            var map = file.Map(node, "a parameter", "id", "text", "unit", "values");
            var id = map.Text("id");
            var definition = ParameterCatalog.All.FirstOrDefault(known => known.Id == id)
                ?? throw file.Error(map["id"], $"unknown parameter '{id}'");
            if (!_entries.TryGetValue(id, out var entry))
                _entries.Add(id, entry = new RulebookEntry(id, map.Text("text"), definition.Unit));
            RequireSame(file, map, "unit", definition.Unit, id, mustStand: entry.LastDocument == 0);
            Amend(file, map, entry, $"parameter '{id}'");
            ReadValues(
                file, map, entry, (value, from) => (value["value"], definition.Read(file, value["value"], from)),
                "value");
        }
    }

    private void ReadActs(YamlFile file, YamlNode list)
    {
        foreach (var node in file.List(list, Acts))
        {
            var map = file.Map(node, "an act", "id", "text", "values");
            var id = map.Text("id");
            var dot = id.IndexOf('.', StringComparison.Ordinal);
            if (dot <= 0 || !SnakeCase<Act>.TryParse(id[(dot + 1)..], out var act))
                throw file.Error(
                    map["id"],
                    $"unknown act '{id}'; known after the rule's id and a dot: {string.Join(", ", SnakeCase<Act>.Names)}");
            if (_actIds.TryAdd(act, id))
                _entries.Add(id, new RulebookEntry(id, map.Text("text"), "terms per sector"));
            else if (_actIds[act] != id)
                throw file.Error(map["id"], $"act '{id[(dot + 1)..]}' is there twice: it is {_actIds[act]} already");
            Amend(file, map, _entries[id], $"act '{id[(dot + 1)..]}'");
            ReadValues(
                file, map, _entries[id], (value, _) => (value.Node, ActTermsReader.Read(file, value, act, id)),
                ActTermsReader.Keys);
        }
    }

    /// <summary>
    /// A document may have an entry once. A later document need not repeat the entry's text, and cannot change it.
    /// </summary>
    private void Amend(YamlFile file, YamlMap map, RulebookEntry entry, string what)
    {
        if (entry.LastDocument == _document)
            throw file.Error(map["id"], $"{what} is there twice");
        RequireSame(file, map, "text", entry.Text, entry.Id, mustStand: entry.LastDocument == 0);
        entry.LastDocument = _document;
    }

    private static void RequireSame(YamlFile file, YamlMap map, string key, string known, string id, bool mustStand)
    {
        if ((mustStand || map.Find(key) is not null) && map.Text(key) != known)
            throw file.Error(map[key], $"the {key} of {id} is '{known}', not '{map.Text(key)}'");
    }

    private static void ReadValues(
        YamlFile file, YamlMap entryMap, RulebookEntry entry,
        Func<YamlMap, DateOnly, (YamlNode Shown, Action<RulesDraft> Apply)> read, params ReadOnlySpan<string> keys)
    {
        var (id, values) = (entry.Id, entry.Values);
        foreach (var node in file.List(entryMap["values"], $"the values of {id}"))
        {
            var map = file.Map(node, $"a value of {id}", [DatedKeys.From, DatedKeys.Until, DatedKeys.Source, .. keys]);
            var from = file.Date(map[DatedKeys.From], $"'from' of {id}");
            DateOnly? until = map.Find(DatedKeys.Until) is { } end ? file.Date(end, $"'until' of {id}") : null;
            if (until < from)
                throw file.Error(node, $"{id} ends on {Day(until.Value)}, before it begins on {Day(from)}");
            if (values.Count > 0)
                values[^1] = values[^1] with { Until = EndBefore(file, id, values[^1], node, from) };
            var (shown, apply) = read(map, from);
            values.Add(new DatedValue(file, node, from, until, Line(shown), map.Text(DatedKeys.Source), apply));
        }
    }

    /// <summary>
    /// The last day of a value that another follows: the day before, which an explicit 'until' must not contradict.
    /// </summary>
    private static DateOnly EndBefore(YamlFile file, string id, DatedValue earlier, YamlNode later, DateOnly laterFrom)
    {
        if (laterFrom <= earlier.From)
            throw file.Error(
                later,
                $"{id}: the value from {Day(laterFrom)} overlaps the one from {Day(earlier.From)}, which comes before it: the oldest comes first");
        var end = laterFrom.AddDays(-1);
        if (earlier.Until > end)
            throw file.Error(
                later, $"{id}: the value from {Day(laterFrom)} overlaps the one until {Day(earlier.Until.Value)}");
        if (earlier.Until < end)
            throw file.Error(
                later, $"{id} has a gap: no value after {Day(earlier.Until.Value)} and before {Day(laterFrom)}");
        return end;
    }

    private void RequireComplete(YamlFile file, YamlNode root)
    {
        if (ParameterCatalog.All.FirstOrDefault(known =>
            known.IsRequired && !_entries.ContainsKey(known.Id)) is { } missing)
            throw file.Error(root, $"parameter '{missing.Id}' is missing");
        foreach (var act in SnakeCase<Act>.Values)
        {
            if (!_actIds.ContainsKey(act))
                throw file.Error(root, $"act '{SnakeCase<Act>.NameOf(act)}' is missing");
        }

        var first = _entries.Values.Min(entry => entry.Values[0].From);
        foreach (var entry in _entries.Values)
        {
            if (entry.Values[0].From > first)
                throw entry.Values[0].Error(
                    $"{entry.Id} has a gap: no value from {Day(first)}, where the rulebook begins, and before {Day(entry.Values[0].From)}");
            if (entry.Values[^1].Until is { } last)
                throw entry.Values[^1].Error($"{entry.Id} has no value after {Day(last)}: the last one must be open");
        }
    }

    /// <summary>A value on one line, as a person would read it, without its dates and source.</summary>
    private static string Line(YamlNode node) => node switch
    {
        YamlMappingNode map =>
            string.Join(
                "; ",
                map.Children.Where(field => !DatedKeys.Contains(field.Key.ToString()))
                    .Select(field => $"{field.Key}: {Line(field.Value)}")),
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
