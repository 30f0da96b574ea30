using System.Globalization;
using System.Text.Json;
using Amoe.Engine.Figures;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>Every breakdown of the totals by month: JSON has them all, the text the clocks that were missed.</summary>
internal sealed class MonthBreakdowns
{
    /// <summary>Of the report's only table of these.</summary>
    public const string MissedTitle = "Missed clocks (X3)";

    private const string Clocks = "clocks_missed";
    private const int MonthWidth = 22;
    private const int ColumnWidthMin = 18;

    private readonly string[] _months;

    public MonthBreakdowns(Totals totals)
    {
        var months = totals.Months.Select(month => Breakdown.Of(totals.InMonthOf(month))).ToList();
        _months = [.. totals.Months.Select(NameOf)];
        All = [.. Breakdown.Of(totals).Index().SelectMany(whole => TablesOf(whole.Item).Select(table =>
            new MonthTable(
                table.Name, table.Title, table.IsMoney, _months,
                Rows(whole.Item.Rows, [.. months.Select(month => month[whole.Index].Rows)], table.IsMoney))))];
    }

    public IReadOnlyList<MonthTable> All { get; }

    /// <summary>A month as yyyy-MM.</summary>
    public static string NameOf(DateOnly month) => month.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("by_month");
        Write(json, "months", _months, json.WriteStringValue);
        foreach (var table in All)
        {
            json.WriteStartArray(table.Name);
            foreach (var row in table.Rows)
            {
                json.WriteStartObject();
                json.WriteString("name", row.Name);
                if (row.Rule.Length > 0)
                    json.WriteString("rule", row.Rule);
                Write(json, table.IsMoney ? "centimes" : "count", row.Values, json.WriteNumberValue);
                if (row.Of is { } of)
                    Write(json, "of", of, json.WriteNumberValue);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>The clocks, a column each; nothing where none was measured.</summary>
    public void Write(IAnsiConsole console)
    {
        var clocks = All.First(table => table.Name == Clocks).Rows;
        if (clocks.Count == 0)
            return;
        console.WriteLine();
        console.Write(
            MissedTitle.PadRight(MonthWidth) + Line(clocks, clock => clock.Label),
            new Style(decoration: Decoration.Bold));
        console.WriteLine();
        foreach (var (at, month) in _months.Index())
        {
            console.WriteLine($"  {month}".PadRight(MonthWidth) + Line(
                clocks, clock => $"{Format.Count(clock.Values[at])} of {Format.Count(clock.Of![at])}"));
        }
    }

    private static string Line(IEnumerable<MonthRow> clocks, Func<MonthRow, string> text) => string.Concat(
        clocks.Select(clock => text(clock).PadLeft(Math.Max(ColumnWidthMin, clock.Label.Length + 2))));

    private static void Write<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            write(value);
        json.WriteEndArray();
    }

    /// <summary>A table of the numbers of a breakdown, and one of its dirhams where it has any.</summary>
    private static (string Name, string Title, bool IsMoney)[] TablesOf(Breakdown breakdown) => breakdown.Name switch
    {
        "claims_by_category" =>
        [
            (breakdown.Name, "Claims by category", false),
            ("payable_by_category", "Payable dirhams by category", true),
        ],
        "care" =>
        [
            ("lines_by_care", "Lines decided, by care", false), ("payable_by_care", "Payable dirhams by care", true),
        ],
        _ => [(breakdown.Name, breakdown.Title, false)],
    };

    /// <summary>
    /// The rows of the whole in their order, and after them those that came to nothing: what one month decided and
    /// another took back.
    /// </summary>
    private static IReadOnlyList<MonthRow> Rows(
        IReadOnlyList<BreakdownRow> whole, IReadOnlyList<IReadOnlyList<BreakdownRow>> months, bool isMoney)
    {
        var kinds = whole.Concat(months.SelectMany(month => month)).DistinctBy(row => row.Name);
        return [.. kinds.Select(kind => new MonthRow(
            kind.Name, Format.Words(kind.Name), kind.Rule,
            Values(kind.Name, row => isMoney ? row.Centimes ?? 0 : row.Count))
        {
            Of = kind.Of is null ? null : Values(kind.Name, row => row.Of ?? 0),
        })];

        IReadOnlyList<long> Values(string name, Func<BreakdownRow, long> value) =>
            [.. months.Select(month => month.FirstOrDefault(row => row.Name == name) is { } row ? value(row) : 0)];
    }
}
