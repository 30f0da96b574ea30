namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// The day before and after, where the first and the last day of all stay what they are: an event dated there is no
/// reason to throw.
/// </summary>
internal static class Days
{
    public static DateOnly Before(DateOnly date) => date == DateOnly.MinValue ? date : date.AddDays(-1);

    public static DateOnly After(DateOnly date) => date == DateOnly.MaxValue ? date : date.AddDays(1);
}
