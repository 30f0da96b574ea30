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
    private readonly List<string> _names = [];

    /// <summary>Titles and names, whole.</summary>
    public IReadOnlyList<string> Names => _names;

    public bool IsEmpty => _lines.Count == 0;

    public void Title(string title)
    {
        if (!IsEmpty)
            _lines.Add(new Line("", IsTitle: false));
        _names.Add(title);
        _lines.Add(new Line(title, IsTitle: true));
    }

    /// <summary>A name, and its figure at the column's right edge: below it where both do not fit on a line.</summary>
    public void Row(string name, string figure, int indent = 1)
    {
        _names.Add(name);
        var margin = new string(' ', indent * 2);
        var label = margin + name;
        while (label.Length + 1 + figure.Length > ColumnWidth)
        {
            var end = label.LastIndexOf(' ', Math.Min(label.Length, ColumnWidth) - 1);
            if (end < margin.Length + 2)
                end = Math.Min(label.Length, ColumnWidth);
            _lines.Add(new Line(label[..end].TrimEnd(), IsTitle: false));
            label = margin + "  " + label[end..].TrimStart();
        }

        _lines.Add(
            new Line(label + new string(' ', ColumnWidth - label.Length - figure.Length) + figure, IsTitle: false));
    }

    public void Count(string name, long count, int indent = 1) => Row(name, Format.Count(count), indent);

    public void Dirhams(string name, long centimes, int indent = 1) => Row(name, Format.Dirhams(centimes), indent);

    public void Add(Section section)
    {
        Title(section.Title);
        foreach (var figure in section.Figures)
        {
            if (figure.Label is { } label)
                Row(label, figure.Text, figure.Indent);
        }
    }

    public void Add(Breakdown breakdown)
    {
        if (breakdown.Rows.Count == 0)
            return;
        Title(breakdown.Title);
        foreach (var row in breakdown.Rows)
        {
            var name = Format.Words(row.Name) + (row.Rule.Length == 0 ? "" : $" ({row.Rule})");
            Row(name, row.Text);
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
