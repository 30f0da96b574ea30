using System.Globalization;

namespace Amoe.Host.Reports.Html;

/// <summary>
/// A chart in HTML: its title, the place where page.js draws it, and its table. The table has each number once; drawing
/// and CSV are made from it.
/// </summary>
internal sealed class ChartSection(HtmlWriter html, PageText text)
{
    public void Write(ReportChart chart)
    {
        var title = $"{chart.Name}-title";
        html.Open(
            "section", ("class", "chart"), ("id", chart.Name), ("data-by", chart.IsByMonth ? "month" : "day"),
            ("data-stacked", chart.IsStacked ? "" : null));
        text.Write("h3", $"chart.{chart.Name}", id: title);
        if (chart.IsOfThisRun)
            text.Write("p", "page.this_run", role: "note");
        if (chart.At.Count == 0 || chart.Series.Count == 0)
        {
            text.Write("p", "page.nothing", role: "note");
        }
        else if (chart.Series.All(series => series.Values.All(value => value is null)))
        {
            text.Write("p", "page.not_known", role: "note");
        }
        else
        {
            html.Element("div", "", ("class", "plot"), ("role", "img"), ("aria-labelledby", title));
            html.Open("details");
            text.Write("summary", "page.table");
            html.Open("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-labelledby", title));
            Table(chart, title);
            html.Close();
            html.Close();
        }

        html.Close();
    }

    private void Table(ReportChart chart, string title)
    {
        html.Open("table", ("aria-labelledby", title));
        html.Open("thead");
        html.Open("tr");
        html.Open("th", ("scope", "col"));
        text.Write("span", chart.IsByMonth ? "page.month" : "page.day");
        html.Close();
        foreach (var series in chart.Series)
            Heading(series);
        html.Close();
        html.Close();
        html.Open("tbody");
        foreach (var (row, at) in chart.At.Index())
        {
            html.Open("tr");
            html.Open("th", ("scope", "row"));
            html.Element("time", at);
            html.Close();
            foreach (var series in chart.Series)
                Cell(series.Values[row], series.Decimals);
            html.Close();
        }

        html.Close();
        if (chart.IsByMonth)
            Total(chart);
        html.Close();
    }

    private void Heading(ChartSeries series)
    {
        html.Open(
            "th", ("scope", "col"), ("data-decimals", series.Decimals.ToString(CultureInfo.InvariantCulture)),
            ("data-drawn", series.IsDrawn ? "" : null));
        text.Write("span", series.Label);
        if (series.Rule.Length > 0)
            html.Text($" ({series.Rule})");
        html.Close();
    }

    private void Total(ReportChart chart)
    {
        html.Open("tfoot");
        html.Open("tr");
        html.Open("th", ("scope", "row"));
        text.Write("span", "page.total");
        html.Close();
        foreach (var series in chart.Series)
            Cell(series.Values.Sum(), series.Decimals);
        html.Close();
        html.Close();
    }

    private void Cell(decimal? value, int decimals) =>
        html.Element("td", value is { } known ? PageText.Number(known, decimals) : "");
}
