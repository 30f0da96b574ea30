using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>A clock that ran longer than it may: measured, and nothing follows from it (X3).</summary>
internal static class ClockExplainer
{
    public static Explanation Of(StudentReading reading, HistoryEntry entry, ClockMissed missed)
    {
        var inWorkingDays = missed.Clock == Clock.ApprovalAnswer;
        var unit = inWorkingDays ? Unit.WorkingDay : Unit.Day;
        var explanation = new Explanation(
            Keys.ClockMissed, ("known", new On(entry.Header.Known)), ("clock", Name.Of("clock", missed.Clock)),
            ("days", new Count(missed.Days, unit)),
            ("allowed", new Count(missed.AllowedDays, unit))).Under("X3");
        return inWorkingDays ? explanation.For(HolidaysOf(reading, entry).Select(LeftOut)) : explanation;
    }

    /// <summary>
    /// The holidays between the request and its answer, by the rulebook under which the clock was measured.
    /// </summary>
    private static IReadOnlyList<Holiday> HolidaysOf(StudentReading reading, HistoryEntry entry) =>
        entry.Events.OfType<ApprovalDecided>().FirstOrDefault() is { } decided
        && reading.Last<ApprovalRequested>(request => request.Approval == decided.Approval) is { Event.On: { } asked }
            ? reading.RulesAt(entry).Calendar.Holidays(asked, entry.Header.Effective)
            : [];

    private static Explanation LeftOut(Holiday holiday) =>
        new Explanation(Keys.HolidayLeftOut, ("day", new On(holiday.Day)), ("name", new Code(holiday.Name)))
            .Under("X3");
}
