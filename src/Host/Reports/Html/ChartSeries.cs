using Amoe.Engine.Explaining;

namespace Amoe.Host.Reports.Html;

/// <summary>A column of a chart's table.</summary>
/// <param name="Label">Its heading.</param>
/// <param name="Decimals">Of each value; amounts are in dirhams.</param>
/// <param name="Values">One for each of the chart's days or months; null where it is not known.</param>
internal sealed record ChartSeries(Message Label, int Decimals, IReadOnlyList<decimal?> Values)
{
    /// <summary>The rule of the scheme that a reason rests on, or empty.</summary>
    public string Rule { get; init; } = "";

    /// <summary>False for a column that the table has beside those that are drawn.</summary>
    public bool IsDrawn { get; init; } = true;
}
