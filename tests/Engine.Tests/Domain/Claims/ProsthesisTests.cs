using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Domain.Aggregate;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>The size of a bridge or denture, and the five years between two at one place (B6).</summary>
public sealed class ProsthesisTests
{
    private const ulong First = 70;
    private const ulong Second = 72;
    private const uint SomeTeeth = 0x0000_0038;
    private static readonly LineOutcome Whole = new(Reason.None, 160_000);
    private static readonly LineOutcome TooRecent = new(Reason.ProsthesisTooRecent, 0);
    private static readonly Act[] Acts = [Act.LongBridge, Act.LongBridge, Act.PartialDenture, Act.BridgeRenewal];
    private static readonly uint[] Places = [
        SomeTeeth, SomeTeeth << 3, Prosthesis.UpperJaw, Prosthesis.LowerJaw, Prosthesis.LowerJaw
    ];

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    [Fact]
    public void B6_receiving_an_earlier_prosthesis_readjudicates_a_later_paid_one()
    {
        var story = Insured().Given(
            Deposits("2024-01-10", First, Bridge("2023-12-10")), Receives("2024-01-11", First),
            Orders("2024-01-12", First), Confirms("2024-01-13", First));
        story.Given(Deposits("2024-02-10", Second, Bridge("2023-11-10")))
            .When(Receives("2024-02-11", Second))
            .ThenOutcome(Outcome.ClaimPayable);
        Assert.Equal(
            [
                new ClaimRevised(First, RevisionCause.LateFact, 0, [Whole], [TooRecent]),
                new OverpaymentRaised(First, 160_000),
            ],
            story.Events.OfType<ClaimEvent>().Where(e => e.Claim == First));
        Assert.Equal([Whole], story.Claims[Second].Outcomes);
    }

    [Theory]
    [InlineData(Prosthesis.LowerJaw, "2023-11-10")]
    [InlineData(Prosthesis.UpperJaw, "2023-12-10")] // the same day
    [InlineData(Prosthesis.UpperJaw, "2023-12-11")] // itself the later one
    public void B6_receiving_any_other_says_nothing_of_it(uint teeth, string care)
    {
        var story = Insured().Given(Deposits("2024-01-10", First, Bridge("2023-12-10")), Receives("2024-01-11", First));
        story.Given(Deposits("2024-02-10", Second, Bridge(care, teeth)), Receives("2024-02-11", Second));
        Assert.Equal([Whole], story.Claims[First].Outcomes);
    }

    [Fact]
    public void B6_a_line_that_was_claimed_before_is_no_prosthesis_of_its_own()
    {
        var story = Insured().Given(
            Deposits("2024-01-10", First, Bridge("2023-11-10", Prosthesis.LowerJaw)) with { Provider = 9 },
            Receives("2024-01-11", First));
        story.Given(
            Deposits("2024-01-12", Second, Bridge("2023-11-10")) with { Provider = 9 }, Receives("2024-01-13", Second));
        Assert.Equal([new(Reason.DuplicateLine, 0)], story.Claims[Second].Outcomes);
        story.Given(Deposits("2024-01-14", 73, Bridge("2023-12-10")), Receives("2024-01-15", 73));
        Assert.Equal([Whole], story.Claims[73].Outcomes);
    }

    [Fact]
    public void B6_a_line_that_proves_to_be_claimed_before_counts_no_longer()
    {
        var story = Insured().Given(
            Deposits("2024-01-10", First, Bridge("2023-11-10", Prosthesis.LowerJaw)) with { Provider = 9 },
            Receives("2024-01-11", First));
        story.Given(
            Deposits("2024-01-12", Second, Bridge("2023-11-10") with { PaidCentimes = 190_000 }) with { Provider = 9 },
            Receives("2024-01-13", Second));
        story.Given(Deposits("2024-01-14", 73, Bridge("2023-12-10")), Receives("2024-01-15", 73));
        Assert.Equal([TooRecent], story.Claims[73].Outcomes);

        story.When(Resolves("2024-01-20", Second, isDuplicate: true)).ThenOutcome(Outcome.ClaimNothingPayable);
        Assert.Equal(
            [new ClaimRevised(73, RevisionCause.LateFact, 160_000, [TooRecent], [Whole])],
            story.Events.OfType<ClaimEvent>().Where(e => e.Claim == 73));
        Assert.Equal([new RevisedClaim(73, Revision.Payable)], Assert.IsType<ClaimsRevised>(story.Answer).Claims);
    }

    [Fact]
    public void B6_a_line_that_proves_to_be_another_goes_on_counting()
    {
        var story = Insured().Given(
            Deposits("2024-01-10", First, Bridge("2023-11-10", Prosthesis.LowerJaw)) with { Provider = 9 },
            Receives("2024-01-11", First));
        story.Given(
            Deposits("2024-01-12", Second, Bridge("2023-11-10") with { PaidCentimes = 190_000 }) with { Provider = 9 },
            Receives("2024-01-13", Second));
        story.Given(
            Deposits("2024-01-14", 73, Bridge("2023-12-10")), Receives("2024-01-15", 73),
            Resolves("2024-01-20", Second, isDuplicate: false));
        Assert.Equal([TooRecent], story.Claims[73].Outcomes);
        Assert.Null(story.Answer);
    }

    [Fact]
    public void B6_what_a_physician_refused_stays_refused_for_it()
    {
        var story = Insured().Given(
            Deposits("2024-01-10", First, Bridge("2023-12-10") with { PaidCentimes = 600_000 }),
            Receives("2024-01-11", First));
        story.Given(Reviews("2024-01-12", First, granted: false));
        story.Given(Deposits("2024-02-10", Second, Bridge("2023-11-10")), Receives("2024-02-11", Second));
        Assert.Equal([new(Reason.MedicalControlRefused, 0)], story.Claims[First].Outcomes);
    }

    [Fact]
    public void B6_a_bridge_of_an_old_journal_that_does_not_say_its_size_needs_approval()
    {
        var silent = Bridge("2023-12-10") with { Prosthesis = default };
        Assert.True(Adjudication.NeedsApproval(silent, ClaimWay.Reimbursement, Day("2024-01-10"), Rulebook.Embedded));
        Assert.False(
            Adjudication.NeedsApproval(
                Bridge("2023-12-10"), ClaimWay.Reimbursement, Day("2024-01-10"), Rulebook.Embedded));
    }

    [Fact]
    public void B6_whichever_file_comes_first_the_outcomes_are_the_same()
    {
        var (tooRecent, revised) = (0, 0);
        Properties.Check(
            Properties.FromSeeds(random =>
                (Files: Enumerable.Range(0, random.Next(2, 6)).Select(i => File(random, i)).ToArray(),
                    Order: random.Next())),
            one =>
            {
                var shuffled = one.Made.Files.ToArray();
                new Random(one.Made.Order).Shuffle(shuffled);
                var (first, second) = (Received(one.Made.Files), Received(shuffled));
                var outcomes = Outcomes(first);
                tooRecent += outcomes.Count(claim => claim.Outcomes.Contains(TooRecent));
                revised += first.Claims.Concat(second.Claims).Count(claim => claim.OverpaidCentimes > 0);
                return outcomes.Select(Text).SequenceEqual(Outcomes(second).Select(Text));
            },
            count: 500);
        Assert.True(tooRecent > 100 && revised > 5, $"{tooRecent} too recent, {revised} overpaid");
    }

    /// <summary>
    /// Enough units of every act are approved; every claim that can be is paid, and leaves memory, before the next is
    /// received.
    /// </summary>
    private static RecordedStudent Received(DepositClaim[] files)
    {
        var student = new RecordedStudent();
        student.Given(IsAccepted("2017-10-05", year: 2017));
        student.Given(IsAccepted("2022-10-05", year: 2022));
        foreach (var (act, i) in Acts.Distinct().Select((act, i) => (act, (ulong)i)))
            student.Given(AsksApproval("2017-11-01", 500 + i, act, 1_000), ControlGrants("2017-11-02", 500 + i, 1_000));
        foreach (var file in files)
        {
            student.Given(file with { Known = Day("2024-06-01") });
            student.Given(Receives("2024-06-02", file.Claim));
            student.When(Orders("2024-06-03", file.Claim));
            student.When(Confirms("2024-06-04", file.Claim));
        }

        return student;
    }

    private static IEnumerable<(ulong Number, LineOutcome[] Outcomes)> Outcomes(RecordedStudent student) =>
        student.Claims.OrderBy(claim => claim.Number).Select(claim => (claim.Number, claim.Outcomes));

    private static string Text((ulong Number, LineOutcome[] Outcomes) claim) =>
        $"{claim.Number}: {string.Join(", ", claim.Outcomes)}";

    private static DepositClaim File(Random random, int i) => Deposits(
        "2024-06-01", (ulong)(10 * (i + 1)),
        [.. Enumerable.Range(0, random.Next(1, 3))
            .Select(_ => Bridge(Day("2018-01-01").AddMonths(random.Next(12)).AddYears(random.Next(2) * 5), 0) with
        {
            Act = Acts[random.Next(Acts.Length)],
            Prosthesis = new Prosthesis((byte)random.Next(1, 13), Places[random.Next(Places.Length)]),
        })]);

    private static ClaimLine Bridge(string care, uint teeth = Prosthesis.UpperJaw) => Bridge(Day(care), teeth);

    private static ClaimLine Bridge(DateOnly care, uint teeth) =>
        new(Act.LongBridge, CareSector.Private, care, 1, 200_000, 200_000, Prosthesis: new Prosthesis(3, teeth));
}
