using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// Lines of figures under titles, in two columns where the reader's window has room for them. Aligned by hand, so that
/// what is redirected is the same text without colours and without a blank at a line's end.
/// </summary>
internal sealed class Page
{
    private const int ColumnWidth = 48;
    private const int Gap = 4;

    private readonly List<Line> _lines = [];

    public bool IsEmpty => _lines.Count == 0;

    public void Title(string title)
    {
        if (!IsEmpty)
            _lines.Add(new Line("", IsTitle: false));
        _lines.Add(new Line(title, IsTitle: true));
    }

    /// <summary>A name, and its figure at the column's right edge.</summary>
    public void Row(string name, string figure, int indent = 1)
    {
        var label = new string(' ', indent * 2) + name;
        var room = Math.Max(1, ColumnWidth - figure.Length - 1);
        if (label.Length > room)
            label = label[..(room - 1)] + "…";
        _lines.Add(
            new Line(label + new string(' ', ColumnWidth - label.Length - figure.Length) + figure, IsTitle: false));
    }

    public void Count(string name, long count, int indent = 1) => Row(name, Format.Count(count), indent);

    public void Dirhams(string name, long centimes, int indent = 1) => Row(name, Format.Dirhams(centimes), indent);

    public void Add(Section section)
    {
        Title(section.Title);
        foreach (var figure in section.Figures)
            Row(figure.Label, figure.Text, figure.Indent);
    }

    public void Add(Breakdown breakdown)
    {
        if (breakdown.Rows.Count == 0)
            return;
        Title(breakdown.Title);
        foreach (var row in breakdown.Rows)
        {
            var name = Format.Words(row.Name) + (row.Rule.Length == 0 ? "" : $" ({row.Rule})");
            Row(
                name,
                Format.Count(row.Count) + (row.Centimes is { } centimes ? Format.Amount(centimes).PadLeft(15) : ""));
        }
    }

    public static void Write(IAnsiConsole console, Page left, Page right)
    {
        if (console.Profile.Width < 2 * ColumnWidth + Gap)
        {
            left.Write(console);
            console.WriteLine();
            right.Write(console);
            return;
        }

        for (var i = 0; i < Math.Max(left._lines.Count, right._lines.Count); i++)
        {
            var (first, second) = (left.At(i), right.At(i));
            Write(
                console,
                second.Text.Length == 0 ? first : first with { Text = first.Text.PadRight(ColumnWidth + Gap) });
            Write(console, second);
            console.WriteLine();
        }
    }

    public void Write(IAnsiConsole console)
    {
        foreach (var line in _lines)
        {
            Write(console, line);
            console.WriteLine();
        }
    }

    private static void Write(IAnsiConsole console, Line line) =>
        console.Write(line.Text, line.IsTitle ? new Style(decoration: Decoration.Bold) : Style.Plain);

    private Line At(int i) => i < _lines.Count ? _lines[i] : new Line("", IsTitle: false);

    private readonly record struct Line(string Text, bool IsTitle);
}
