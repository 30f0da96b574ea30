namespace Amoe.Host.Reports;

/// <summary>
/// A total taken apart by month and by kind. A row's sum over the months is its figure of the whole journal.
/// </summary>
/// <param name="Name">In snake_case, as in JSON.</param>
/// <param name="IsMoney">True where the values are centimes.</param>
/// <param name="Months">As yyyy-MM, those of <see cref="Reports.Months"/>.</param>
/// <param name="Rows">One for each kind that occurred.</param>
internal sealed record MonthTable(
    string Name, string Title, bool IsMoney, IReadOnlyList<string> Months, IReadOnlyList<MonthRow> Rows);
