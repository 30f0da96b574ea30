using System.Text.Json;
using Amoe.Engine.Replay;

namespace Amoe.Host.Reports;

/// <summary>The totals that the fund's own books have, by which its opening balances are reconciled.</summary>
internal static class ControlTotals
{
    /// <summary>Reads one JSON object of whole numbers.</summary>
    /// <exception cref="InputException">The file cannot be read, or a name or value in it is of no use.</exception>
    public static IReadOnlyDictionary<string, long> Read(string file)
    {
        var totals = new SortedDictionary<string, long>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file),
                new JsonDocumentOptions { AllowDuplicateProperties = false });
            foreach (var said in json.RootElement.EnumerateObject())
            {
                if (!IsKnown(said.Name))
                    throw new InputException(
                        $"{file}: '{said.Name}' is no total; did you mean "
                        + $"{Nearest.Of(said.Name, OpeningFigures.Names)}? amoe opening report --help has them all.");
                if (said.Value.ValueKind != JsonValueKind.Number || !said.Value.TryGetInt64(out var value))
                    throw new InputException($"{file}: {said.Name} is a whole number; amounts are in centimes.");
                totals.Add(said.Name, value);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException
            or InvalidOperationException)
        {
            throw new InputException(
                $"{file}: the totals cannot be read ({e.Message.TrimEnd('.')}). They are one JSON object of whole "
                + "numbers.");
        }

        return totals;
    }

    /// <summary>Where the totals and the journal differ. What either does not say is 0.</summary>
    public static IReadOnlyList<TotalDifference> Compare(
        IReadOnlyDictionary<string, long> totals, IReadOnlyDictionary<string, long> journal) =>
        [.. totals.Keys.Union(journal.Keys).Order(StringComparer.Ordinal)
            .Select(name => new TotalDifference(name, totals.GetValueOrDefault(name), journal.GetValueOrDefault(name)))
            .Where(difference => difference.Totals != difference.Journal)];

    private static bool IsKnown(string name) => OpeningFigures.Names.Any(known => known == name
        || (known.Split(OpeningFigures.Year) is [var before, var after]
            && name.Length == before.Length + after.Length + 4
            && name.StartsWith(before, StringComparison.Ordinal) && name.EndsWith(after, StringComparison.Ordinal)
            && name.AsSpan(before.Length, 4).IndexOfAnyExceptInRange('0', '9') < 0));
}

/// <param name="Totals">What the fund's books have.</param>
/// <param name="Journal">What the journal has.</param>
internal sealed record TotalDifference(string Name, long Totals, long Journal);
