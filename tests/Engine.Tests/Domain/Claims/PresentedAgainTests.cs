using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>A line refused for a formal cause may be presented again, and nothing is paid twice (X1).</summary>
public sealed class PresentedAgainTests
{
    private const ulong First = 70;
    private const ulong Second = 90;
    private static readonly LineOutcome Duplicate = new(Reason.DuplicateLine, 0);

    [Fact]
    public void X1_a_listed_medicine_refused_to_the_student_is_presented_by_the_pharmacy_and_paid_once()
    {
        var medicine = Care("2023-11-10", Act.ListedCostlyMedicine, 400_000, 400_000);
        var story = Insured()
            .Given(Deposits("2023-11-20", First, medicine) with { Provider = 900 }, Receives("2023-11-21", First))
            .Given(ProviderDeposits("2023-11-22", Second, medicine), Receives("2023-11-23", Second));
        Assert.Equal([new(Reason.ThirdPartyOnly, 0)], story.Claims[First].Outcomes);
        Assert.Equal([new(Reason.None, 400_000)], story.Claims[Second].Outcomes);
        story.Given(ProviderDeposits("2023-11-24", 91, medicine), Receives("2023-11-25", 91));
        Assert.Equal([Duplicate], story.Claims[91].Outcomes);
    }

    [Fact]
    public void X1_a_line_refused_for_another_cause_may_not_be_presented_again()
    {
        var story = Insured().Given(HasOtherCoverage("2023-11-01", "2023-11-02"))
            .Given(
                At9("2023-11-20", First, Care("2023-11-10")), Receives("2023-11-21", First),
                At9("2023-11-22", Second, Care("2023-11-10")), Receives("2023-11-23", Second));
        Assert.Equal(
            (Reason.SuspendedForOtherCoverage, 1u),
            (story.Claims[Second].Outcomes[0].Reason, story.Claims[Second].SameLines));

        // Known to be covered after all, the first one is paid, and compared with none that repeats it.
        story.When(LosesOtherCoverage("2023-11-05", "2024-01-10"));
        Assert.Equal([new(Reason.None, 6_400)], story.Claims[First].Outcomes);
        Assert.Equal([Duplicate], story.Claims[Second].Outcomes);
    }

    [Fact]
    public void X1_B10_a_readjudicated_line_is_compared_again_and_not_paid_beside_what_was_presented_since()
    {
        var story = PresentedSince();
        story.Given(
            AsksApproval("2023-11-01", 6) with { Known = Day("2023-12-01") },
            ControlGrants("2023-11-02", 6, 9) with { Known = Day("2023-12-01") })
            .When(Reopens("2023-12-02", First));
        Assert.Equal([Duplicate], story.Claims[First].Outcomes);
        Assert.DoesNotContain(story.Events, e => e is ApprovalUsed);
    }

    [Fact]
    public void X1_S2_refused_meanwhile_for_want_of_entitlement_it_is_compared_all_the_same()
    {
        var story = PresentedSince().Given(HasOtherCoverage("2023-11-01", "2023-12-01"));
        Assert.All(
            story.Claims.Values, claim => Assert.Equal(Reason.SuspendedForOtherCoverage, claim.Outcomes[0].Reason));
        story.Given(
            AsksApproval("2023-11-01", 6) with { Known = Day("2023-12-05") },
            ControlGrants("2023-11-02", 6, 9) with { Known = Day("2023-12-05") })
            .Given(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", "2023-12-10"));

        // Neither was paid meanwhile: the first one is adjudicated on its merits, and the second repeats it.
        Assert.Equal([new(Reason.None, 4_000)], story.Claims[First].Outcomes);
        Assert.Equal(1, story.Claims.Values.Count(claim => claim.PayableCentimes > 0));
    }

    [Fact]
    public void X1_B10_an_equal_line_below_one_without_approval_has_none_either_and_is_no_duplicate()
    {
        var sessions = Care("2023-11-10", Act.Physiotherapy, 5_000);
        var story = Insured().Given(At9("2023-11-20", First, sessions, sessions), Receives("2023-11-21", First));
        Assert.Equal([new(Reason.ApprovalMissing, 0), new(Reason.ApprovalMissing, 0)], story.Claims[First].Outcomes);
        story.Given(
            AsksApproval("2023-11-01", 6) with { Known = Day("2023-12-01") },
            ControlGrants("2023-11-02", 6, 9) with { Known = Day("2023-12-01") })
            .When(Reopens("2023-12-02", First));
        Assert.Equal([new(Reason.None, 4_000), Duplicate], story.Claims[First].Outcomes);
    }

    private static Story Insured() => new Story().Given(IsAccepted("2023-10-05"));

    private static DepositClaim At9(string day, ulong sheet, params ClaimLine[] lines) =>
        Deposits(day, sheet, lines) with { Provider = 9 };

    /// <summary>A session without approval, then the same under one: what the first lacked is learnt later.</summary>
    private static Story PresentedSince()
    {
        var session = Care("2023-11-10", Act.Physiotherapy, 5_000);
        var story = Insured().Given(At9("2023-11-20", First, session), Receives("2023-11-21", First));
        story.Student.Apply(
            [
                new ApprovalRequested(5, Act.Physiotherapy, 1, Day("2023-11-01")),
                new ApprovalDecided(5, 1, Day("2023-11-02"), Day("2024-01-30"))
            ]);
        story.Given(At9("2023-11-22", Second, session), Receives("2023-11-23", Second));
        Assert.Equal([new(Reason.ApprovalMissing, 0)], story.Claims[First].Outcomes);
        Assert.Equal([new(Reason.None, 4_000)], story.Claims[Second].Outcomes);
        return story;
    }
}
