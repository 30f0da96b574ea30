using YamlDotNet.RepresentationModel;

namespace Amoe.Simulator.Scenarios;

/// <summary>
/// A scenario that begins with <c>extends: national-year</c> says only what is different. Mappings are merged by key. A
/// number and its source are one value: a mapping with a <c>source</c> is replaced whole, and so is a list. Only the
/// list of expectations is merged, row by row.
/// </summary>
internal static class ScenarioExtension
{
    private const string Extends = "extends";
    private const string Source = "source";
    private const string Expect = "expect";
    private const string Of = "of";

    /// <summary>
    /// The scenario with all that it extends, and the text that says as much; of one that extends nothing, its own text
    /// unchanged.
    /// </summary>
    /// <exception cref="ScenarioException">What it extends does not come with the program.</exception>
    public static (YamlNode Root, string Text) Resolve(ScenarioFile file, YamlNode root, string text)
    {
        if (root is not YamlMappingNode changes || !changes.Children.TryGetValue(Extends, out var named))
            return (root, text);
        var name = file.TextOf(named, $"'{Extends}'");
        if (!ScenarioReader.Names.Contains(name))
            throw file.Error(
                named,
                $"no scenario '{name}' comes with the program to be extended; known: {string.Join(", ", ScenarioReader.Names)}");
        changes.Children.Remove(Extends);

        // A scenario that comes with the program may extend another of them: that one's lines are named by its own
        // file.
        var baseName = name + ScenarioReader.Ending;
        var baseText = ScenarioReader.TextOf(name);
        var (extended, _) = Resolve(file, file.Parse(baseText), baseText);
        Merge(changes, (YamlMappingNode)extended, node => file.StandsIn(node, baseName));
        return (changes, Written(changes, name));
    }

    /// <summary>Adds to the changes what they leave as it was.</summary>
    private static void Merge(YamlMappingNode changes, YamlMappingNode unchanged, Action<YamlNode> taken)
    {
        foreach (var (key, was) in unchanged.Children)
        {
            if (!changes.Children.TryGetValue(key, out var now))
            {
                taken(key);
                taken(was);
                changes.Children.Add(key, was);
            }
            else if (now is YamlMappingNode into && was is YamlMappingNode from && !IsValue(into) && !IsValue(from))
            {
                Merge(into, from, taken);
            }
            else if (IsScalar(key, Expect) && now is YamlSequenceNode rows && was is YamlSequenceNode earlier)
            {
                foreach (var row in earlier.Children.Where(row =>
                    !rows.Children.Any(other => SpeaksOf(row) is { } of && of.Equals(SpeaksOf(other)))).ToList())
                {
                    taken(row);
                    rows.Children.Add(row);
                }
            }
        }
    }

    private static bool IsValue(YamlMappingNode node) => node.Children.ContainsKey(Source);

    private static YamlNode? SpeaksOf(YamlNode row) =>
        (row as YamlMappingNode)?.Children.TryGetValue(Of, out var of) == true ? of : null;

    private static bool IsScalar(YamlNode node, string text) =>
        node is YamlScalarNode { Value: { } value } && value == text;

    private static string Written(YamlNode root, string extended)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        writer.WriteLine($"# extends {extended}");
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);
        return writer.ToString();
    }
}
