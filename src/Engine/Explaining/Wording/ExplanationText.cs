namespace Amoe.Engine.Explaining;

/// <summary>
/// An explanation as text: the head with the short form, the grounds with a line each, indented by their depth, and at
/// the end the rules
/// that were cited.
/// </summary>
internal static class ExplanationText
{
    public static IEnumerable<string> Lines(Explanation explanation, Language language)
    {
        var wording = new Wording(language);
        var mark = Languages.IsRightToLeft(language) ? Bidi.RightToLeftMark : "";
        foreach (var line in Lines(explanation, wording, depth: 0))
            yield return line.Length == 0 ? line : mark + line;
        var cited = explanation.All()
            .SelectMany(node => node.Parameters.Select(use => use.Period.Rule).Prepend(node.Rule))
            .Where(rule => rule.Length > 0)
            .ToHashSet();
        if (cited.Count == 0)
            yield break;
        yield return "";
        yield return mark + wording.Of(Keys.RulesCited);
        foreach (var rule in Keys.RuleIds.Split(' ').Where(cited.Contains))
            yield return $"{mark}  {wording.Isolated(new Code(rule))}  {wording.Of("rule." + rule)}";
    }

    /// <summary>Which value of the rulebook, since when, read at which date, and who says so.</summary>
    public static Message MessageOf(ParameterUse use)
    {
        (string, Argument)[] arguments =
        [
            ("what", use.What), ("value", use.Value), ("from", new On(use.Period.From)), ("date", new On(use.ReadOn)),
            ("id", new Code(use.Period.Id)), ("source", new Source(use.Period.Source)),
        ];
        return use.Period.Until is { } until
            ? new Message(Keys.Parameter, [.. arguments, ("until", new On(until))])
            : new Message(Keys.ParameterOpen, arguments);
    }

    private static IEnumerable<string> Lines(Explanation explanation, Wording wording, int depth)
    {
        var indent = new string(' ', 2 * depth);
        yield return $"{indent}{(depth == 0 ? "" : "- ")}{Head(explanation, wording)}";
        foreach (var line in explanation.Summary)
            yield return $"{indent}  {Head(line, wording)}";
        if (explanation.Summary.Count > 0)
            yield return "";
        foreach (var use in explanation.Parameters)
            yield return $"{indent}  · {wording.Of(MessageOf(use))}";
        foreach (var ground in explanation.Because)
        {
            foreach (var line in Lines(ground, wording, depth + 1))
                yield return line;
        }
    }

    private static string Head(Explanation explanation, Wording wording) =>
        wording.Of(explanation.Message)
            + (explanation.Rule.Length == 0 ? "" : $" ({wording.Isolated(new Code(explanation.Rule))})");
}
