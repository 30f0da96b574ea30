namespace Amoe.Host.Reports;

/// <summary>The known name that a mistyped one was probably meant to be.</summary>
internal static class Nearest
{
    public static string Of(string mistyped, IEnumerable<string> known) =>
        known.Distinct().MinBy(name => Distance(mistyped, name))!;

    /// <summary>How many letters have to be added, taken away or changed.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var (diagonal, left) = (row[0], i + 1);
            row[0] = left;
            for (var j = 0; j < to.Length; j++)
            {
                left = Math.Min(
                    Math.Min(left, row[j + 1]) + 1,
                    diagonal + (char.ToUpperInvariant(from[i]) == char.ToUpperInvariant(to[j]) ? 0 : 1));
                (diagonal, row[j + 1]) = (row[j + 1], left);
            }
        }

        return row[^1];
    }
}
