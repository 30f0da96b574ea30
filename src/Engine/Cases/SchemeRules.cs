namespace Amoe.Engine.Cases;

/// <summary>The ids of the scheme's rules: what a case can be a case of.</summary>
internal static class SchemeRules
{
    /// <summary>Every rule of the scheme, family by family.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [
            .. Family('E', 4), .. Family('D', 9), .. Family('C', 5), .. Family('S', 5), .. Family('K', 8),
            .. Family('B', 12), .. Family('T', 8), .. Family('X', 8)
        ];

    private static IEnumerable<string> Family(char letter, int count) =>
        Enumerable.Range(1, count).Select(number => $"{letter}{number}");
}
