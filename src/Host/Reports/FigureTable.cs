using System.Text.Json;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// Figures in rows and columns: the same for the report and for JSON, where each column is an object.
/// </summary>
internal sealed record FigureTable(
    string Name, string Title, IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows)
{
    private const int LabelWidth = 32;
    private const int ColumnWidthMax = 17;
    private const int Width = 100;

    private int ColumnWidth => Math.Min(ColumnWidthMax, (Width - LabelWidth) / Columns.Count);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject(Name);
        for (var column = 0; column < Columns.Count; column++)
        {
            json.WriteStartObject(Columns[column].Name);
            foreach (var row in Rows)
                json.WriteNumber(row.IsMoney ? $"{row.Name}_centimes" : row.Name, row.Values[column]);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>Rows with a label, but for those of nothing.</summary>
    public void Write(IAnsiConsole console)
    {
        console.WriteLine();
        console.Write(
            Title.PadRight(LabelWidth) + string.Concat(Columns.Select(column => column.Label.PadLeft(ColumnWidth))),
            new Style(decoration: Decoration.Bold));
        console.WriteLine();
        foreach (var row in Rows)
        {
            if (row.Label is not { } label || row.Values.All(value => value == 0))
                continue;
            var values = row.Values.Select(value =>
                (row.IsMoney ? Format.Amount(value) : Format.Count(value)).PadLeft(ColumnWidth));
            console.WriteLine((new string(' ', row.Indent * 2) + label).PadRight(LabelWidth) + string.Concat(values));
        }
    }
}

/// <param name="Name">In snake_case.</param>
internal sealed record TableColumn(string Name, string Label);

/// <param name="Name">In snake_case.</param>
/// <param name="Label">Null for a row that only JSON has.</param>
/// <param name="Values">One for each column.</param>
/// <param name="Indent">As of a <see cref="Figure"/>.</param>
internal sealed record TableRow(string Name, string? Label, bool IsMoney, long[] Values, int Indent = 1);
