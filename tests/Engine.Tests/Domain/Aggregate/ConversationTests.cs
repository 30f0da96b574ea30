using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Runtime;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Aggregate;

/// <summary>How a decision gets passivated claims, and what it does without them.</summary>
public sealed class ConversationTests
{
    private const ulong First = 70;
    private const ulong Second = 72;
    private static readonly LineOutcome Whole = new(Reason.None, 6_400);
    private static readonly LineOutcome Suspended = new(Reason.SuspendedForOtherCoverage, 0);

    private readonly FaultyLogic _logic = new(new AmoeLogic(Rulebook.Embedded));
    private readonly RecordedStudent _student;

    public ConversationTests()
    {
        _student = new RecordedStudent(logic: _logic);
        _student.Given(IsAccepted("2023-10-05"));
    }

    [Fact]
    public void A_command_to_a_passivated_claim_reads_it_and_restates_it_before_its_first_event()
    {
        Paid(First, Care("2023-11-10"));
        var decided = _student.When(ComesBack("2024-01-10", First));
        AssertNeeded([First]);
        Assert.Equal(
            [
                new ClaimRecalled(
                    First, ClaimWay.Reimbursement, FileItems.All, 9, Day("2024-01-02"), Day("2023-11-25"),
                    ClaimMarks.None, 0, 0, 6_400,
                    [new Payment(6_400, Day("2023-12-01"), PaymentMethod.BankTransfer, PaymentState.Confirmed)],
                    [Care("2023-11-10")], [Whole]),
                new PaymentReturned(First, 6_400, WasConfirmed: true, 1),
            ],
            decided.Events);
        Assert.Equal(ClaimStatus.PaymentReturned, _student.Student.FindOpen(First)!.Status);

        // In memory from then on, until it is closed again; its records are those from the restatement on.
        Assert.IsType<PaymentReissued>(Assert.Single(_student.When(Reissues("2024-01-12", First)).Events));
        Assert.Empty(_student.Needed);
        _student.Given(Confirms("2024-01-20", First) with { Attempt = 1 });
        Assert.Equal(9, Assert.Single(_student.Student.PassivatedClaims.ToList()).LastSequenceNr);
    }

    [Fact]
    public void A_command_that_a_passivated_claim_refuses_restates_nothing()
    {
        Paid(First, Care("2023-11-10"));
        var before = _student.Student.PassivatedClaims.Bytes.ToArray();
        Assert.Equal(
            [new CommandRefused(Reason.ClaimClosed)],
            _student.When(Completes("2024-01-10", First, FileItems.All)).Events);
        AssertNeeded([First]);
        Assert.Equal(before, _student.Student.PassivatedClaims.Bytes.ToArray());
    }

    [Fact]
    public void A_question_about_a_passivated_claim_reads_it_and_leaves_no_trace()
    {
        Paid(First, Care("2023-11-10"));
        Paid(Second, Care("2023-11-12"));
        var before = _student.State();
        var answer = Assert.IsType<ClaimAnswer>(
            _student.When(new AskClaim(Say.Student, First, Day("2024-01-10"))).Answer);
        AssertNeeded([First]);
        Assert.Equal((ClaimStatus.Paid, 6_400), (answer.Status, answer.SettledCentimes));
        Assert.Equal(before, _student.State());
        Assert.Equal(
            ClaimStatus.None,
            Assert.IsType<ClaimAnswer>(_student.When(new AskClaim(Say.Student, 99, Day("2024-01-10"))).Answer).Status);
        Assert.Empty(_student.Needed);
    }

    [Theory]
    [InlineData(9, 8_000, Reason.DuplicateLine)]
    [InlineData(9, 7_000, Reason.PossibleDuplicate)]
    public void X1_a_claim_is_compared_with_passivated_ones_of_its_provider_and_days(
        int provider, long paid, Reason reason)
    {
        Paid(First, Care("2023-11-10"));
        _student.Given(At(provider, Second, Care("2023-11-10", paid: paid)));
        var decided = _student.When(Receives("2024-01-25", Second));
        AssertNeeded([First]);
        Assert.Equal(
            reason,
            decided.Outcome == Outcome.ClaimHeld
                ? decided.Reason
                : _student.Claims.Single(claim => claim.Number == Second).Outcomes[0].Reason);
        Assert.Empty(decided.Events.OfType<ClaimRecalled>());
    }

    [Theory]
    [InlineData(10, "2023-11-10")]
    [InlineData(9, "2023-11-11")]
    [InlineData(0, "2023-11-10")]
    public void X1_a_passivated_claim_of_another_provider_or_day_is_not_even_read(int provider, string care)
    {
        Paid(First, Care("2023-11-10"));
        _student.Given(At(provider, Second, Care(care)));
        Assert.Equal(Outcome.ClaimPayable, _student.When(Receives("2024-01-25", Second)).Outcome);
        Assert.Empty(_student.Needed);
    }

    [Fact]
    public void B6_a_prosthesis_is_looked_for_in_passivated_claims_that_have_one()
    {
        _student.Given(
            AsksApproval("2023-11-01", 5, Act.PartialDenture), ControlGrants("2023-11-02", 5, 1),
            AsksApproval("2023-11-01", 6, Act.PartialDenture), ControlGrants("2023-11-02", 6, 1));
        Paid(First, Care("2023-11-10", Act.PartialDenture, 100_000, 100_000));
        Paid(71, Care("2023-11-11"));
        _student.Given(At(0, Second, Care("2023-12-12", Act.PartialDenture, 100_000, 100_000)));
        var decided = _student.When(Receives("2024-01-25", Second));
        AssertNeeded([First]);
        Assert.Equal(
            [new LineOutcome(Reason.ProsthesisTooRecent, 0)],
            Assert.Single(decided.Events.OfType<ClaimAdjudicated>()).Outcomes);
        Assert.Empty(decided.Events.OfType<ApprovalUsed>());
    }

    [Fact]
    public void B6_an_earlier_prosthesis_reads_later_ones_of_passivated_claims_and_restates_those_that_are_too_recent()
    {
        Paid(First, Bridge("2023-11-10", Prosthesis.UpperJaw));
        Paid(71, Care("2023-11-11"));
        Paid(74, Bridge("2023-11-12", Prosthesis.LowerJaw));
        Paid(
            75,
            Bridge("2023-10-10", Prosthesis.UpperJaw) with
            {
                Act = Act.PartialDenture,
                Prosthesis = new Prosthesis(5, Prosthesis.UpperJaw)
            });
        _student.Given(At(0, Second, Bridge("2023-10-12", Prosthesis.UpperJaw)));
        var decided = _student.When(Receives("2024-01-25", Second));
        AssertNeeded([75], [First, 74]);
        Assert.Equal(Outcome.ClaimPayable, decided.Outcome);
        Assert.Equal(
            [new LineOutcome(Reason.ProsthesisTooRecent, 0)],
            Assert.Single(decided.Events.OfType<ClaimRevised>(), e => e.Claim == First).Outcomes);
        Assert.Equal(First, Assert.Single(decided.Events.OfType<ClaimRecalled>()).Claim);
    }

    [Fact]
    public void B10_a_decision_reads_no_claim_while_none_is_short_of_units()
    {
        Paid(First, Care("2023-11-10"));
        _student.Given(AsksApproval("2023-12-10", 5));
        Assert.Equal(
            [new ApprovalDecided(5, 10, Day("2023-12-10"), null)],
            _student.When(ControlGrants("2023-12-10", 5, 10)).Events);
        Assert.Empty(_student.Needed);
    }

    [Fact]
    public void B10_a_decision_learnt_late_reads_claims_that_are_short_of_units_and_no_other()
    {
        _student.Given(AsksApproval("2023-11-01", 4), ControlGrants("2023-11-02", 4, 10));
        Paid(First, Sessions("2023-11-10", 10));
        Paid(71, Care("2023-11-10"));
        Refused(Second, Sessions("2023-11-10"));
        _student.Given(AsksApproval("2023-11-08", 5) with { Known = Day("2023-12-10") });
        var decided = _student.When(ControlGrants("2023-11-09", 5, 10, known: "2023-12-11"));
        AssertNeeded([Second]);
        Assert.Equal([new ApprovalDecided(5, 10, Day("2023-11-09"), null)], decided.Events.OfType<ApprovalDecided>());
        Assert.Equal([new ApprovalUsed(5, Second, 2)], decided.Events.OfType<ApprovalUsed>());
        Assert.Equal(
            [(Second, nameof(ClaimRecalled)), (Second, nameof(ClaimRevised))],
            decided.Events.OfType<ClaimEvent>().Select(e => (e.Claim, e.GetType().Name)));
        Assert.Equal([new RevisedClaim(Second, Revision.Payable)], Assert.IsType<ClaimsRevised>(decided.Answer).Claims);
    }

    [Theory]
    [InlineData("2023-11-09", false)]
    [InlineData("2023-11-10", true)]
    public void B10_a_decision_reads_no_claim_of_care_before_every_approval_of_the_act(string care, bool isRead)
    {
        Refused(First, Sessions(care));
        _student.Given(AsksApproval("2023-11-08", 5) with { Known = Day("2023-12-10") });
        var decided = _student.When(ControlGrants("2023-11-10", 5, 10, known: "2023-12-11"));
        AssertNeeded(isRead ? [[First]] : []);
        Assert.Equal(isRead, decided.Events.OfType<ClaimRevised>().Any());
    }

    [Fact]
    public void B10_a_decision_taken_back_reads_the_claims_that_had_its_units_and_no_other()
    {
        _student.Given(
            AsksApproval("2023-11-01", 4), ControlGrants("2023-11-02", 4, 10),
            AsksApproval("2023-11-01", 5, Act.Orthodontics), ControlGrants("2023-11-02", 5, 10));
        Paid(First, Sessions("2023-11-10", 2));
        Paid(71, Care("2023-11-10", Act.Orthodontics, 10_000, 10_000));
        Paid(Second, Sessions("2023-11-11", 2));
        var decided = _student.When(TakesBackApproval("2023-11-02", "2023-12-20", request: 4));
        AssertNeeded([First, Second]);
        Assert.Equal(
            [
                new ApprovalDecisionTakenBack(4, Day("2023-11-02")), new ApprovalUnitsRevised(4, First, 0),
                new ApprovalUnitsRevised(4, Second, 0)
            ],
            decided.Events.OfType<StudentEvent>());
        Assert.Equal(
            [new RevisedClaim(First, Revision.Overpaid), new RevisedClaim(Second, Revision.Overpaid)],
            Assert.IsType<ClaimsRevised>(decided.Answer).Claims);
    }

    [Fact]
    public void S5_a_late_fact_reads_all_claims_it_may_concern_at_once_and_restates_those_that_it_changes()
    {
        Paid(First, Care("2023-11-10"));
        Paid(71, Care("2023-10-10"), Care("2023-12-31"));
        Paid(Second, Care("2023-11-12"));
        Paid(73, Care("2023-10-11"));
        var decided = _student.When(HasOtherCoverage("2023-11-01", "2024-02-01"));
        AssertNeeded([First, 71, Second]);
        AssertClaims(
            decided, (First, [Whole], [Suspended]), (71, [Whole, Whole], [Whole, Suspended]),
            (Second, [Whole], [Suspended]));

        // Of a time in which none of the lines of 71 lies, though its first and last days do not exclude it.
        decided = _student.When(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", "2024-02-10"));
        Assert.Empty(_student.Needed);
        Assert.Empty(decided.Events.OfType<ClaimRecalled>());
        Assert.Equal(
            [First, 71ul, Second, 73], _student.Student.PassivatedClaims.ToList().Select(claim => claim.Number));
        decided = _student.When(LosesOtherCoverage("2023-11-30", "2024-02-20"));
        decided = _student.When(HasOtherCoverage("2023-11-01", "2024-02-21"));
        AssertNeeded([First, 71, Second]);
        AssertClaims(decided, (First, [Whole], [Suspended]), (Second, [Whole], [Suspended]));
        Assert.Equal([71ul, 73], _student.Student.PassivatedClaims.ToList().Select(claim => claim.Number));
    }

    [Fact]
    public void A_repeated_command_has_its_first_answer_with_the_claims_it_revised_once_its_record_was_read()
    {
        Paid(First, Care("2023-11-10"));
        var command = HasOtherCoverage("2023-11-01", "2024-02-01");
        var first = _student.When(command);
        Assert.Equal([new RevisedClaim(First, Revision.Overpaid)], Assert.IsType<ClaimsRevised>(first.Answer).Claims);

        _student.Given(TakesBack(CommandKind.ReportOtherCoverage, "2023-11-01", "2024-02-10"));
        var again = _student.When(command);
        Assert.Equal([Need.Of(command.Id)], Assert.Single(_student.Needed));
        Assert.Equal(
            (ConversationEnd.Repeated, first.Outcome, first.Reason, first.AnswerText),
            (again.End, again.Outcome, again.Reason, again.AnswerText));
        Assert.Empty(again.Events);
    }

    [Fact]
    public void B6_a_repeated_command_to_a_claim_names_the_other_claims_that_it_revised()
    {
        var upper = Care("2023-12-10", Act.LongBridge, 200_000, 200_000) with
        {
            Prosthesis = new Prosthesis(3, Prosthesis.UpperJaw)
        };
        Paid(First, upper);
        _student.Given(Deposits("2024-02-01", Second, upper with { CareDate = Day("2023-11-10") }));
        var first = _student.When(Receives("2024-02-02", Second));
        Assert.Equal(Outcome.ClaimPayable, first.Outcome);
        Assert.Equal([new RevisedClaim(First, Revision.Overpaid)], Assert.IsType<ClaimsRevised>(first.Answer).Claims);

        var again = _student.When(Receives("2024-02-02", Second));
        Assert.Equal([Need.Of(Receives("2024-02-02", Second).Id)], Assert.Single(_student.Needed));
        Assert.Equal(
            (ConversationEnd.Repeated, first.Outcome, first.AnswerText), (again.End, again.Outcome, again.AnswerText));
    }

    [Fact]
    public void A_repeated_command_to_a_claim_needs_nothing()
    {
        Paid(First, Care("2023-11-10"));
        var again = _student.When(Receives("2023-11-25", First));
        Assert.Equal((ConversationEnd.Repeated, Outcome.ClaimPayable, null), (again.End, again.Outcome, again.Answer));
        Assert.Empty(_student.Needed);
    }

    [Fact]
    public void Other_content_under_the_same_id_is_a_conflict_and_needs_nothing()
    {
        Paid(First, Care("2023-11-10"));
        var command = HasOtherCoverage("2023-11-01", "2024-02-01");
        _student.Given(command);
        var again = _student.When(command with { Effective = Day("2023-11-02") });
        Assert.Equal(
            (ConversationEnd.Repeated, Outcome.Conflict, Reason.None, null),
            (again.End, again.Outcome, again.Reason, again.Answer));
        Assert.Empty(_student.Needed);
    }

    [Fact]
    public void An_exception_while_something_has_to_be_read_counts_as_the_need_and_otherwise_surfaces()
    {
        Paid(First, Care("2023-11-10"));
        _student.Given(At(9, Second, Care("2023-11-10")));
        _logic.PoisonedReference = Second;
        Assert.Equal(ConversationEnd.NeedsRecords, _student.Attempt(Receives("2024-01-25", Second)));
        Assert.Throws<InvalidOperationException>(() => _student.When(Receives("2024-01-25", Second)));
        AssertNeeded([First]);
    }

    [Fact]
    public void Once_a_logic_is_mended_what_was_taken_back_is_decided()
    {
        Paid(First, Care("2023-11-10"));
        _student.Given(At(9, Second, Care("2023-11-10")));
        _logic.PoisonedReference = Second;
        Assert.Equal(ConversationEnd.NeedsRecords, _student.Attempt(Receives("2024-01-25", Second)));
        _logic.PoisonedReference = null;
        Assert.Equal(Outcome.ClaimNothingPayable, _student.When(Receives("2024-01-25", Second)).Outcome);
    }

    private static ClaimLine Bridge(string care, uint teeth) =>
        Care(care, Act.LongBridge, 100_000, 100_000) with { Prosthesis = new Prosthesis(3, teeth) };

    private static ClaimLine Sessions(string care, int count = 2) =>
        Care(care, Act.Physiotherapy, 5_000L * count, quantity: count);

    private static DepositClaim At(int provider, ulong sheet, params ClaimLine[] lines) =>
        Deposits("2024-01-05", sheet, lines) with { Provider = provider };

    private static void AssertClaims(
        Decided decided, params (ulong Claim, LineOutcome[] Former, LineOutcome[] Now)[] revised)
    {
        var expected = revised.SelectMany(claim =>
            new[]
            {
                (claim.Claim, nameof(ClaimRecalled)),
                (claim.Claim, nameof(ClaimRevised)),
                (claim.Claim, nameof(OverpaymentRaised))
            });
        Assert.Equal(expected, decided.Events.OfType<ClaimEvent>().Select(e => (e.Claim, e.GetType().Name)));
        foreach (var (e, claim) in decided.Events.OfType<ClaimRevised>().Zip(revised))
        {
            Assert.Equal(claim.Former, e.Former);
            Assert.Equal(claim.Now, e.Outcomes);
        }
    }

    private void AssertNeeded(params ulong[][] attempts) =>
        Assert.Equal(
            attempts, _student.Needed.Select(needs => needs.Select(need => need.Claim!.Value.Number).ToArray()));

    private void Refused(ulong sheet, params ClaimLine[] lines) =>
        _student.Given(Deposits("2023-11-20", sheet, lines) with { Provider = 10 }, Receives("2023-11-25", sheet));

    private void Paid(ulong sheet, params ClaimLine[] lines)
    {
        _student.Given(Deposits("2023-11-20", sheet, lines) with { Effective = Day("2024-01-02"), Provider = 9 });
        _student.Given(Receives("2023-11-25", sheet), Orders("2023-12-01", sheet), Confirms("2023-12-05", sheet));
    }
}
