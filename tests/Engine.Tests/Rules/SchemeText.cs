using System.Text.RegularExpressions;
using Amoe.Engine.Explaining;

namespace Amoe.Engine.Tests.Rules;

/// <summary>
/// The text of the scheme, docs/scheme.md: an anchor for each party and rule, which the other documents link.
/// </summary>
internal static partial class SchemeText
{
    public const string Path = "docs/scheme.md";

    /// <summary>Every id that the code can name: parties and rules.</summary>
    public static IReadOnlyList<string> Ids { get; } = Keys.RuleIds.Split(' ');

    public static IEnumerable<string> Parties => Ids.Where(id => id[0] == 'P');

    public static string LinkTo(string id) => $"[{id}](scheme.md#{AnchorOf(id)})";

    public static string AnchorOf(string id) => id.ToLowerInvariant();

    /// <summary>The anchors in a text of the scheme, in its order.</summary>
    public static IEnumerable<string> AnchorsIn(string text) =>
        Anchor().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>The anchors of the scheme that a document links.</summary>
    public static IEnumerable<string> LinkedIn(string text) =>
        Link().Matches(text).Select(match => match.Groups[1].Value);

    [GeneratedRegex("<a id=\"([^\"]+)\"></a>")]
    private static partial Regex Anchor();

    [GeneratedRegex(@"scheme\.md#([a-z0-9-]+)")]
    private static partial Regex Link();
}
