using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;

namespace Amoe.Engine.Tests.Domain;

/// <summary>Whatever is sent to a student over three years, in whatever order, these hold after every step.</summary>
public sealed class AnyStoryTests
{
    [Fact]
    public void Nothing_that_can_be_sent_breaks_what_must_hold()
    {
        var outcomes = new HashSet<Outcome>();
        Properties.Check(
            Properties.FromSeeds(random => random),
            one =>
            {
                var story = new Story();
                var (day, paid) = (new DateOnly(2023, 8, 15), 0L);
                for (var step = 0; step < 60; step++)
                {
                    day = day.AddDays(one.Made.Next(25));
                    var command = AnyCommand.Of(one.Made, day, story.Student);
                    story.When(command);
                    outcomes.Add(story.Outcome);
                    if (!IsAnsweredWhole(command, story.Events))
                        return false;
                    paid += story.Events.Sum(e =>
                        e switch
                        {
                            ContributionPaid p => p.AmountCentimes,
                            ContributionReceived r => r.AmountCentimes,
                            _ => 0
                        });
                    if (story.Student.Insurance is { } insurance && !Holds(insurance, story.Today, paid))
                        return false;
                }

                return story.Claims.Values.All(Holds);
            },
            count: 2_000);
        Assert.Superset(
            new HashSet<Outcome>
            {
                Outcome.Done,
                Outcome.Refused,
                Outcome.ApplicationAccepted,
                Outcome.ApplicationRefused,
                Outcome.ClaimReturned,
                Outcome.ClaimPayable,
                Outcome.ClaimNothingPayable
            },
            outcomes);
    }

    /// <summary>A command that does not answer with the claims that it revises revises none but its own.</summary>
    private static bool IsAnsweredWhole(Command command, IReadOnlyList<Event> events) =>
        ClaimsRevised.MayAnswer(command.Kind)
            || events.OfType<ClaimEvent>().All(e =>
                e.Claim == command.Reference || e is not (ClaimRevised or ClaimHeld or OverpaymentRaised));

    private static bool Holds(Insurance insurance, DateOnly today, long paid)
    {
        var rights = insurance.Rights.Where(right => right.From <= right.GraceUntil).ToArray();
        for (var i = 1; i < rights.Length; i++)
        {
            if (rights[i].From <= rights[i - 1].GraceUntil)
                return false; // two entitlement periods on one day
        }

        return insurance.HeldCentimes <= paid && HoldsMoney(insurance)
            && insurance.Approvals.All(approval =>
                approval.Used <= approval.Units && approval.Takers.All(taker => taker.Units > 0))
            && insurance.Suspensions.All(suspension => suspension.From <= suspension.Until)
            && insurance.Suspensions.GroupBy(suspension => suspension.Cause)
                .All(of => of.Zip(of.Skip(1)).All(pair => pair.First.Until < pair.Second.From))
            && insurance.Suspensions.Where(suspension => suspension.Until == DateOnly.MaxValue)
                .GroupBy(suspension => suspension.Cause)
                .All(open => open.Count() == 1)
            && (insurance.Rights.Length == 0
                || Enum.GetValues<SuspensionCause>().Skip(1).All(cause => IsUpToDate(insurance, cause, today)));
    }

    /// <summary>Of each year all of the money is held, or what exceeds what is owed, or nothing (C5).</summary>
    private static bool HoldsMoney(Insurance insurance)
    {
        for (var account = insurance.Contribution; account is not null; account = account.Before)
        {
            var (largest, owed) = (account.LargestCentimes, account.OwedCentimes);
            if (account.Due is not null && account.HeldCentimes != (largest < owed ? largest : largest - owed))
                return false;
            if (account.Due is null
                && account.HeldCentimes != largest
                && account.HeldCentimes != largest - 40_000
                && account.HeldCentimes != 0)
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whatever was learnt in whatever order, the suspensions on record are those that follow from the facts, as far as
    /// they have begun.
    /// </summary>
    private static bool IsUpToDate(Insurance insurance, SuspensionCause cause, DateOnly today) =>
        SuspensionRules.Of(cause, insurance)
            .Where(suspension => suspension.From <= today)
            .SequenceEqual(insurance.Suspensions.Where(suspension => suspension.Cause == cause));

    private static bool Holds(Claim claim) =>
        claim.PayableCentimes == claim.Outcomes.Sum(outcome => outcome.AmountCentimes)
        && claim.Outcomes.Zip(claim.Lines).All(pair =>
            pair.First.AmountCentimes <= pair.Second.PaidCentimes
                && (!pair.First.IsRefused || pair.First.AmountCentimes == 0))
        && (!claim.IsJudged
            || claim.IsHeld
            || claim.InTransitCentimes > 0
            || (claim.Status == ClaimStatus.NothingPayable) == (claim.PayableCentimes == 0));
}
