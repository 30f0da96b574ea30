using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

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
                    story.When(AnyCommand(one.Made, day, story));
                    outcomes.Add(story.Outcome);
                    paid += story.Events.Sum(e => e switch { ContributionPaid p => p.AmountCentimes, ContributionReceived r => r.AmountCentimes, _ => 0 });
                    if (story.Student.Insurance is { } insurance && !Holds(insurance, story.Today, paid))
                        return false;
                }

                return story.Claims.Values.All(Holds);
            },
            count: 2_000);
        Assert.Superset(
            new HashSet<Outcome> { Outcome.Done, Outcome.Refused, Outcome.ApplicationAccepted, Outcome.ApplicationRefused, Outcome.ClaimReturned, Outcome.ClaimPayable, Outcome.ClaimNothingPayable },
            outcomes);
    }

    private static bool Holds(Insurance insurance, DateOnly today, long paid)
    {
        var rights = insurance.Rights.Where(right => right.From <= right.GraceUntil).ToArray();
        for (var i = 1; i < rights.Length; i++)
        {
            if (rights[i].From <= rights[i - 1].GraceUntil)
                return false; // two rights on one day
        }

        return insurance.HeldCentimes <= paid
            && insurance.Approvals.All(approval => approval.Used <= approval.Units && approval.Used == (approval.Takers ?? []).Sum(taker => taker.Units))
            && insurance.Suspensions.All(suspension => suspension.From <= suspension.Until)
            && insurance.Suspensions.GroupBy(suspension => suspension.Cause).All(of => of.Zip(of.Skip(1)).All(pair => pair.First.Until < pair.Second.From))
            && insurance.Suspensions.Where(suspension => suspension.Until == DateOnly.MaxValue).GroupBy(suspension => suspension.Cause).All(open => open.Count() == 1)
            && (insurance.Rights.Length == 0 || Enum.GetValues<SuspensionCause>().Skip(1).All(cause => IsUpToDate(insurance, cause, today)));
    }

    /// <summary>Whatever was learnt in whatever order, the suspensions on record are those that follow from the facts, as far as they have begun.</summary>
    private static bool IsUpToDate(Insurance insurance, SuspensionCause cause, DateOnly today) =>
        SuspensionRules.Of(cause, insurance).Where(suspension => suspension.From <= today).SequenceEqual(insurance.Suspensions.Where(suspension => suspension.Cause == cause));

    private static bool Holds(Claim claim) =>
        claim.PayableCentimes == claim.Outcomes.Sum(outcome => outcome.AmountCentimes)
        && claim.Outcomes.Zip(claim.Lines).All(pair => pair.First.AmountCentimes <= pair.Second.PaidCentimes && (!pair.First.IsRefused || pair.First.AmountCentimes == 0))
        && (!claim.IsJudged || claim.IsHeld || claim.InTransitCentimes > 0 || (claim.Status == ClaimStatus.NothingPayable) == (claim.PayableCentimes == 0));

    private static Command AnyCommand(Random random, DateOnly day, Story story)
    {
        var known = Text(day);
        var on = Text(day.AddDays(-random.Next(4) * random.Next(60)));
        var year = day.Month >= 8 ? day.Year : day.Year - 1;
        var enrolment = (random.Next(3) == 0 ? Public() : Private()) with { HasBankAccount = random.Next(2) == 0 };
        var coverage = random.Next(4) == 0 ? CoverageKind.Cnss : CoverageKind.None;
        var reason = (InterruptionReason)random.Next(9);
        return random.Next(30) switch
        {
            0 => Declares(known, enrolment, coverage, year),
            1 or 2 => Declares(known, enrolment, year: year),
            3 or 4 => Forwards(known),
            5 or 6 => Transmits(known),
            7 => AnamFinds(known, coverage),
            8 => AnamFinds(known, coverage) with { Effective = day.AddDays(-random.Next(200)) },
            9 => Resends(known, year),
            10 => Pays(known),
            11 => FundReceives(on, known),
            12 => ShowsReceipt(known, 22),
            13 => HasOtherCoverage(on, known),
            14 => LosesOtherCoverage(on, known),
            15 => Interrupts(on, reason, known),
            16 => ChangesReason(on, reason, known),
            17 => Resumes(on, known),
            18 => AsksApproval(known, (ulong)random.Next(6), Act.Physiotherapy, random.Next(1, 9)),
            19 => ControlGrants(known, (ulong)random.Next(6), random.Next(10)),
            20 when random.Next(2) == 0 => Exempts(on, known, known: known),
            20 => CarriesOver(known, "2022-10-01", 2022, enrolment),
            21 => AsksCertificate(known),
            22 or 23 => TakesBackAny(random, story.Student.Insurance, known),
            _ => ToClaim(random, on, known, story),
        };
    }

    /// <summary>A fact that is on record where there is one of the kind.</summary>
    private static CorrectFact TakesBackAny(Random random, Insurance? insurance, string known)
    {
        var fact = Correctable[random.Next(Correctable.Length)];
        DateOnly[] dates = fact switch
        {
            CommandKind.ReportOtherCoverage => [.. insurance?.CoverageFacts.Select(f => f.On) ?? []],
            CommandKind.EndOtherCoverage => [.. insurance?.CoverageFacts.Select(f => f.On.AddDays(-1)) ?? []],
            CommandKind.ReceiveContribution => [.. insurance?.Contribution is { IsSettled: true } settled ? [settled.ReceivedOn] : Array.Empty<DateOnly>()],
            CommandKind.DecideExemption => [.. insurance?.Exemptions.Select(x => x.From) ?? []],
            _ => [.. insurance?.StudyFacts.Select(f => f.On) ?? []],
        };
        return TakesBack(fact, dates.Length == 0 ? known : Text(dates[random.Next(dates.Length)]), known);
    }

    private static readonly CommandKind[] Correctable =
    [
        CommandKind.ReportOtherCoverage, CommandKind.EndOtherCoverage, CommandKind.InterruptStudies, CommandKind.ChangeInterruptionReason,
        CommandKind.ResumeStudies, CommandKind.ReceiveContribution, CommandKind.DecideExemption,
    ];

    private static Command ToClaim(Random random, string on, string known, Story story)
    {
        var sheet = (ulong)random.Next(8);
        if (!story.Claims.ContainsKey(sheet))
            return Deposits(known, sheet, Care(on), Care(on, Act.Physiotherapy, 20_000, quantity: 4)) with { Items = random.Next(3) == 0 ? FileItems.StudentName : FileItems.All };
        return random.Next(5) switch
        {
            0 => Completes(known, sheet, FileItems.All),
            1 or 2 => Receives(known, sheet),
            3 => Orders(known, sheet),
            _ => Confirms(known, sheet),
        };
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
