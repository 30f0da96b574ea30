namespace Amoe.Host.Reports.Html;

/// <summary>A chart of the page: its table, from which page.js draws it.</summary>
/// <param name="Name">In snake_case; its title is the word of <c>chart.Name</c>.</param>
/// <param name="At">Of each row the day, as yyyy-MM-dd, or the month, as yyyy-MM.</param>
internal sealed record ReportChart(string Name, IReadOnlyList<string> At, IReadOnlyList<ChartSeries> Series)
{
    public bool IsByMonth { get; init; }

    /// <summary>True where the series add up: they are drawn one upon the other.</summary>
    public bool IsStacked { get; init; }

    /// <summary>True where only a run that took up a journal is shown, and not the whole year.</summary>
    public bool IsOfThisRun { get; init; }
}
