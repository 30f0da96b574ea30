using System.Globalization;
using System.Text.Json;

namespace Amoe.Host.Tests.Figures;

/// <summary>The figures of a report's JSON, and what of them does not add up.</summary>
internal sealed class ReportFigures(JsonElement json)
{
    /// <summary>The identities that do not hold, each with what its terms come to.</summary>
    public IEnumerable<string> Broken(IEnumerable<string> identities) =>
        from identity in identities
        let sides = identity.Split([" = ", " >= "], StringSplitOptions.None)
        let difference = Value(sides[0]) - Value(sides[1])
        where identity.Contains(" >= ", StringComparison.Ordinal) ? difference < 0 : difference != 0
        select $"{identity}: {Explain(sides[0])} and {Explain(sides[1])}, {difference} apart";

    /// <summary>
    /// The tables by month that do not add up: of each row every array has a value a month, and their sum is the row's
    /// number in the breakdown; of each month the rows come to the month's figure.
    /// </summary>
    public IEnumerable<string> BrokenByMonth(IEnumerable<(string Table, string Breakdown, string? Month)> identities) =>
        identities.SelectMany(of =>
        {
            var rows = Rows(json.GetProperty("by_month"), of.Table);
            return RowsApart(of.Table, rows, Rows(json, of.Breakdown))
                .Concat(of.Month is { } figure ? MonthsApart(of.Table, rows, figure) : []);
        });

    private IEnumerable<string> RowsApart(string table, List<JsonElement> rows, List<JsonElement> whole)
    {
        var months = json.GetProperty("months").GetArrayLength();
        foreach (var missing in whole.Select(NameOf).Except(rows.Select(NameOf)))
            yield return $"by_month.{table} has no row {missing}";
        foreach (var row in rows)
        {
            var all = whole.Where(of => NameOf(of) == NameOf(row)).ToList();
            foreach (var field in row.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Array))
            {
                var sum = field.Value.EnumerateArray().Sum(value => value.GetDecimal());
                var expected = all.Sum(of => of.GetProperty(field.Name).GetDecimal());
                if (sum != expected || field.Value.GetArrayLength() != months)
                    yield return $"by_month.{table}[{NameOf(row)}].{field.Name} is {field.Value}, of {expected}";
            }
        }
    }

    private IEnumerable<string> MonthsApart(string table, List<JsonElement> rows, string figure)
    {
        var field = figure.EndsWith("_centimes", StringComparison.Ordinal) ? "centimes" : "count";
        foreach (var (at, month) in json.GetProperty("months").EnumerateArray().Index())
        {
            var (sum, expected) = (rows.Sum(row => row.GetProperty(field)[at].GetDecimal()),
                month.GetProperty(figure).GetDecimal());
            if (sum != expected)
                yield return $"by_month.{table} of {NameOf(month)} comes to {sum}, and {figure} is {expected}";
        }
    }

    private static List<JsonElement> Rows(JsonElement of, string table) => [.. of.GetProperty(table).EnumerateArray()];

    /// <summary>Figures below zero.</summary>
    public IEnumerable<string> Negative(IReadOnlyCollection<string> except) =>
        Negative(json, "")
            .Where(figure => !except.Contains(figure.Path))
            .Select(figure => $"{figure.Path} is {figure.Value}");

    private static IEnumerable<(string Path, decimal Value)> Negative(JsonElement element, string path) =>
        element.ValueKind switch
        {
            JsonValueKind.Object =>
                element.EnumerateObject().SelectMany(property =>
                    Negative(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(row => Negative(row, path)),
            JsonValueKind.Number when element.GetDecimal() < 0 => [(path, element.GetDecimal())],
            _ => [],
        };

    private static string NameOf(JsonElement row) => row.GetProperty("name").GetString()!;

    private decimal Value(string side)
    {
        var (value, sign) = (0m, 1);
        foreach (var token in side.Split(' '))
        {
            if (token is "+" or "-")
                sign = token == "+" ? 1 : -1;
            else
                value += sign * Term(token);
        }

        return value;
    }

    private string Explain(string side) =>
        string.Join(' ', side.Split(' ').Select(token => token is "+" or "-" ? token : $"{Term(token)}"));

    private decimal Term(string term)
    {
        if (!term.EndsWith(')'))
            return Find(term)?.GetDecimal() ?? 0;
        var (function, of) = (term[..term.IndexOf('(', StringComparison.Ordinal)],
            term[(term.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(','));
        return function switch
        {
            "sum" => Sum(of[0].Split('.')),
            "ratio" => Ratio(Number(of[0]), Number(of[1]), Number(of[2])),
            "last" => Days(of[0]).LastOrDefault(),
            "max" => Days(of[0]).DefaultIfEmpty().Max(),
            "total" => Days(of[0]).Sum(),
            _ => throw new InvalidOperationException($"no function {function}"),
        };
    }

    private decimal Number(string term) =>
        decimal.TryParse(term, CultureInfo.InvariantCulture, out var number) ? number : Term(term);

    private decimal Sum(string[] table) => json.GetProperty(table[0]).EnumerateArray()
        .Sum(row => row.GetProperty(table.Length > 1 ? table[1] : "count").GetDecimal());

    private IEnumerable<decimal> Days(string path) =>
        Find(path)!.Value.EnumerateArray().Select(day => day.GetDecimal());

    private JsonElement? Find(string path) => path.Split('.').Aggregate<string, JsonElement?>(json, Step);

    private static decimal Ratio(decimal part, decimal whole, decimal times) =>
        whole == 0 ? 0 : decimal.Round(part * times / whole, MidpointRounding.AwayFromZero);

    /// <summary>A row that does not exist counts nothing; a figure that does not exist is an error.</summary>
    private static JsonElement? Step(JsonElement? at, string step)
    {
        if (at is not { } element)
            return null;
        if (!step.EndsWith(']'))
            return element.GetProperty(step);
        var (table, name) = (step[..step.IndexOf('[', StringComparison.Ordinal)],
            step[(step.IndexOf('[', StringComparison.Ordinal) + 1)..^1]);
        foreach (var row in element.GetProperty(table).EnumerateArray())
        {
            if (row.GetProperty("name").GetString() == name)
                return row;
        }

        return null;
    }
}
