using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Cluster;

/// <summary>Lives of a few students, twenty times as fast: years would be days on which nothing is asked.</summary>
internal static class Errands
{
    private const int Haste = 20;

    /// <summary>The first and the last day on which something becomes known.</summary>
    public static readonly DateOnly FirstDay = RandomLives.Opens.AddDays(-1);

    public static readonly DateOnly LastDay = RandomLives.Opens.AddDays(30);

    /// <summary>By student, in the order in which they become known.</summary>
    public static IEnumerable<IGrouping<StudentId, Command>> Of(Dice dice, int students) =>
        new RandomLives(dice).Of(students).Select(Hurry).GroupBy(command => command.Student);

    private static Command Hurry(Command command)
    {
        var hurried = command with { Known = Earlier(Sooner(command.Known), LastDay), Effective = Sooner(command.Effective) };
        return hurried is DepositClaim deposit
            ? deposit with { Lines = Array.ConvertAll(deposit.Lines, line => line with { CareDate = Sooner(line.CareDate) }) }
            : hurried;
    }

    /// <summary>A day that makes no sense stays as it is.</summary>
    private static DateOnly Sooner(DateOnly day) => day.Year is < 2020 or > 2090
        ? day
        : RandomLives.Opens.AddDays((day.DayNumber - RandomLives.Opens.DayNumber) / Haste);

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other || one.Year > 2090 ? one : other;
}
