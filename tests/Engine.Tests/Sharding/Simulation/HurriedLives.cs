using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>Lives of a few students, forty times as fast: years would be days on which nothing is asked.</summary>
internal static class HurriedLives
{
    private const int Haste = 40;

    // One, so that what it owes is kept back from what it is owed.
    private const int Provider = 7;

    /// <summary>The first and the last day on which something becomes known.</summary>
    public static readonly DateOnly FirstDay = RandomLives.Opens.AddDays(-1);

    public static readonly DateOnly LastDay = RandomLives.Opens.AddDays(14);

    /// <summary>By student, in the order in which they become known.</summary>
    public static IEnumerable<IGrouping<StudentId, Command>> Of(Dice dice, int students) =>
        WithDebts(dice, [.. new RandomLives(dice).Of(students).Select(Hurry)])
            .OrderBy(command => command.Known)
            .GroupBy(command => command.Student);

    /// <summary>
    /// Claims of a provider that are paid, and coverages that are reported late: what was paid for the day of that care
    /// is owed back, and kept back from what the next claims bring the provider.
    /// </summary>
    private static IEnumerable<Command> WithDebts(Dice dice, List<Command> lives)
    {
        var references = 900_000UL;
        foreach (var command in lives)
        {
            yield return command;
            if (command is not DepositClaim { Way: ClaimWay.ThirdParty, Lines: [var line, ..] } deposit
                || deposit.Known > LastDay.AddDays(-3))
                continue;
            var (student, sheet, day) = (deposit.Student, deposit.Claim, deposit.Known);
            yield return new ReceiveClaim(student, sheet, day, day) { Attempt = 60 };
            yield return new ReviewClaim(student, sheet, day, day, true) { Attempt = 60 };
            yield return new OrderPayment(student, sheet, day, day.AddDays(1)) { Attempt = 60 };
            yield return new ConfirmPayment(student, sheet, day, day.AddDays(2)) { Attempt = 60 };
            if (!dice.Chance(30))
                continue;
            yield return new ReportOtherCoverage(
                student, ++references, line.CareDate.AddDays(-1), day.AddDays(2), CoverageKind.Cnss, true);
            yield return new EndOtherCoverage(student, ++references, line.CareDate, day.AddDays(3), CoverageKind.Cnss);
        }
    }

    private static Command Hurry(Command command)
    {
        var hurried = command with
        {
            Known = Earlier(Sooner(command.Known), LastDay),
            Effective = Sooner(command.Effective)
        };
        if (hurried is not DepositClaim deposit)
            return hurried;
        var isOfProvider = deposit.Claim % 3 != 0;
        return deposit with
        {
            Way = isOfProvider ? ClaimWay.ThirdParty : deposit.Way,
            Desk = isOfProvider ? ReferenceData.FundDeskId : deposit.Desk,
            Provider = isOfProvider ? Provider : deposit.Provider,
            Lines = isOfProvider && deposit.Lines is [var first, ..]
                ? [new ClaimLine(Act.Dialysis, CareSector.Private, Sooner(first.CareDate), 1, 80_000, 70_000)]
                : Array.ConvertAll(deposit.Lines, line => line with { CareDate = Sooner(line.CareDate) }),
            Items = isOfProvider ? FileItems.All : deposit.Items,
        };
    }

    /// <summary>A day that makes no sense stays as it is.</summary>
    private static DateOnly Sooner(DateOnly day) => day.Year is < 2020 or > 2090
        ? day
        : RandomLives.Opens.AddDays((day.DayNumber - RandomLives.Opens.DayNumber) / Haste);

    private static DateOnly Earlier(DateOnly one, DateOnly other) => one < other || one.Year > 2090 ? one : other;
}
