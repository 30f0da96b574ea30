using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Claims;

/// <summary>Care claimed before (X1, B6), a physician's review (X4), and appeals (X5).</summary>
public sealed class HoldTests
{
    private const ulong First = 70;
    private const ulong Second = 72;
    private static readonly LineOutcome Whole = new(Reason.None, 6_400);
    private static readonly LineOutcome Duplicate = new(Reason.DuplicateLine, 0);

    // The sample draws none of this student's sheets used here; the drawn one is searched for.
    private static readonly ulong Drawn = Enumerable.Range(1_000, 10_000)
        .Select(sheet => (ulong)sheet)
        .First(sheet => ReviewSample.IsDrawn(Say.Student, sheet, 200));

    private static Story Insured(Rulebook? rules = null) => new Story(rules).Given(IsAccepted("2023-10-05"));

    private static DepositClaim At(int provider, ulong sheet, params ClaimLine[] lines) =>
        Deposits("2023-11-20", sheet, lines) with { Provider = provider };

    private static Story Received(Story story, DepositClaim deposit) =>
        story.Given(deposit).When(Receives("2023-11-25", deposit.Claim));

    private static Story Twice(ClaimLine again, int provider = 9) =>
        Received(Received(Insured(), At(9, First, Care("2023-11-10"))), At(provider, Second, again));

    [Fact]
    public void X1_the_same_provider_day_act_and_amount_is_a_duplicate() => Twice(Care("2023-11-10")).Then(
            new ClaimReceived(Second, Day("2023-11-25")), new DuplicatesFound(Second, 1, 0),
            new ClaimAdjudicated(Second, [Duplicate]))
        .ThenOutcome(Outcome.ClaimNothingPayable);

    [Fact]
    public void X1_another_day_act_or_provider_or_none_is_none()
    {
        Twice(Care("2023-11-11")).ThenOutcome(Outcome.ClaimPayable);
        Twice(Care("2023-11-10", Act.Specialist)).ThenOutcome(Outcome.ClaimPayable);
        Twice(Care("2023-11-10"), provider: 10).ThenOutcome(Outcome.ClaimPayable);
        Twice(Care("2023-11-10"), provider: 0).ThenOutcome(Outcome.ClaimPayable);
    }

    [Fact]
    public void X1_lines_of_one_claim_are_compared_too_and_refused_ones_count()
    {
        Assert.Equal(
            [Whole, Duplicate],
            Received(Insured(), At(9, First, Care("2023-11-10"), Care("2023-11-10"))).Claims[First].Outcomes);
        var story = Received(
            Received(Insured(), At(9, First, Care("2023-11-10", Act.Veneer))),
            At(9, Second, Care("2023-11-10", Act.Veneer)));
        Assert.Equal(Reason.ActNotCovered, story.Claims[Second].Outcomes[0].Reason);
        Assert.Equal(1u, story.Claims[Second].SameLines);
    }

    [Fact]
    public void X1_what_is_switched_off_is_not_looked_for()
    {
        var off = Rulebook.Load(
            Rulebook.EmbeddedText.Replace("        value: true\n", "        value: false\n", StringComparison.Ordinal),
            "mine.yaml");
        Received(Received(Insured(off), At(9, First, Care("2023-11-10"))), At(9, Second, Care("2023-11-10")))
            .ThenOutcome(Outcome.ClaimPayable);
    }

    [Fact]
    public void X1_all_but_the_amount_is_held_until_it_is_decided()
    {
        var story = Twice(Care("2023-11-10", paid: 7_000)).Then(
            new ClaimReceived(Second, Day("2023-11-25")), new DuplicatesFound(Second, 0, 1),
            new ClaimAdjudicated(Second, [new(Reason.None, 5_600)]), new ClaimHeld(Second, true));
        story.ThenOutcome(Outcome.ClaimHeld, Reason.PossibleDuplicate)
            .When(Orders("2023-11-26", Second)).ThenRefused(Reason.ClaimNotComplete)
            .When(Reviews("2023-11-26", Second)).ThenRefused(Reason.ClaimNotHeld)
            .When(Reopens("2023-11-26", Second)).ThenRefused(Reason.NothingToReopen)
            .When(Appeals("2023-11-26", Second)).ThenRefused(Reason.ClaimNotComplete)
            .When(Resolves("2023-11-27", Second, isDuplicate: false))
            .Then(new ClaimReleased(Second, true))
            .ThenOutcome(Outcome.ClaimPayable)
            .When(Resolves("2023-11-28", Second, isDuplicate: true) with { Attempt = 1 })
            .ThenRefused(Reason.ClaimNotHeld);
    }

    [Fact]
    public void X1_what_is_decided_to_be_a_duplicate_stays_one()
    {
        var story = Twice(Care("2023-11-10", paid: 7_000)).When(Resolves("2023-11-27", Second, isDuplicate: true)).Then(
            new ClaimReleased(Second, false),
            new ClaimRevised(Second, RevisionCause.Duplicate, 0, [new(Reason.None, 5_600)], [Duplicate]));
        story.ThenOutcome(Outcome.ClaimNothingPayable)
            .When(Reopens("2023-11-28", Second))
            .Then(new ClaimReopened(Second))
            .ThenOutcome(Outcome.ClaimNothingPayable)
            .Given(Appeals("2023-11-29", Second))
            .When(DecidesAppeal("2023-11-30", Second, granted: true))
            .ThenOutcome(Outcome.ClaimNothingPayable);
    }

    [Fact]
    public void X4_a_claim_drawn_is_reviewed_once()
    {
        var story = Received(Insured(), At(9, Drawn, Care("2023-11-10")))
            .ThenOutcome(Outcome.ClaimHeld, Reason.PhysicianReview);
        story.When(Resolves("2023-11-26", Drawn, isDuplicate: true)).ThenRefused(Reason.ClaimNotHeld)
            .When(Reviews("2023-11-27", Drawn)).Then(new ClaimReleased(Drawn, true)).ThenOutcome(Outcome.ClaimPayable)
            .When(Reopens("2023-11-28", Drawn)).ThenOutcome(Outcome.ClaimPayable);
    }

    [Fact]
    public void X4_a_claim_drawn_that_pays_nothing_is_not_reviewed() =>
        Received(Insured(), At(9, Drawn, Care("2023-11-10", Act.Veneer))).ThenOutcome(Outcome.ClaimNothingPayable);

    [Fact]
    public void X4_every_claim_over_the_amount_is_reviewed_and_the_amount_is_what_was_paid_or_billed()
    {
        Received(Insured(), At(9, First, Care("2023-11-10", Act.Radiology, 500_000, 100)))
            .ThenOutcome(Outcome.ClaimPayable);
        Received(
            Insured(),
            At(9, First, Care("2023-11-10", Act.Radiology, 300_000, 100), Care("2023-11-10", Act.Biology, 200_001)))
            .ThenOutcome(Outcome.ClaimHeld, Reason.PhysicianReview);
    }

    [Fact]
    public void X1_X4_a_review_comes_after_the_question_of_the_duplicate()
    {
        var story = Received(
            Received(Insured(), At(9, First, Care("2023-11-10"))), At(9, Drawn, Care("2023-11-10", paid: 7_000)));
        story.ThenOutcome(Outcome.ClaimHeld, Reason.PossibleDuplicate)
            .When(Resolves("2023-11-27", Drawn, isDuplicate: false))
            .Then(new ClaimReleased(Drawn, true), new ClaimHeld(Drawn, false))
            .ThenOutcome(Outcome.ClaimHeld, Reason.PhysicianReview);
    }

    [Fact]
    public void X4_X5_what_a_physician_refuses_only_an_appeal_can_give_back()
    {
        var story = Received(Insured(), At(9, Drawn, Care("2023-11-10"), Care("2023-11-11", Act.Veneer)));
        story.When(Reviews("2023-11-27", Drawn, granted: false)).ThenOutcome(Outcome.ClaimNothingPayable);
        LineOutcome[] refused = [new(Reason.MedicalControlRefused, 0), new(Reason.ActNotCovered, 0)];
        Assert.Equal(refused, story.Claims[Drawn].Outcomes);
        story.When(Reopens("2023-11-28", Drawn)).ThenOutcome(Outcome.ClaimNothingPayable)
            .Given(Exempts("2023-11-01", "2023-12-31"));
        Assert.Equal(refused, story.Claims[Drawn].Outcomes);
        story.When(DecidesAppeal("2023-11-29", Drawn, granted: true)).ThenRefused(Reason.NotAppealed)
            .When(Appeals("2023-11-29", Drawn)).Then(new ClaimAppealed(Drawn))
            .When(Appeals("2023-11-29", Drawn, 1)).ThenRefused(Reason.AlreadyAppealed)
            .When(DecidesAppeal("2023-11-30", Drawn, granted: true) with { Attempt = 1 })
            .ThenOutcome(Outcome.ClaimPayable);
        Assert.Equal([new(Reason.None, 8_000), new(Reason.ActNotCovered, 0)], story.Claims[Drawn].Outcomes);
        story.When(Appeals("2023-12-01", Drawn, 2)).ThenRefused(Reason.AlreadyAppealed);
    }

    [Fact]
    public void X5_an_appeal_that_is_dismissed_changes_nothing() =>
        Received(Insured(), At(9, First, Care("2023-11-10"), Care("2023-10-01")))
            .Given(Appeals("2023-11-29", First))
            .When(DecidesAppeal("2023-11-30", First, granted: false))
            .Then(new AppealDecided(First, false))
            .ThenOutcome(Outcome.ClaimPayable)
            .When(Orders("2023-12-01", First)).Then(
                new PaymentOrdered(First, 6_400, Day("2023-12-01"), PaymentMethod.BankTransfer, 1));

    [Fact]
    public void X5_there_is_nothing_to_appeal_where_everything_was_paid_or_nothing_is_decided()
    {
        var story = Insured().Given(At(9, First, Care("2023-11-10")));
        story.When(Appeals("2023-11-21", First)).ThenRefused(Reason.ClaimNotComplete)
            .Given(Receives("2023-11-25", First))
            .When(Appeals("2023-11-26", First, 1))
            .ThenRefused(Reason.NothingToAppeal);
    }

    [Theory]
    [InlineData("2025-01-20", Reason.ProsthesisTooRecent)]
    [InlineData("2028-11-09", Reason.ProsthesisTooRecent)]
    [InlineData("2028-11-10", Reason.None)]
    public void B6_a_partial_denture_is_paid_for_again_after_five_years(string care, Reason reason)
    {
        var denture = Care("2023-11-10", Act.PartialDenture, 100_000, 100_000);
        var story = Insured()
            .Given(AsksApproval("2023-11-01", 5, Act.PartialDenture), ControlGrants("2023-11-02", 5, 1))
            .Given(At(0, First, denture), Receives("2023-11-25", First))
            .Given(Day(care).Year == 2028 ? IsAccepted("2028-09-10", year: 2028) : [])
            .Given(AsksApproval(care, 6, Act.PartialDenture), ControlGrants(care, 6, 1))
            .Given(Deposits(care, Second, denture with { CareDate = Day(care) }), Receives(care, Second));
        Assert.Equal(reason, story.Claims[Second].Outcomes[0].Reason);
        Assert.Equal(reason == Reason.None, story.Events.OfType<ApprovalUsed>().Any());
    }

    [Theory]
    [InlineData(Act.LongBridge, Reason.ProsthesisTooRecent)]
    [InlineData(Act.BridgeRenewal, Reason.ProsthesisTooRecent)]
    [InlineData(Act.PartialDenture, Reason.None)]
    public void B6_a_bridge_is_renewed_five_years_after_a_bridge(Act earlier, Reason reason)
    {
        var story = Insured()
            .Given(
                AsksApproval("2023-11-01", 5, earlier), ControlGrants("2023-11-02", 5, 1),
                AsksApproval("2023-11-01", 6, Act.BridgeRenewal), ControlGrants("2023-11-02", 6, 1))
            .Given(At(0, First, Care("2023-11-10", earlier, 100_000, 100_000)), Receives("2023-11-25", First))
            .Given(
                At(0, Second, Care("2023-11-12", Act.BridgeRenewal, 100_000, 100_000)), Receives("2023-11-25", Second));
        Assert.Equal(reason, story.Claims[Second].Outcomes[0].Reason);
    }

    [Fact]
    public void B11_where_a_journal_of_the_first_version_has_a_line_without_its_base_nothing_can_be_paid()
    {
        var story = Insured();
        story.Student.Apply(
            [new ClaimDeposited(
                First, ClaimWay.Reimbursement, OnouscDesk, 0, FileItems.All, Day("2023-11-20"),
                [Care("2023-11-10", Act.Radiology, 50_000)])]);
        story.When(Receives("2023-11-25", First));
        Assert.Equal([new(Reason.ReferenceMissing, 0)], story.Claims[First].Outcomes);
    }

    [Fact]
    public void K2_a_claim_that_pays_a_provider_names_him() =>
        Insured()
            .When(
                ProviderDeposits("2023-11-20", First, Care("2023-11-10", Act.Dialysis, 85_000, 85_000)) with
                {
                    Provider = 0
                })
            .ThenRefused(Reason.Malformed);
}
