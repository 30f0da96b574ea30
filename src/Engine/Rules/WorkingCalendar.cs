using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Rules;

/// <summary>A day on which offices are closed by law.</summary>
/// <param name="Name">As the rulebook names it.</param>
internal readonly record struct Holiday(DateOnly Day, string Name);

/// <summary>
/// The working days of a rulebook (X3): Mondays to Fridays without its holidays. Holidays are laid out once and sorted,
/// so that the working days of any stretch are two binary searches: clocks are measured while commands are decided.
/// </summary>
[Rule("X3")]
internal sealed class WorkingCalendar
{
    /// <summary>The last year whose fixed holidays are laid out. The bounds of commands admit no later date.</summary>
    public const int LastYear = 2100;

    private const int DaysOfWeek = 7;
    private const int WorkingDaysOfWeek = 5;

    /// <summary>
    /// Those on Mondays to Fridays, the earliest first, one a day: what is searched has the days alone.
    /// </summary>
    private readonly int[] _days;
    private readonly string[] _names;

    internal WorkingCalendar(IReadOnlyList<Holiday> holidays)
    {
        var names = new Dictionary<int, string>();
        foreach (var (day, name) in holidays)
        {
            if (!IsWeekend(day))
                names.TryAdd(day.DayNumber, name);
        }

        _days = [.. names.Keys];
        Array.Sort(_days);
        _names = Array.ConvertAll(_days, day => names[day]);
    }

    /// <summary>The working days after a day, the last one included; 0 where the last is not later.</summary>
    public int WorkingDays(DateOnly after, DateOnly until) =>
        after < until ? Weekdays(after, until) - (CountUpTo(until) - CountUpTo(after)) : 0;

    /// <summary>
    /// The holidays after a day, the last day included, that are no weekend: those that <see cref="WorkingDays"/>
    /// leaves out.
    /// </summary>
    public IReadOnlyList<Holiday> Holidays(DateOnly after, DateOnly until) => after < until
        ? [.. Enumerable.Range(0, _days.Length)
            .Take(CountUpTo(after)..CountUpTo(until))
            .Select(i => new Holiday(DateOnly.FromDayNumber(_days[i]), _names[i]))]
        : [];

    /// <summary>Adds the holidays that a period of the rulebook has, by the values in force in it.</summary>
    internal static void AddHolidays(RulesDraft rules, DateOnly from, DateOnly? until, List<Holiday> holidays)
    {
        var last = until ?? new DateOnly(LastYear, 12, 31);
        for (var year = from.Year; year <= last.Year; year++)
        {
            foreach (var (day, name) in rules.FixedHolidays)
                Add(new Holiday(day.In(year), name));
        }

        foreach (var holiday in rules.AnnouncedHolidays)
            Add(holiday);

        void Add(in Holiday holiday)
        {
            if (holiday.Day >= from && holiday.Day <= last)
                holidays.Add(holiday);
        }
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
        var index = Array.BinarySearch(_days, day.DayNumber);
        return index < 0 ? ~index : index + 1;
    }
}
