using System.Globalization;
using Amoe.Engine.Rules;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Cases;

/// <summary>A parameter, or an act's terms, as one case wants it.</summary>
/// <param name="From">The day from which it is so; null: for as long as there are rules.</param>
/// <param name="Value">Its value as a rulebook writes it.</param>
/// <param name="Source">Where the case says so.</param>
internal sealed record ParameterOverride(string Id, DateOnly? From, YamlNode Value, string Source);

/// <summary>
/// A rulebook with a case's own parameters: its text, changed where the case says so, read again as any rulebook is.
/// </summary>
internal static class RulebookOverride
{
    /// <exception cref="RulebookException">There is no such parameter, or the value is none it can have.</exception>
    public static Rulebook Of(Rulebook rulebook, IEnumerable<ParameterOverride> overrides)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(rulebook.Text));
        foreach (var one in overrides)
            Change(stream, one);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        stream.Save(text, assignAnchors: false);
        return Rulebook.Load(text.ToString(), "parameters");
    }

    /// <summary>
    /// Whatever the documents say of it before the day stays, whatever they say of it from the day on goes.
    /// </summary>
    private static void Change(YamlStream documents, ParameterOverride change)
    {
        List<YamlSequenceNode> values = [.. documents.Documents.SelectMany(document => EntriesOf(document, change.Id))
            .Select(entry => (YamlSequenceNode)entry["values"])];
        if (values.Count == 0)
            throw new RulebookException($"parameters, line 1: unknown parameter '{change.Id}'");
        var own = Own(change, (YamlMappingNode)values[0][0]);

        // ISO dates sort as text.
        foreach (var list in values)
            Keep(list, value => string.CompareOrdinal(value["from"].ToString(), own["from"].ToString()) < 0);
        var target = values.FindLast(list => list.Children.Count > 0) ?? values[0];
        (target.LastOrDefault() as YamlMappingNode)?.Children.Remove("until");
        target.Add(own);
        foreach (var document in documents.Documents)
            RemoveEmpty((YamlMappingNode)document.RootNode);
    }

    /// <summary>A parameter has a value, an act its terms by name.</summary>
    private static YamlMappingNode Own(ParameterOverride change, YamlMappingNode first)
    {
        var own = new YamlMappingNode { { "from", change.From is { } day ? Iso(day) : first["from"].ToString() } };
        if (change.Value is YamlMappingNode terms && !first.Children.ContainsKey("value"))
        {
            foreach (var (key, value) in terms)
                own.Add(key, value);
        }
        else
            own.Add("value", change.Value);
        own.Add("source", change.Source);
        return own;
    }

    private static IEnumerable<YamlMappingNode> EntriesOf(YamlDocument document, string id) =>
        Sections((YamlMappingNode)document.RootNode)
            .SelectMany(section => section.Entries).OfType<YamlMappingNode>().Where(entry => entry["id"].ToString() == id);

    private static IEnumerable<(YamlNode Key, YamlSequenceNode Entries)> Sections(YamlMappingNode root) =>
        root.Children.Where(field => field.Value is YamlSequenceNode)
            .Select(field => (field.Key, (YamlSequenceNode)field.Value));

    private static void RemoveEmpty(YamlMappingNode root)
    {
        foreach (var (key, entries) in Sections(root).ToList())
        {
            Keep(entries, entry => ((YamlSequenceNode)entry["values"]).Children.Count > 0);
            if (entries.Children.Count == 0)
                root.Children.Remove(key);
        }
    }

    private static void Keep(YamlSequenceNode list, Func<YamlNode, bool> keep)
    {
        var kept = list.Where(keep).ToList();
        list.Children.Clear();
        foreach (var one in kept)
            list.Add(one);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
