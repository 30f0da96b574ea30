namespace Amoe.Engine.Rules;

/// <summary>A stretch of days on which two rulebooks give one parameter or act another value.</summary>
/// <param name="Id">Of the parameter or act.</param>
/// <param name="Text">What it is.</param>
/// <param name="From">The first of these days.</param>
/// <param name="Until">The last; null where they differ from then on.</param>
/// <param name="First">The first rulebook's value; null where it has none.</param>
/// <param name="Second">The second's.</param>
public sealed record RulebookDifference(
    string Id, string Text, DateOnly From, DateOnly? Until, string? First, string? Second);

/// <summary>
/// Compares rulebooks by what they say on each day: how a text is ordered, commented or divided into periods makes no
/// difference.
/// </summary>
public static class RulebookDiff
{
    /// <summary>The differences, by id in the first rulebook's order and then by day.</summary>
    public static IEnumerable<RulebookDifference> Between(Rulebook first, Rulebook second)
    {
        var (ours, theirs) = (ById(first), ById(second));
        foreach (var id in ours.Select(group => group.Key)
            .Union(theirs.Select(group => group.Key), StringComparer.Ordinal))
        {
            foreach (var difference in Between(id, [.. ours[id]], [.. theirs[id]]))
                yield return difference;
        }
    }

    private static IEnumerable<RulebookDifference> Between(string id, ParameterPeriod[] first, ParameterPeriod[] second)
    {
        RulebookDifference? open = null;
        foreach (var day in first.Concat(second).Select(period => period.From).Distinct().Order())
        {
            var (ours, theirs) = (ValueOn(first, day), ValueOn(second, day));
            if (open is not null && (ours != open.First || theirs != open.Second))
            {
                yield return open with { Until = day.AddDays(-1) };
                open = null;
            }

            if (ours != theirs)
                open ??= new RulebookDifference(id, first.Concat(second).First().Text, day, null, ours, theirs);
        }

        if (open is not null)
            yield return open;
    }

    private static ILookup<string, ParameterPeriod> ById(Rulebook rulebook) =>
        rulebook.Parameters.ToLookup(period => period.Id, StringComparer.Ordinal);

    private static string? ValueOn(ParameterPeriod[] periods, DateOnly day) =>
        Array.FindLast(periods, period => period.From <= day)?.Value;
}
