using System.Text.Json;
using Amoe.Engine.Figures;
using Spectre.Console;

namespace Amoe.Host.Reports;

/// <summary>
/// Students in force and backlogs at the close of each day: JSON has the days, the report the peak and the end.
/// </summary>
internal sealed class DayTable(Totals totals)
{
    private const int LabelWidth = 50;
    private const int FirstBacklog = 2;

    private static readonly (string Name, string Label, DayFigure Figure)[] _rows =
    [
        ("active", "", DayFigure.Active),
        ("suspended", "", DayFigure.Suspended),
        ("pending_not_forwarded", "applications not forwarded (D3)", DayFigure.NotForwarded),
        ("pending_at_onousc", "applications at the desk of the ONOUSC (D2)", DayFigure.AtOnousc),
        ("pending_at_ofppt", "applications at the desk of the OFPPT (D2)", DayFigure.AtOfppt),
        ("pending_at_anam_portal", "applications on the portal of ANAM (D2)", DayFigure.AtAnamPortal),
        ("pending_with_anam", "applications that ANAM checks (D3)", DayFigure.WithAnam),
        ("approvals_pending", "medical control: requests for approval (B10)", DayFigure.ApprovalsPending),
        ("reviews_pending", "medical control: claims to review (X4)", DayFigure.ReviewsPending),
        ("appeals_pending", "appeals (X5)", DayFigure.AppealsPending),
        ("duplicates_pending", "possible duplicates (X1)", DayFigure.DuplicatesPending),
        ("claims_with_student", "claims sent back to the student (K5)", DayFigure.ClaimsWithStudent),
        ("claims_not_received", "claims on the way to the fund (K6)", DayFigure.ClaimsNotReceived),
    ];

    private readonly DaySeries _days = totals.Days;

    public DateOnly First => _days.First == default ? totals.Day : _days.First;

    /// <summary>The days from the first to the one that is open; none before something happened.</summary>
    public int Count => _days.First == default ? 0 : totals.Day.DayNumber - First.DayNumber + 1;

    /// <summary>A figure at the close of each day, by its name in JSON.</summary>
    public long[] this[string name] => Closing(_rows.First(row => row.Name == name).Figure);

    public long CoveredStudentDays => Closing(DayFigure.Active).Sum();

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("days");
        json.WriteString("first", Format.Date(First));
        json.WriteString("last", Format.Date(totals.Day));
        foreach (var (name, _, figure) in _rows)
        {
            json.WriteStartArray(name);
            foreach (var value in Closing(figure))
                json.WriteNumberValue(value);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    /// <summary>Backlogs, but for those in which nothing ever waited.</summary>
    private IReadOnlyList<(string Label, long[] Values)> Backlogs =>
    [
        .. _rows[FirstBacklog..].Select(row => (row.Label, Values: Closing(row.Figure)))
            .Where(row => row.Values.Any(value => value != 0)),
    ];

    public IEnumerable<string> Names => Backlogs.Select(row => row.Label);

    public void Write(IAnsiConsole console)
    {
        var rows = Backlogs;
        if (rows.Count == 0)
            return;
        console.WriteLine();
        console.Write(
            Line("Backlogs at the close of a day", "peak", "on", "at the end"), new Style(decoration: Decoration.Bold));
        console.WriteLine();
        foreach (var (label, values) in rows)
        {
            var peak = values.Max();
            console.WriteLine(Line(
                $"  {label}", Format.Count(peak), Format.Date(First.AddDays(Array.IndexOf(values, peak))),
                Format.Count(values[^1])));
        }
    }

    private static string Line(string label, string peak, string day, string end) =>
        $"{label.PadRight(LabelWidth)}{peak,15}{day,17}{end,17}";

    private long[] Closing(DayFigure figure) => _days.Closing(figure, First, totals.Day);
}
