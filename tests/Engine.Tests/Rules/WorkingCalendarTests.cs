using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using FsCheck.Fluent;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Rules;

/// <summary>
/// Working days are Mondays to Fridays without the holidays of the rulebook, each by the value in force on its day
/// (X3).
/// </summary>
public sealed class WorkingCalendarTests
{
    private static readonly WorkingCalendar Calendar = Rulebook.Embedded.Calendar;

    [Theory]
    [InlineData("2024-02-02", "2024-02-02", 0)] // a Friday
    [InlineData("2024-02-02", "2024-02-04", 0)]
    [InlineData("2024-02-02", "2024-02-06", 2)]
    [InlineData("2024-02-03", "2024-02-06", 2)]
    [InlineData("2024-02-04", "2024-02-05", 1)]
    [InlineData("2024-02-05", "2024-02-26", 15)]
    [InlineData("2024-02-06", "2024-02-02", 0)]
    public void X3_working_days_are_Monday_to_Friday(string after, string until, int days) =>
        Assert.Equal(days, Calendar.WorkingDays(Day(after), Day(until)));

    [Theory]
    [InlineData("2024-01-10", "2024-01-12", 1)] // Thursday 11 January, the Manifesto of Independence
    [InlineData("2023-09-27", "2023-10-02", 1)] // Mawlid on Thursday and Friday
    [InlineData("2024-08-13", "2024-08-22", 4)] // 14, 20 and 21 August are days of the week: 15, 16, 19 and 22 are left
    [InlineData("2024-07-05", "2024-07-08", 1)] // 1 Muharram on a Sunday takes no working day
    [InlineData(
        "2020-08-19", "2020-08-24",
        1)] // Youth Day and 1 Muharram on one Friday, after the Revolution: only Monday is left
    [InlineData("2024-01-11", "2024-01-11", 0)]

    // 260 weekdays, less 11 January, 1 May, 14 and 21 August, 6 November, and less the announced 29 and 30 June, 19
    // July, 28 and 29 September.
    [InlineData("2022-12-30", "2023-12-29", 250)]
    public void X3_holidays_are_no_working_days(string after, string until, int days) =>
        Assert.Equal(days, Calendar.WorkingDays(Day(after), Day(until)));

    [Fact]
    public void X3_working_days_are_those_one_counts_one_by_one()
    {
        var holidays =
            Calendar.Holidays(Day("2015-12-31"), Day("2030-12-31")).Select(holiday => holiday.Day).ToHashSet();
        Properties.Check(
            from start in Gen.Choose(0, 4_000) from length in Gen.Choose(-3, 900) select (start, length),
            one =>
            {
                var after = Day("2016-01-01").AddDays(one.start);
                var days = Enumerable.Range(1, Math.Max(0, one.length)).Select(after.AddDays);
                var counted = days.Count(day =>
                    day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !holidays.Contains(day));
                return Calendar.WorkingDays(after, after.AddDays(one.length)) == counted;
            });
    }

    [Theory]
    [InlineData("2023-01-14", "2024-01-01", "Amazigh New Year", 0)]
    [InlineData("2025-01-01", "2025-01-31", "Amazigh New Year", 1)] // 14 January 2025 is a Tuesday
    [InlineData("2024-11-18", "2025-11-05", "Unity Day", 0)] // announced four days after 31 October 2025, a Friday
    [InlineData("2028-10-30", "2028-10-31", "Unity Day", 1)]
    public void X3_a_holiday_counts_from_the_day_on_which_it_is_law(
        string after, string until, string name, int times) =>
        Assert.Equal(times, Calendar.Holidays(Day(after), Day(until)).Count(holiday => holiday.Name == name));

    [Fact]
    public void X3_a_year_that_is_not_announced_has_its_fixed_holidays_alone() => Assert.Equal(
        [
            "New Year", "Manifesto of Independence", "Amazigh New Year", "Labour Day", "Throne Day", "Oued Ed-Dahab",
            "Revolution of the King and the People", "Youth Day", "Unity Day", "Green March", "Independence Day",
        ],
        Calendar.Holidays(Day("2029-12-31"), Day("2030-12-31"))
            .Select(holiday => holiday.Name)); // no day of 2030 that is one is a weekend

    [Fact]
    public void X3_the_holidays_of_a_stretch_are_those_left_out_of_it()
    {
        Assert.Equal(
            [
                new Holiday(Day("2024-06-17"), "Eid al-Adha 1445"),
                new Holiday(Day("2024-06-18"), "Eid al-Adha 1445, second day")
            ],
            Calendar.Holidays(Day("2024-06-16"), Day("2024-06-18")));
        Assert.Empty(Calendar.Holidays(Day("2024-06-18"), Day("2024-06-16")));
    }

    [Fact]
    public void X3_no_command_is_dated_after_the_last_holiday_laid_out() =>
        Assert.Equal(WorkingCalendar.LastYear, CommandBounds.LastDay.Year);

    [Fact]
    public void X3_an_amendment_announces_the_holidays_of_a_year()
    {
        var amended = Rulebook.Load("""
            amends: amoe
            parameters:
              - id: X3.announced_holidays
                values:
                  - from: 2027-03-01
                    value: { 2027-03-10: Eid al-Fitr 1448, 2027-03-11: "Eid al-Fitr 1448, second day" }
                    source: "announced, in this test alone"
                  - from: 2028-01-01
                    value: none
                    source: in this test alone
            """, "mine.yaml");
        Assert.Equal(21, amended.Calendar.WorkingDays(Day("2027-02-28"), Day("2027-03-31"))); // 23 weekdays
        Assert.Equal(23, Calendar.WorkingDays(Day("2027-02-28"), Day("2027-03-31")));
        var difference = Assert.Single(
            RulebookDiff.Between(Rulebook.Embedded, amended), difference => difference.From == Day("2027-03-01"));
        Assert.Equal(
            (ParameterIds.AnnouncedHolidays, "2027-03-10: Eid al-Fitr 1448; 2027-03-11: Eid al-Fitr 1448, second day"),
            (difference.Id, difference.Second));
        Assert.Equal("none", amended.ParameterOn(ParameterIds.AnnouncedHolidays, Day("2028-06-01")).Value);
    }

    [Fact]
    public void X3_a_later_value_within_a_year_replaces_the_dates_to_come()
    {
        var amended = Rulebook.Load("""
            amends: amoe
            parameters:
              - id: X3.announced_holidays
                values:
                  - from: 2026-03-21
                    value: { 2026-03-23: Eid al-Fitr 1447 }
                    source: in this test alone
            """, "mine.yaml");
        Assert.Equal(
            [Day("2026-03-20"), Day("2026-03-23")],
            amended.Calendar.Holidays(Day("2026-03-01"), Day("2026-03-31")).Select(holiday => holiday.Day));
    }

    [Fact]
    public void X3_a_rulebook_written_before_there_were_holidays_is_read_and_has_none()
    {
        var text = Rulebook.EmbeddedText[
            ..Rulebook.EmbeddedText.IndexOf("---\n# The public holidays", StringComparison.Ordinal)];
        Assert.Equal(
            3,
            Rulebook.Load(text, "the journal's rulebook").Calendar.WorkingDays(Day("2024-01-09"), Day("2024-01-12")));
    }
}
