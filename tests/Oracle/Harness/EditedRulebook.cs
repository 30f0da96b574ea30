using Amoe.Engine.Rules;

namespace Amoe.Oracle.Harness;

/// <summary>The embedded rulebook with one value changed.</summary>
internal static class EditedRulebook
{
    /// <param name="edit">
    /// An id, a text whose first occurrence after the id is replaced, and its replacement, with bars between.
    /// </param>
    public static string Text(string edit)
    {
        var text = Rulebook.EmbeddedText;
        if (edit.Split('|') is not [var id, var from, var to])
            throw new ArgumentException($"'{edit}' is no edit", nameof(edit));
        var at = text.IndexOf(from, text.IndexOf($"id: {id}", StringComparison.Ordinal), StringComparison.Ordinal);
        return string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length));
    }
}
