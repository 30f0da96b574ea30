using Amoe.Engine.Domain;
using Microsoft.Extensions.Logging;

namespace Amoe.Host.Telemetry;

/// <summary>
/// The events of a host's log, each with a number that never means another. None names a student, a person, a key or
/// what was sent; <see cref="CallFailed"/> has an exception's own words.
/// </summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "{Line}")]
    public static partial void Line(this ILogger log, string line);

    [LoggerMessage(2, LogLevel.Warning, "{Line}")]
    public static partial void Warning(this ILogger log, string line);

    [LoggerMessage(10, LogLevel.Information, "{Journal}: there was no journal; began an empty one")]
    public static partial void JournalBegun(this ILogger log, string journal);

    [LoggerMessage(11, LogLevel.Information,
        "{Journal}: there was no journal; began an empty one with {Students} partitions of students and {Ledgers} of "
        + "ledgers")]
    public static partial void SharedJournalBegun(this ILogger log, string journal, int students, int ledgers);

    [LoggerMessage(12, LogLevel.Information, "stopping: {Doing}; a second signal ends at once")]
    public static partial void Stopping(this ILogger log, string doing);

    [LoggerMessage(20, LogLevel.Warning, "{Why}; joining again")]
    public static partial void Evicted(this ILogger log, string why);

    [LoggerMessage(21, LogLevel.Information, "joined again, as host {Host}")]
    public static partial void JoinedAgain(this ILogger log, long host);

    [LoggerMessage(22, LogLevel.Warning, "{Why}. Trying again.")]
    public static partial void NotJoined(this ILogger log, string why);

    [LoggerMessage(30, LogLevel.Information,
        "opening days: {Day:yyyy-MM-dd} of {First:yyyy-MM-dd} to {Last:yyyy-MM-dd}")]
    public static partial void OpeningDays(this ILogger log, DateOnly day, DateOnly first, DateOnly last);

    [LoggerMessage(31, LogLevel.Information, "{Day:yyyy-MM-dd} is open")]
    public static partial void DayOpen(this ILogger log, DateOnly day);

    [LoggerMessage(32, LogLevel.Error,
        "the clock says {Clock:yyyy-MM-dd}, and {Day:yyyy-MM-dd} stays open, because days that were opened are never "
        + "taken back. If the clock is right, start the host again with --catch-up; otherwise set it.")]
    public static partial void ClockFarAhead(this ILogger log, DateOnly clock, DateOnly day);

    [LoggerMessage(33, LogLevel.Warning,
        "{Day:yyyy-MM-dd}: {Count} partitions do not take the day's mark ({Outcome}); trying again")]
    public static partial void DayNotTaken(this ILogger log, DateOnly day, int count, Outcome outcome);

    [LoggerMessage(34, LogLevel.Error,
        "{Day:yyyy-MM-dd}: partitions {Partitions} do not take the day's mark ({Outcome}); going on without them")]
    public static partial void DayGivenUp(this ILogger log, DateOnly day, string partitions, Outcome outcome);

    [LoggerMessage(40, LogLevel.Error, "{Why} Commands are answered unknown or overloaded meanwhile.")]
    public static partial void PartitionsAway(this ILogger log, string why);

    [LoggerMessage(41, LogLevel.Information, "all partitions take commands again after {Seconds} s.")]
    public static partial void PartitionsBack(this ILogger log, long seconds);

    [LoggerMessage(50, LogLevel.Error, "a stream is cut: {Why}")]
    public static partial void StreamCut(this ILogger log, string why);

    [LoggerMessage(51, LogLevel.Error, "a stream is refused: {Why}")]
    public static partial void StreamRefused(this ILogger log, string why);

    [LoggerMessage(52, LogLevel.Error, "a call that names a person is not answered: {Why}")]
    public static partial void VaultAway(this ILogger log, string why);

    [LoggerMessage(60, LogLevel.Error, "{Call} failed: {Type}: {Message} This is a fault of the program.")]
    public static partial void CallFailed(this ILogger log, string call, string type, string message);
}
