using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Text;

/// <summary>
/// Reads YAML strictly: whatever is not understood is an error of one line that names the file, the line and the cause.
/// Aliases and deep nesting are refused, so that a file says what it says where it says it and cannot exhaust the
/// stack.
/// </summary>
/// <param name="fileName">The name errors give the file.</param>
/// <param name="exception">Makes the exception to throw from its one-line message.</param>
/// <param name="instead">
/// Replaces the value of a key or an item of a list: by itself, by another node, or by null to leave it out. Null:
/// nothing is replaced.
/// </param>
internal sealed class YamlFile(
    string fileName, Func<string, Exception> exception, Func<YamlNode, YamlNode?>? instead = null)
{
    private const int LengthMax = 4 * 1024 * 1024;
    private const int DepthMax = 16;

    /// <summary>
    /// Nodes of another file than <c>fileName</c>, by reference, because nodes of the same content are equal.
    /// </summary>
    private readonly Dictionary<YamlNode, string> _elsewhere = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// Errors about a node, or about any beneath it, name this file from now on, except for nodes of a third file.
    /// </summary>
    public void StandsIn(YamlNode node, string otherFile)
    {
        _elsewhere.TryAdd(node, otherFile);
        foreach (var below in node is YamlMappingNode mapping
            ? mapping.Children.SelectMany(child => new[] { child.Key, child.Value })
            : (node as YamlSequenceNode)?.Children ?? [])
            StandsIn(below, otherFile);
    }

    /// <summary>The root of the only document of the text.</summary>
    public YamlNode Parse(string text)
    {
        var roots = ParseAll(text);
        return roots.Count == 1
            ? roots[0]
            : throw exception($"{fileName}, line {roots[1].Start.Line}: more than one document");
    }

    /// <summary>The roots of the text's documents, at least one.</summary>
    public IReadOnlyList<YamlNode> ParseAll(string text)
    {
        if (text.Length > LengthMax)
            throw exception($"{fileName}, line 1: longer than {LengthMax} characters");
        try
        {
            RefuseAliasesAndDepth(text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count > 0
                ? [.. stream.Documents.Select(document => document.RootNode)]
                : throw exception($"{fileName}, line 1: empty");
        }
        catch (YamlException e)
        {
            throw At(fileName, e.Start, $"not YAML: {e.Message}");
        }
    }

    public Exception Error(YamlNode at, string cause) =>
        At(_elsewhere.GetValueOrDefault(at, fileName), at.Start, cause);

    /// <summary>A mapping whose keys are all among <paramref name="allowed"/>.</summary>
    public YamlMap Map(YamlNode node, string what, params ReadOnlySpan<string> allowed)
    {
        if (node is not YamlMappingNode mapping)
            throw Error(node, $"{what} must be a mapping");
        var fields = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (keyNode, value) in mapping.Children)
        {
            var key = Text(keyNode, "a key");
            if (Instead(value) is not { } instead)
                continue;
            if (allowed.IndexOf(key) < 0)
                throw Error(keyNode, $"unknown key '{key}' in {what}; known: {string.Join(", ", allowed!)}");
            fields.Add(key, instead);
        }
        return new YamlMap(this, node, what, fields);
    }

    /// <summary>The entries of a mapping whose keys are data, in the file's order; each value is a text.</summary>
    public IEnumerable<(YamlNode Key, string Value)> Entries(YamlNode node, string what)
    {
        if (node is not YamlMappingNode { Children.Count: > 0 } mapping)
            throw Error(node, $"{what} must be a mapping that is not empty");
        foreach (var (key, value) in mapping.Children)
        {
            if (Instead(value) is { } instead)
                yield return (key, Text(instead, $"'{Text(key, "a key")}' of {what}"));
        }
    }

    public IList<YamlNode> List(YamlNode node, string what) =>
        node is YamlSequenceNode { Children.Count: > 0 } sequence
            ? instead is null ? sequence.Children : [.. sequence.Children.Select(instead).OfType<YamlNode>()]
            : throw Error(node, $"{what} must be a list that is not empty");

    public string Text(YamlNode node, string what) =>
        node is YamlScalarNode { Value: { } value } && !string.IsNullOrWhiteSpace(value)
            ? value.Trim()
            : throw Error(node, $"{what} must be a text that is not empty");

    public long Whole(YamlNode node, string what, long min, long max)
    {
        var text = Text(node, what);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw Error(node, $"{what} must be a whole number, not '{text}'");
        return value >= min && value <= max
            ? value
            : throw Error(node, $"{what} must be from {min} to {max}, not {value}");
    }

    public DateOnly Date(YamlNode node, string what)
    {
        var text = Text(node, what);
        return DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw Error(node, $"{what} must be a date that exists, as yyyy-MM-dd, not '{text}'");
    }

    public bool Truth(YamlNode node, string what) => Text(node, what) switch
    {
        "true" => true,
        "false" => false,
        var text => throw Error(node, $"{what} must be true or false, not '{text}'"),
    };

    /// <summary>A member of an enum, written in snake_case.</summary>
    public T Name<T>(YamlNode node, string what)
        where T : struct, Enum
    {
        var text = Text(node, what);
        return SnakeCase<T>.TryParse(text, out var value)
            ? value
            : throw Error(node, $"{what} has an unknown name '{text}'; known: {string.Join(", ", SnakeCase<T>.Names)}");
    }

    private YamlNode? Instead(YamlNode value) => instead is null ? value : instead(value);

    private void RefuseAliasesAndDepth(string text)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            depth += current.NestingIncrease;
            if (depth > DepthMax)
                throw At(fileName, current.Start, $"nested more than {DepthMax} deep");
            if (current is AnchorAlias)
                throw At(fileName, current.Start, "aliases are not allowed: write the value out");
        }
    }

    /// <summary>The cause may quote the file, line breaks included, and the message is one line.</summary>
    private Exception At(string file, Mark mark, string cause) =>
        exception(
            $"{file}, line {mark.Line}: {string.Join(' ', cause.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
}

/// <summary>The fields of one mapping, known keys only.</summary>
internal sealed class YamlMap(YamlFile file, YamlNode node, string what, Dictionary<string, YamlNode> fields)
{
    public YamlNode Node => node;

    public YamlNode this[string key] => Find(key) ?? throw file.Error(node, $"{what} lacks '{key}'");

    public YamlNode? Find(string key) => fields.GetValueOrDefault(key);

    public string Text(string key) => file.Text(this[key], $"'{key}' of {what}");
}
