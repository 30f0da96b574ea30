using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Rules;

/// <summary>A day on which offices are closed by law.</summary>
/// <param name="Name">As the rulebook names it.</param>
internal readonly record struct Holiday(DateOnly Day, string Name);

/// <summary>
/// The working days of a rulebook (X3): Mondays to Fridays without its holidays. Holidays are laid out once, as one sorted array, so that the working days
/// of any stretch are two binary searches: clocks are measured while commands are decided.
/// </summary>
[Rule("X3")]
internal sealed class WorkingCalendar
{
    /// <summary>The last year whose fixed holidays are laid out. The bounds of commands admit no later date.</summary>
    public const int LastYear = 2100;

    private const int DaysOfWeek = 7;
    private const int WorkingDaysOfWeek = 5;

    /// <summary>Those on Mondays to Fridays, the earliest first, one a day.</summary>
    private readonly Holiday[] _holidays;

    internal WorkingCalendar(IEnumerable<Holiday> holidays) =>
        _holidays = [.. holidays.Where(holiday => !IsWeekend(holiday.Day)).DistinctBy(holiday => holiday.Day).OrderBy(holiday => holiday.Day)];

    /// <summary>The working days after a day, the last one included; 0 where the last is not later.</summary>
    public int WorkingDays(DateOnly after, DateOnly until) => after < until ? Weekdays(after, until) - (CountUpTo(until) - CountUpTo(after)) : 0;

    /// <summary>The holidays after a day, the last day included, that are no weekend: those that <see cref="WorkingDays"/> leaves out.</summary>
    public IReadOnlyList<Holiday> Holidays(DateOnly after, DateOnly until) => after < until ? _holidays[CountUpTo(after)..CountUpTo(until)] : [];

    /// <summary>The holidays that a period of the rulebook has, by the values in force in it.</summary>
    internal static IEnumerable<Holiday> HolidaysOf(RulesDraft rules, DateOnly from, DateOnly? until)
    {
        var last = until ?? new DateOnly(LastYear, 12, 31);
        return Enumerable.Range(from.Year, Math.Max(0, last.Year - from.Year + 1))
            .SelectMany(year => rules.FixedHolidays.Select(holiday => new Holiday(holiday.Day.In(year), holiday.Name)))
            .Concat(rules.AnnouncedHolidays)
            .Where(holiday => holiday.Day >= from && holiday.Day <= last);
    }

    private static int Weekdays(DateOnly after, DateOnly until)
    {
        var (weeks, rest) = Math.DivRem(until.DayNumber - after.DayNumber, DaysOfWeek);
        var days = weeks * WorkingDaysOfWeek;
        for (var day = 0; day < rest; day++)
            days += IsWeekend(until.AddDays(-day)) ? 0 : 1;
        return days;
    }

    private static bool IsWeekend(DateOnly day) => day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;

    /// <summary>How many holidays lie on a day or before it.</summary>
    private int CountUpTo(DateOnly day)
    {
        var (low, high) = (0, _holidays.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_holidays[middle].Day <= day)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
