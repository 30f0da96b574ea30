using Amoe.Engine.Text;
using YamlDotNet.RepresentationModel;

namespace Amoe.Engine.Rules;

/// <summary>
/// A part of a rulebook's text that has a name of its own, so that an error names the file its line is in.
/// </summary>
internal sealed record RulebookFile(string Name, string Text);

/// <summary>A value of a parameter or an act over the days it holds, with what it does to a period's rules.</summary>
internal sealed record DatedValue(
    YamlFile File, YamlNode Node, DateOnly From, DateOnly? Until, string Text, string Source, Action<RulesDraft> Apply)
{
    public Exception Error(string cause) => File.Error(Node, cause);
}

/// <summary>
/// A parameter or an act with all its values, the oldest first, each ending on the day before the next.
/// </summary>
internal sealed class RulebookEntry(string id, string text, string unit)
{
    public string Id => id;

    public string Text => text;

    public string Unit => unit;

    public List<DatedValue> Values { get; } = [];

    /// <summary>The last document that speaks of it, from 1; 0 before the first is read.</summary>
    public int LastDocument { get; set; }

    public DatedValue ValueOn(DateOnly date) => Values.FindLast(value => value.From <= date)!;
}
