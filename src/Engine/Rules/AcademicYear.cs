namespace Amoe.Engine.Rules;

/// <summary>One academic year of a category of institutions (T1). Both ends belong to it (T2).</summary>
/// <param name="StartYear">The calendar year it starts in, which names it: 2023 for 2023-2024.</param>
/// <param name="Start">Its first day.</param>
/// <param name="End">Its last day; the grace of D8 runs from here.</param>
public readonly record struct AcademicYear(int StartYear, DateOnly Start, DateOnly End);

/// <summary>
/// The day of the year on which academic years start or end. Never 29 February, which most years lack.
/// </summary>
internal readonly record struct MonthDay(int Month, int Day)
{
    public DateOnly In(int year) => new(year, Month, Day);

    public bool IsBefore(MonthDay other) => Month < other.Month || (Month == other.Month && Day < other.Day);
}
