using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Tests.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>
/// The final debts of each party do not depend on which was learnt first, the facts or the claims (S5, X7).
/// </summary>
public sealed class BalanceProperties
{
    private const int ClaimsMax = 5;

    [Fact]
    public void S5_X7_the_order_in_which_facts_and_claims_come_changes_no_balance()
    {
        var revised = 0;
        Properties.Check(
            Properties.FromSeeds(random =>
                (Facts: Facts(random), Care: Care(random), One: random.Next(), Other: random.Next())),
            one =>
            {
                var (ordered, otherwise) = (Tell(one.Made.Facts, one.Made.Care, one.Made.One),
                    Tell(one.Made.Facts, one.Made.Care, one.Made.Other));
                revised += ordered.Claims.Values.Count(claim => claim.SettledCentimes != claim.PayableCentimes);
                return ordered.Claims.Values.Concat(otherwise.Claims.Values).All(IsEven)
                    && ordered.Claims.Values.Select(claim => (claim.Number, claim.PayableCentimes)).Order()
                        .SequenceEqual(
                            otherwise.Claims.Values.Select(claim => (claim.Number, claim.PayableCentimes)).Order());
            },
            // Some fifteen of four hundred were: once there were three of them by chance.
            count: 1_000);
        Assert.True(revised > 5, $"only {revised} claims were paid what was not due");
    }

    /// <summary>
    /// Nothing is due any more, and what was settled is what the lines come to and what is owed back.
    /// </summary>
    private static bool IsEven(Claim claim) =>
        claim is { IsHeld: false, InTransitCentimes: 0, DueCentimes: <= 0 }
            && claim.SettledCentimes == claim.PayableCentimes + claim.OverpaidCentimes;

    /// <summary>Facts, and the steps of each claim, mixed in some order; in the end whatever is due is paid.</summary>
    private static Story Tell(Command[] facts, DateOnly[] care, int seed)
    {
        var random = new Random(seed);
        var story = LateTruthProperties.Registered();
        var known = new DateOnly(2024, 10, 1);
        var threads = facts.Select(fact => new Queue<Command>([fact]))
            .Concat(care.Select((day, i) => new Queue<Command>(Steps((ulong)i + 1, day)))).ToList();
        while (threads.Count > 0)
        {
            var thread = threads[random.Next(threads.Count)];
            var command = thread.Dequeue();
            known = known.AddDays(random.Next(3));

            // What is decided is dated by the day it is decided; a fact keeps its own date.
            story.When(
                command is ClaimCommand
                    ? command with { Effective = known, Known = known }
                    : command with { Known = known });
            threads.RemoveAll(left => left.Count == 0);
        }

        // Set-off settles one claim with what another owes: once round for each claim is enough.
        var day = Text(known.AddDays(1));
        for (var round = 0; round <= care.Length; round++)
        {
            foreach (var number in story.Claims.Keys.Order())
                story.When(Reviews(day, number)).When(Orders(day, number)).When(Confirms(day, number));
        }

        return story;
    }

    private static IEnumerable<Command> Steps(ulong number, DateOnly care)
    {
        var day = Text(care);
        return [
            Deposits(
                day, number, Say.Care(day, Act.Specialist, 20_000), Say.Care(day, Act.OrdinaryMedicine, 3_333, 3_001)),
            Receives(day, number), Orders(day, number), Confirms(day, number)
        ];
    }

    private static Command[] Facts(Random random) =>
        random.Next(3) > 0
            ? LateTruthProperties.AnyFacts(random)
            : [
                .. LateTruthProperties.AnyFacts(random),
                Exempts("2023-01-01", Text(new DateOnly(2023, 2, 1).AddDays(random.Next(400))))
            ];

    private static DateOnly[] Care(Random random) =>
        [.. Enumerable.Range(0, 1 + random.Next(ClaimsMax))
            .Select(_ => new DateOnly(2022, 10, 20).AddDays(random.Next(700)))];

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
