using System.Globalization;
using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.Scenarios;

/// <summary>
/// The shapes numbers have in a scenario. Each carries its source; each error names file, line and cause.
/// </summary>
internal sealed class ScenarioFile(string fileName)
{
    private readonly YamlFile _yaml = new(fileName, message => new ScenarioException(message));

    public YamlNode Parse(string text) => _yaml.Parse(text);

    public YamlMap Root(YamlNode root, params ReadOnlySpan<string> keys) => _yaml.Map(root, "the scenario", keys);

    /// <inheritdoc cref="YamlFile.StandsIn"/>
    public void StandsIn(YamlNode node, string otherFile) => _yaml.StandsIn(node, otherFile);

    public Exception Error(YamlNode at, string cause) => _yaml.Error(at, cause);

    public YamlMap Section(YamlMap parent, string key, params ReadOnlySpan<string> keys) =>
        _yaml.Map(parent[key], $"'{key}'", keys);

    public YamlMap Map(YamlNode node, string what, params ReadOnlySpan<string> keys) => _yaml.Map(node, what, keys);

    public IList<YamlNode> List(YamlMap parent, string key) => _yaml.List(parent[key], $"'{key}'");

    public T Name<T>(YamlMap parent, string key)
        where T : struct, Enum => _yaml.Name<T>(parent[key], $"'{key}'");

    public bool Truth(YamlMap parent, string key) => parent.Find(key) is { } node && _yaml.Truth(node, $"'{key}'");

    /// <summary><c>{ value: 7, source: … }</c></summary>
    public int Number(YamlMap parent, string key, int min, int max)
    {
        var map = Sourced(parent, key, "value");
        return (int)_yaml.Whole(map["value"], $"'{key}'", min, max);
    }

    /// <summary><c>{ date: 2025-09-01, source: … }</c></summary>
    public DateOnly Date(YamlMap parent, string key)
    {
        var map = Sourced(parent, key, "date");
        return _yaml.Date(map["date"], $"'{key}'");
    }

    /// <summary>
    /// <c>{ per_mille: 35, source: … }</c> or <c>{ per_100k: 35, source: … }</c>, as a chance in 100,000.
    /// </summary>
    public int Chance(YamlMap parent, string key)
    {
        var map = Sourced(parent, key, "per_mille", "per_100k");
        if (map.Find("per_100k") is { } fine)
            return map.Find("per_mille") is { } both
                ? throw Error(both, $"'{key}' has both per_mille and per_100k")
                : (int)_yaml.Whole(fine, $"'{key}'", 0, Draws.Whole);
        return (int)_yaml.Whole(map["per_mille"], $"'{key}'", 0, 1000) * (Draws.Whole / 1000);
    }

    /// <summary>A bare number per mille inside an entry whose section has the source; 0 where it is not said.</summary>
    public int PerMille(YamlMap parent, string key) =>
        parent.Find(key) is { } node ? (int)_yaml.Whole(node, $"'{key}'", 0, 1000) * (Draws.Whole / 1000) : 0;

    public int Whole(YamlMap parent, string key, int min, int max) =>
        (int)_yaml.Whole(parent[key], $"'{key}'", min, max);

    public long WholeOf(YamlNode node, string what, long min, long max) => _yaml.Whole(node, what, min, max);

    /// <summary><c>{ days: [2, 30], source: … }</c></summary>
    public Between Days(YamlMap parent, string key, int min = 1)
    {
        var map = Sourced(parent, key, "days");
        return Between(map["days"], $"'{key}'", min, 1000);
    }

    /// <summary><c>[2, 30]</c></summary>
    public Between Between(YamlNode node, string what, int min, int max)
    {
        var ends = _yaml.List(node, what);
        if (ends.Count != 2)
            throw Error(node, $"{what} must be the lowest and the highest value");
        var (low, high) = ((int)_yaml.Whole(ends[0], what, min, max), (int)_yaml.Whole(ends[1], what, min, max));
        return low <= high ? new Between(low, high) : throw Error(node, $"{what} runs from {low} down to {high}");
    }

    /// <summary><c>{ source: …, per_mille: { name: share, … } }</c>; the shares add up to 1000.</summary>
    public Table<T> Shares<T>(YamlMap parent, string key, Func<YamlNode, string, T> read)
    {
        var map = Sourced(parent, key, "per_mille");
        return Shares(map["per_mille"], $"'{key}'", read);
    }

    public Table<T> Shares<T>(YamlNode node, string what, Func<YamlNode, string, T> read)
    {
        var entries = Entries(node, what, read);
        var sum = entries.Sum(entry => entry.Weight);
        return sum == 1000
            ? new Table<T>(entries)
            : throw Error(node, $"the shares of {what} add up to {sum} per mille, not 1000");
    }

    public Table<T> EnumShares<T>(YamlMap parent, string key)
        where T : struct, Enum => Shares(parent, key, NameOf<T>);

    public T NameOf<T>(YamlNode node, string what)
        where T : struct, Enum => _yaml.Name<T>(node, what);

    /// <summary><c>{ source: …, weights: [1, 2, 3] }</c></summary>
    public long[] Weights(YamlMap parent, string key, int count)
    {
        var map = Sourced(parent, key, "weights");
        var nodes = _yaml.List(map["weights"], $"'{key}'");
        if (nodes.Count != count)
            throw Error(
                map["weights"],
                $"'{key}' has {nodes.Count.ToString(CultureInfo.InvariantCulture)} weights, not {count}");
        long[] weights = [.. nodes.Select(node => _yaml.Whole(node, $"'{key}'", 0, 1_000))];
        return weights.Sum() > 0 ? weights : throw Error(map["weights"], $"the weights of '{key}' are all 0");
    }

    public string TextOf(YamlNode node, string what) => _yaml.Text(node, what);

    /// <summary>A section's own <c>source</c>, for the bare numbers inside it.</summary>
    public void RequireSource(YamlMap map)
    {
        if (map.Find("source") is null)
            throw Error(map.Node, "has no source: say where the numbers come from, or assumed");
        _ = map.Text("source");
    }

    private List<(T Value, long Weight)> Entries<T>(YamlNode node, string what, Func<YamlNode, string, T> read)
    {
        if (node is not YamlMappingNode { Children.Count: > 0 } mapping)
            throw Error(node, $"{what} must be a mapping of shares");
        return [.. mapping.Children.Select(child => (read(child.Key, what), _yaml.Whole(child.Value, what, 0, 1000)))];
    }

    private YamlMap Sourced(YamlMap parent, string key, params ReadOnlySpan<string> keys)
    {
        var map = _yaml.Map(parent[key], $"'{key}'", [.. keys, "source"]);
        RequireSource(map);
        return map;
    }
}
