namespace Amoe.Host.Reports;

/// <summary>A row of a <see cref="MonthTable"/>.</summary>
/// <param name="Name">In snake_case, as in JSON.</param>
/// <param name="Label">For a person.</param>
/// <param name="Rule">The rule of the scheme a reason rests on, or empty.</param>
/// <param name="Values">One for each of the table's months: counts, or centimes where the table is of money.</param>
internal sealed record MonthRow(string Name, string Label, string Rule, IReadOnlyList<long> Values)
{
    /// <summary>
    /// How many there could have been, one for each of the table's months; null where that has no meaning.
    /// </summary>
    public IReadOnlyList<long>? Of { get; init; }
}
