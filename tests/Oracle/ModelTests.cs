using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Engine.Vocabulary;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Lives;
using Amoe.Oracle.Model;
using Xunit.Abstractions;
using static Amoe.Oracle.Lives.Story;

namespace Amoe.Oracle;

/// <summary>The model alone, in stories of one student that were worked by hand from the rules.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const Category Private = Category.PrivateHigherEducation;
    private static readonly OracleReply Done = OracleReply.Done;
    private static readonly DateOnly YearEnds = D(2026, 7, 31);
    private static readonly uint UpperFour = Prosthesis.Tooth(11)
        | Prosthesis.Tooth(12)
        | Prosthesis.Tooth(13)
        | Prosthesis.Tooth(14);
    private static readonly uint LowerFour = Prosthesis.Tooth(31)
        | Prosthesis.Tooth(32)
        | Prosthesis.Tooth(33)
        | Prosthesis.Tooth(34);

    // The contribution.

    [Fact]
    public void A_contribution_owed_suspends_from_the_day_after_it_was_due_to_the_day_before_it_is_received()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, Private));
        story.Pay(D(2025, 10, 2));
        Assert.Equal(Done, story.Receive(D(2025, 11, 20)));

        // 1 October and 30 days.
        Assert.Equal(
            [(Reason.SuspendedForContribution, D(2025, 11, 1), D(2025, 11, 19))], story.Gaps(D(2025, 10, 1), YearEnds));
        Assert.Equal(0, story.Held);
    }

    [Fact]
    public void What_is_missing_stays_owed_and_receipts_of_a_year_add_up()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, Private));
        Assert.Equal(new OracleReply(Outcome.Done, Reason.ContributionWrongAmount), story.Receive(D(2025, 10, 5), 150));
        Assert.Equal(150, story.Held);
        Assert.Equal(Done, story.Receive(D(2025, 12, 1), 250));
        Assert.Equal(0, story.Held);
        Assert.Equal(
            [(Reason.SuspendedForContribution, D(2025, 11, 1), D(2025, 11, 30))], story.Gaps(D(2025, 10, 1), YearEnds));
    }

    [Fact]
    public void Money_that_arrives_twice_is_held()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, Private));
        story.Pay(D(2025, 10, 2));
        story.Receive(D(2025, 10, 10));
        Assert.Equal(new OracleReply(Outcome.Done, Reason.ContributionAlreadyPaid), story.Pay(D(2025, 10, 20)));
        Assert.Equal(new OracleReply(Outcome.Done, Reason.ContributionAlreadyReceived), story.Receive(D(2025, 10, 30)));
        Assert.Equal(400, story.Held);
        Assert.Equal(Done, story.Correct(CommandKind.ReceiveContribution, D(2025, 10, 30)));

        // Paid twice and received once: the larger of the two is what counts.
        Assert.Equal(400, story.Held);
    }

    [Fact]
    public void Money_that_nothing_asks_for_is_held_with_the_reason()
    {
        var story = new Story();
        story.Declare(D(2025, 10, 1), At(1), coverage: CoverageKind.Cnss);
        Assert.Equal(new OracleReply(Outcome.Done, Reason.ContributionWithoutRight), story.Pay(D(2025, 10, 2)));
        Assert.Equal(new OracleReply(Outcome.Done, Reason.ContributionTooEarly), story.Pay(D(2025, 10, 2), year: 2026));
        story.Declare(D(2025, 10, 3), At(1));
        Assert.Equal(new OracleReply(Outcome.Done, Reason.ContributionNotDue), story.Receive(D(2025, 10, 4)));
        Assert.Equal(800, story.Held);
    }

    [Fact]
    public void The_amount_is_that_of_the_first_day_of_the_year_it_is_for()
    {
        var story = new Story(new Scheme { Contribution = new Dated<decimal>(400).Then(D(2025, 10, 1), 500) });
        story.Register(D(2025, 11, 1), At(1, Private));
        Assert.Equal(Done, story.Receive(D(2025, 11, 10)));
        story.Register(D(2026, 9, 15), At(1, Private), 2026);
        Assert.Equal(
            new OracleReply(Outcome.Done, Reason.ContributionWrongAmount), story.Receive(D(2026, 9, 20), 400, 2026));
    }

    [Fact]
    public void What_a_year_owed_is_owed_whatever_the_student_is_later()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, Private));
        story.Register(D(2026, 9, 15), At(2), 2026);

        // Public now: the year of the private enrolment still owes, and the new one nothing.
        Assert.Equal(Done, story.Receive(D(2026, 9, 20)));
        Assert.Equal(
            new OracleReply(Outcome.Done, Reason.ContributionNotDue), story.Receive(D(2026, 9, 20), 400, 2026));
        Assert.Equal(400, story.Held);
        Assert.Equal(Reason.SuspendedForContribution, story.On(D(2026, 7, 31)));
    }

    [Fact]
    public void A_second_institution_of_the_year_makes_the_contribution_due_and_breaks_no_right()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1));
        Assert.Equal(OracleReply.Refused(Reason.AlreadyDeclared), story.Declare(D(2026, 1, 10), At(1, Private)));
        Assert.Equal(Done, story.Declare(D(2026, 1, 10), At(2, Private)));

        // 10 January and 30 days.
        Assert.Equal(
            [(Reason.SuspendedForContribution, D(2026, 2, 10), YearEnds)], story.Gaps(D(2025, 10, 1), YearEnds));
        Assert.Equal(Done, story.Receive(D(2026, 2, 1)));
        Assert.Empty(story.Gaps(D(2025, 10, 1), YearEnds));

        // A third one asks for nothing more.
        story.Declare(D(2026, 3, 1), At(3, Private));
        Assert.Empty(story.Gaps(D(2025, 10, 1), YearEnds));
    }

    [Fact]
    public void Files_go_to_a_desk_of_any_enrolment_of_the_year()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, Category.Ofppt));
        Assert.Equal(
            OracleReply.Refused(Reason.WrongClaimDesk), story.DepositAt(DeskNetwork.Onousc, 1, D(2025, 12, 1)));
        story.Declare(D(2026, 1, 10), At(2, Private));
        Assert.Equal(Done, story.DepositAt(DeskNetwork.Onousc, 2, D(2026, 1, 20)));
        Assert.Equal(Done, story.DepositAt(DeskNetwork.Ofppt, 3, D(2026, 1, 20)));
        story.Declare(D(2026, 9, 10), At(2, Private), 2026);
        Assert.Equal(OracleReply.Refused(Reason.WrongClaimDesk), story.DepositAt(DeskNetwork.Ofppt, 4, D(2026, 9, 20)));
    }

    [Fact]
    public void The_receipt_of_another_institution_is_shown_once()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, Private));
        Assert.Equal(OracleReply.Refused(Reason.NoPaymentElsewhere), story.ShowReceipt(D(2025, 10, 3), 2));
        story.Pay(D(2025, 10, 4));
        Assert.Equal(OracleReply.Refused(Reason.NoPaymentElsewhere), story.ShowReceipt(D(2025, 10, 5), 1));
        Assert.Equal(Done, story.ShowReceipt(D(2025, 10, 5), 2));
        Assert.Equal(OracleReply.Refused(Reason.ContributionAlreadyPaid), story.ShowReceipt(D(2025, 10, 6), 3));
    }

    // Other coverage.

    [Fact]
    public void The_end_of_one_coverage_leaves_the_other()
    {
        var story = new Story().Open();
        story.Covered(D(2025, 11, 1), CoverageKind.Cnss, CoverageHolder.Father);
        story.Covered(D(2025, 12, 1), CoverageKind.Cnss, CoverageHolder.Mother);
        Assert.Equal(OracleReply.Refused(Reason.CoverageNotNamed), story.CoverageEnds(D(2025, 12, 31)));
        Assert.Equal(Done, story.CoverageEnds(D(2025, 12, 31), CoverageKind.Cnss, CoverageHolder.Father));
        Assert.Equal([(Reason.SuspendedForOtherCoverage, D(2025, 11, 1), YearEnds)], story.Gaps(Opens, YearEnds));
        story.CoverageEnds(D(2026, 2, 28), CoverageKind.Cnss, CoverageHolder.Mother);
        Assert.Equal([(Reason.SuspendedForOtherCoverage, D(2025, 11, 1), D(2026, 2, 28))], story.Gaps(Opens, YearEnds));
    }

    [Fact]
    public void An_end_that_ANAM_does_not_confirm_changes_nothing()
    {
        var story = new Story().Open();
        story.Covered(D(2025, 11, 1), CoverageKind.Cnss);
        Assert.Equal(Done, story.CoverageEnds(D(2025, 11, 30), CoverageKind.Cnss, byAnam: false));
        Assert.Equal(Reason.SuspendedForOtherCoverage, story.On(D(2025, 12, 1)));
        story.CoverageEnds(D(2025, 11, 30), CoverageKind.Cnss);
        Assert.Equal(Reason.None, story.On(D(2025, 12, 1)));

        // The one learnt last is taken back first: ANAM's; then the student's; then there is none.
        Assert.Equal(Done, story.Correct(CommandKind.EndOtherCoverage, D(2025, 11, 30)));
        Assert.Equal(Reason.SuspendedForOtherCoverage, story.On(D(2025, 12, 1)));
        Assert.Equal(Done, story.Correct(CommandKind.EndOtherCoverage, D(2025, 11, 30)));
        Assert.Equal(
            OracleReply.Refused(Reason.FactUnknown), story.Correct(CommandKind.EndOtherCoverage, D(2025, 11, 30)));
    }

    [Fact]
    public void An_acceptance_infers_ends_and_the_later_word_of_ANAM_holds_over_them()
    {
        var story = new Story();
        story.Declare(D(2025, 10, 1), At(1));
        story.Covered(D(2025, 9, 15), CoverageKind.Cnss, CoverageHolder.Father);
        story.Answer(D(2025, 10, 20));
        Assert.Equal(Reason.None, story.On(D(2025, 10, 20)));

        // The student's word does not.
        story.Covered(D(2025, 9, 10), CoverageKind.Cnss, CoverageHolder.Father, byAnam: false);
        Assert.Equal(Reason.None, story.On(D(2025, 10, 20)));
        story.CoverageEnds(D(2025, 12, 31), CoverageKind.Cnss, CoverageHolder.Father);
        Assert.Equal(
            [(Reason.SuspendedForOtherCoverage, D(2025, 10, 20), D(2025, 12, 31))],
            story.Gaps(D(2025, 10, 20), YearEnds));

        // Taken back, what was inferred counts again.
        story.Correct(CommandKind.EndOtherCoverage, D(2025, 12, 31));
        Assert.Equal(Reason.None, story.On(D(2025, 10, 20)));
        story.Covered(D(2025, 10, 19), CoverageKind.Cnss, CoverageHolder.Father);
        Assert.Equal(Reason.SuspendedForOtherCoverage, story.On(D(2025, 10, 20)));
    }

    [Fact]
    public void An_inferred_end_is_taken_back_as_an_end_of_the_day_before()
    {
        var story = new Story();
        story.Declare(D(2025, 10, 1), At(1));
        story.Covered(D(2025, 9, 15), CoverageKind.Cnss, CoverageHolder.Mother);
        story.Covered(D(2025, 9, 15), CoverageKind.Cnops, CoverageHolder.Father);
        story.Answer(D(2025, 10, 20));
        Assert.Equal(
            OracleReply.Refused(Reason.FactUnknown),
            story.Correct(CommandKind.EndOtherCoverage, D(2025, 10, 19), CoverageKind.Cnss, CoverageHolder.Father));
        Assert.Equal(
            Done,
            story.Correct(CommandKind.EndOtherCoverage, D(2025, 10, 19), CoverageKind.Cnops, CoverageHolder.Father));
        Assert.Equal(Reason.SuspendedForOtherCoverage, story.On(D(2025, 10, 20)));
    }

    [Fact]
    public void Of_two_facts_of_a_date_the_later_one_taken_back_lets_the_earlier_one_hold()
    {
        var story = new Story().Open();
        story.Covered(D(2025, 11, 1), CoverageKind.Cnss);
        story.CoverageEnds(D(2025, 10, 31), CoverageKind.Cnss);
        Assert.Equal(Reason.None, story.On(D(2025, 11, 1)));
        Assert.Equal(Done, story.Correct(CommandKind.EndOtherCoverage, D(2025, 10, 31)));
        Assert.Equal(Reason.SuspendedForOtherCoverage, story.On(D(2025, 11, 1)));
    }

    // Interruptions.

    [Fact]
    public void An_excused_spell_pauses_the_clock()
    {
        var story = new Story().Open();
        story.Interrupt(D(2025, 9, 10), InterruptionReason.Work);
        story.ChangeReason(D(2026, 2, 1), InterruptionReason.Illness);
        story.ChangeReason(D(2026, 2, 11), InterruptionReason.Travel);
        story.Resume(D(2026, 4, 1));

        // 10 March, and ten days more.
        Assert.Equal([(Reason.SuspendedForInterruption, D(2026, 3, 20), D(2026, 3, 31))], story.Gaps(Opens, YearEnds));
    }

    [Fact]
    public void Or_resets_it_where_the_rulebook_says_so()
    {
        var story = new Story(new Scheme { ExcusedSpellPauses = new Dated<bool>(false) }).Open();
        story.Interrupt(D(2025, 9, 10), InterruptionReason.Work);
        story.ChangeReason(D(2026, 1, 1), InterruptionReason.Illness);
        story.ChangeReason(D(2026, 1, 2), InterruptionReason.Travel);
        Assert.Equal([(Reason.SuspendedForInterruption, D(2026, 7, 2), YearEnds)], story.Gaps(Opens, YearEnds));
    }

    [Fact]
    public void After_six_months_an_excused_spell_ends_with_the_suspension()
    {
        var story = new Story().Open();
        story.Interrupt(D(2025, 9, 10), InterruptionReason.Work);
        story.ChangeReason(D(2026, 3, 20), InterruptionReason.Pregnancy);
        story.ChangeReason(D(2026, 5, 1), InterruptionReason.Work);
        Assert.Equal(
            [
                (Reason.SuspendedForInterruption, D(2026, 3, 10), D(2026, 3, 19)),
                (Reason.SuspendedForInterruption, D(2026, 5, 1), YearEnds)
            ], story.Gaps(Opens, YearEnds));
    }

    [Fact]
    public void A_reason_of_the_day_the_interruption_begins_can_be_taken_back()
    {
        var story = new Story().Open();
        story.Interrupt(D(2025, 9, 10), InterruptionReason.Work);
        story.ChangeReason(D(2025, 9, 10), InterruptionReason.Illness);
        Assert.Empty(story.Gaps(Opens, YearEnds));
        Assert.Equal(Done, story.Correct(CommandKind.ChangeInterruptionReason, D(2025, 9, 10)));
        Assert.Equal([(Reason.SuspendedForInterruption, D(2026, 3, 10), YearEnds)], story.Gaps(Opens, YearEnds));
    }

    // Exemptions.

    [Fact]
    public void Of_two_decisions_on_an_illness_from_a_day_the_one_learnt_last_holds()
    {
        var story = new Story().Open();
        story.File(1, D(2025, 12, 1), Consultation(D(2025, 11, 20)));
        story.Exempt(D(2025, 11, 1), D(2026, 1, 31));
        Assert.Equal((Reason.None, 80), story.Lines(1)[0]);
        story.Exempt(D(2025, 11, 1), D(2026, 1, 31), illness: 2, granted: false);
        Assert.Equal((Reason.None, 80), story.Lines(1)[0]);
        story.Exempt(D(2025, 11, 1), D(2026, 1, 31), granted: false);
        Assert.Equal((Reason.None, 64), story.Lines(1)[0]);
        story.Correct(CommandKind.DecideExemption, D(2025, 11, 1));
        Assert.Equal((Reason.None, 80), story.Lines(1)[0]);

        // Of 100 paid the patient bears what is not reimbursed.
        Assert.Equal(20, story.Claim(1).PatientShare);
    }

    // Approvals.

    [Fact]
    public void Units_of_approvals_add_up_and_the_oldest_is_taken_first()
    {
        var story = new Story().Open();
        story.Ask(1, Act.Physiotherapy, 4);
        story.Ask(2, Act.Physiotherapy, 4);
        story.Approve(1, D(2025, 11, 1), 4);
        story.Approve(2, D(2025, 10, 1), 4);
        story.File(1, D(2025, 12, 1), Sessions(D(2025, 11, 20), 6, 300));

        // Four of the second request, whose approval is older, two of the first: 300 x 80 %.
        Assert.Equal((Reason.None, 240), story.Lines(1)[0]);
        story.File(2, D(2025, 12, 2), Sessions(D(2025, 11, 21), 4, 200));

        // Two are left: half of 200 x 80 %.
        Assert.Equal((Reason.ApprovalCoversLess, 80), story.Lines(2)[0]);
        story.File(3, D(2025, 12, 3), Sessions(D(2025, 11, 22), 1, 50));
        Assert.Equal((Reason.ApprovalExhausted, 0), story.Lines(3)[0]);
    }

    [Fact]
    public void An_approval_has_no_validity_unless_one_is_set()
    {
        foreach (var (days, reason) in ((int, Reason)[])[(0, Reason.None), (30, Reason.ApprovalLapsed)])
        {
            var story = new Story(new Scheme { ApprovalDays = new Dated<int>(days) }).Open();
            story.Ask(1, Act.Physiotherapy, 4);
            story.Approve(1, D(2025, 10, 1), 4);
            story.File(1, D(2026, 3, 1), Sessions(D(2026, 2, 20), 4, 200));
            Assert.Equal(reason, story.Lines(1)[0].Reason);
        }
    }

    [Fact]
    public void A_decision_learnt_late_readjudicates_and_may_be_replaced_and_taken_back()
    {
        var story = new Story().Open();
        story.File(1, D(2025, 12, 1), Sessions(D(2025, 11, 20), 4, 200));
        Assert.Equal((Reason.ApprovalMissing, 0), story.Lines(1)[0]);
        story.Ask(1, Act.Physiotherapy, 4);
        story.Approve(1, D(2025, 11, 1), 4);
        Assert.Equal((Reason.None, 160), story.Lines(1)[0]);
        Assert.Equal(OracleReply.Refused(Reason.ApprovalAlreadyDecided), story.Approve(1, D(2025, 11, 2), 3));
        Assert.Equal(Done, story.Approve(1, D(2025, 11, 1), 3));
        Assert.Equal((Reason.ApprovalCoversLess, 120), story.Lines(1)[0]);
        Assert.Equal(Done, story.Correct(CommandKind.DecideApproval, D(2025, 11, 1), request: 1));
        Assert.Equal((Reason.None, 160), story.Lines(1)[0]);
        Assert.Equal(Done, story.Correct(CommandKind.DecideApproval, D(2025, 11, 1)));
        Assert.Equal((Reason.ApprovalMissing, 0), story.Lines(1)[0]);
        Assert.Equal(
            OracleReply.Refused(Reason.FactUnknown), story.Correct(CommandKind.DecideApproval, D(2025, 11, 1)));
        Assert.Equal(Done, story.Approve(1, D(2025, 11, 15), 4));
        Assert.Equal((Reason.None, 160), story.Lines(1)[0]);
    }

    [Fact]
    public void Where_an_approval_has_fewer_units_than_were_taken_the_smallest_numbers_keep_theirs()
    {
        var story = new Story().Open();
        story.Ask(1, Act.Physiotherapy, 8);
        story.Approve(1, D(2025, 10, 1), 8);
        story.File(9, D(2025, 12, 1), Sessions(D(2025, 11, 20), 4, 200));
        story.File(3, D(2025, 12, 2), Sessions(D(2025, 11, 21), 4, 200));
        story.Approve(1, D(2025, 10, 1), 5);
        Assert.Equal((Reason.None, 160), story.Lines(3)[0]);
        Assert.Equal((Reason.ApprovalCoversLess, 40), story.Lines(9)[0]);
    }

    // Prostheses.

    [Fact]
    public void Approval_depends_on_the_elements_not_on_the_name()
    {
        var story = new Story().Open();
        story.File(
            1, D(2025, 12, 1), Tooth(Act.LongBridge, D(2025, 11, 1), 3, UpperFour),
            Tooth(Act.LongBridge, D(2025, 11, 1), 4, LowerFour, 1_500),
            Tooth(Act.PartialDenture, D(2025, 11, 1), 4, UpperFour));
        story.File(
            2, D(2025, 12, 1), Tooth(Act.PartialDenture, D(2025, 11, 1), 11, LowerFour, 1_200),
            Tooth(Act.BridgeRenewal, D(2025, 11, 1), 2, LowerFour));
        Assert.Equal([(Reason.None, 800), (Reason.ApprovalMissing, 0), (Reason.None, 800)], story.Lines(1));
        Assert.Equal([(Reason.ApprovalMissing, 0), (Reason.ApprovalMissing, 0)], story.Lines(2));
    }

    [Fact]
    public void Five_years_are_counted_between_days_of_care_whichever_file_came_first()
    {
        var story = new Story().Open();
        story.File(1, D(2026, 3, 1), Tooth(Act.LongBridge, D(2026, 2, 1), 3, UpperFour));
        story.File(2, D(2026, 3, 2), Tooth(Act.LongBridge, D(2026, 2, 1), 3, LowerFour, 900));
        Assert.Equal(800, story.Lines(1)[0].Dirhams);

        // Before the entitlement period, and so not paid. It counts as a prosthesis in place all the same.
        story.File(
            3, D(2026, 3, 3), Tooth(Act.LongBridge, D(2025, 8, 20), 2, Prosthesis.Tooth(14) | Prosthesis.Tooth(15)));
        Assert.Equal((Reason.CareBeforeRight, 0), story.Lines(3)[0]);
        Assert.Equal((Reason.ProsthesisTooRecent, 0), story.Lines(1)[0]);
        Assert.Equal((Reason.None, 720), story.Lines(2)[0]);
        story.File(4, D(2026, 3, 4), Tooth(Act.PartialDenture, D(2026, 2, 20), 5, UpperFour));
        Assert.Equal((Reason.None, 800), story.Lines(4)[0]);
    }

    [Fact]
    public void Five_years_have_passed_on_the_same_day()
    {
        var story = new Story().Open();
        story.File(1, D(2026, 3, 1), Tooth(Act.LongBridge, D(2021, 2, 1), 3, UpperFour));
        story.File(2, D(2026, 3, 1), Tooth(Act.LongBridge, D(2026, 2, 1), 3, UpperFour));
        Assert.Equal(Reason.None, story.Lines(2)[0].Reason);
        story.File(3, D(2026, 3, 1), Tooth(Act.LongBridge, D(2021, 2, 2), 3, UpperFour));
        Assert.Equal(Reason.ProsthesisTooRecent, story.Lines(2)[0].Reason);
    }

    [Fact]
    public void A_prosthesis_that_was_claimed_before_counts_no_longer()
    {
        var story = new Story().Open();
        story.File(1, D(2026, 3, 1), Tooth(Act.LongBridge, D(2026, 1, 10), 3, UpperFour));
        story.File(2, D(2026, 3, 1), Tooth(Act.LongBridge, D(2026, 2, 1), 3, LowerFour));
        Assert.Equal((Reason.None, 800), story.Lines(2)[0]);

        // Of the day, act and provider of the first, but for the amount and, says the file, the place.
        story.File(
            3, D(2026, 3, 2), Tooth(Act.LongBridge, D(2026, 1, 10), 3, LowerFour, 1_100),
            Tooth(Act.LongBridge, D(2026, 2, 15), 3, LowerFour, 500));
        Assert.Equal(Hold.PossibleDuplicate, story.Claim(3).Hold);
        Assert.Equal((Reason.ProsthesisTooRecent, 0), story.Lines(2)[0]);
        Assert.Equal((Reason.ProsthesisTooRecent, 0), story.Lines(3)[1]);
        Assert.Equal(new OracleReply(Outcome.ClaimNothingPayable), story.Resolve(3, D(2026, 3, 3), isDuplicate: true));

        // The one of February makes that of two weeks later too recent still.
        Assert.Equal((Reason.None, 800), story.Lines(2)[0]);
        Assert.Equal([(Reason.DuplicateLine, 0), (Reason.ProsthesisTooRecent, 0)], story.Lines(3));
        Assert.Equal(1, story.Sums.ProsthesesFreed);
    }

    // Payments.

    [Fact]
    public void Any_payment_can_come_back_and_the_message_names_which()
    {
        var story = new Story().Open();
        story.Covered(D(2025, 11, 10), CoverageKind.Cnss);
        story.File(1, D(2025, 12, 1), Consultation(D(2025, 11, 5)), Consultation(D(2025, 11, 15)));
        story.Order(1, D(2025, 12, 2));
        Assert.Equal(OracleReply.Refused(Reason.PaymentUnknown), story.Confirm(1, D(2025, 12, 3), 2));
        Assert.Equal(Done, story.Confirm(1, D(2025, 12, 3), 1));
        story.Correct(CommandKind.ReportOtherCoverage, D(2025, 11, 10));
        story.Order(1, D(2025, 12, 5));
        Assert.Equal(OracleReply.Refused(Reason.PaymentNotNamed), story.ComesBack(1, D(2025, 12, 6)));
        Assert.Equal(OracleReply.Refused(Reason.PaymentUnknown), story.ComesBack(1, D(2025, 12, 6), 3));
        Assert.Equal(Done, story.ComesBack(1, D(2025, 12, 6), 1));
        Assert.Equal(OracleReply.Refused(Reason.PaymentAlreadyOrdered), story.Reissue(1, D(2025, 12, 7)));
        Assert.Equal(Done, story.Confirm(1, D(2025, 12, 8), 2));
        Assert.Equal(Done, story.Reissue(1, D(2025, 12, 9)));
        Assert.Equal([64, 64, 64], story.Claim(1).Payments.Select(payment => payment.Dirhams));
        Assert.Equal(64, story.Claim(1).InTransit);
        Assert.Equal(OracleReply.Refused(Reason.PaymentUnknown), story.ComesBack(1, D(2025, 12, 10), 1));
    }

    [Fact]
    public void An_order_is_paid_to_the_account_declared_at_that_time()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, account: false));
        story.File(1, D(2025, 12, 1), Consultation(D(2025, 11, 5)));
        story.Order(1, D(2025, 12, 2));
        story.ComesBack(1, D(2025, 12, 20));
        story.Declare(D(2026, 1, 5), At(2));
        story.Reissue(1, D(2026, 1, 6));
        Assert.Equal(
            [PaymentMethod.PostalOrder, PaymentMethod.BankTransfer],
            story.Claim(1).Payments.Select(payment => payment.Method));
    }

    // Two payees.

    [Fact]
    public void An_exemption_granted_late_repays_the_student_and_not_the_provider()
    {
        var story = new Story();
        story.Register(D(2025, 10, 1), At(1, account: false));
        story.Bill(1, D(2025, 12, 1), Childbirth(D(2025, 11, 5)));
        story.Order(1, D(2025, 12, 2));
        story.Confirm(1, D(2025, 12, 3));
        Assert.Equal(OracleReply.Refused(Reason.PaymentAlreadyOrdered), story.Order(1, D(2025, 12, 4)));
        story.Exempt(D(2025, 11, 1), D(2026, 7, 31));
        Assert.Equal((0, 100), story.Due(1));
        Assert.Equal(Done, story.Order(1, D(2025, 12, 5)));

        // 90 % of 1,000, as it was; the tenth that the student bore is his, and he has no account.
        Assert.Equal([(PaidTo.Provider, 900), (PaidTo.Student, 100)], story.Payments(1));
        Assert.Equal(PaymentMethod.PostalOrder, story.Claim(1).Payments[1].Method);
        story.Confirm(1, D(2025, 12, 6), 2);
        Assert.True(story.Claim(1).IsClosed);
        Assert.Equal((900, 100), (story.Sums.ToProviders, story.Sums.ToStudents));
        Assert.Equal(0, story.Claim(1).PatientShare);
    }

    [Fact]
    public void Until_the_provider_is_paid_the_refund_waits()
    {
        var story = new Story().Open();
        story.Bill(1, D(2025, 12, 1), Childbirth(D(2025, 11, 5)));
        story.Exempt(D(2025, 11, 1), D(2026, 7, 31));
        Assert.Equal((900, 100), story.Due(1));
        story.Order(1, D(2025, 12, 2));
        Assert.Equal(OracleReply.Refused(Reason.PaymentAlreadyOrdered), story.Order(1, D(2025, 12, 3)));
        story.Confirm(1, D(2025, 12, 4));
        story.Order(1, D(2025, 12, 5));
        story.ComesBack(1, D(2025, 12, 6), 2);
        Assert.Equal(OracleReply.Refused(Reason.PaymentAlreadyOrdered), story.Order(1, D(2025, 12, 7)));
        story.Reissue(1, D(2025, 12, 8));
        Assert.Equal([(PaidTo.Provider, 900), (PaidTo.Student, 100), (PaidTo.Student, 100)], story.Payments(1));
    }

    [Fact]
    public void Of_a_bill_that_was_adjudicated_with_the_exemption_on_record_all_is_the_providers()
    {
        var story = new Story().Open();
        story.Exempt(D(2025, 11, 1), D(2026, 7, 31));
        story.Bill(1, D(2025, 12, 1), Childbirth(D(2025, 11, 5)));
        Assert.Equal((1_000, 0), story.Due(1));
        story.Order(1, D(2025, 12, 2));
        story.Confirm(1, D(2025, 12, 3));
        story.Correct(CommandKind.DecideExemption, D(2025, 11, 1));
        Assert.Equal((-100, 0), story.Due(1));
        story.Exempt(D(2025, 11, 1), D(2026, 7, 31));
        Assert.Equal((0, 0), story.Due(1));
    }

    [Fact]
    public void What_one_payee_is_due_makes_nothing_good_of_what_the_other_owes()
    {
        var story = new Story().Open();
        story.Bill(1, D(2025, 12, 1), Childbirth(D(2025, 11, 5)), Childbirth(D(2025, 11, 15), 2_000));
        story.Order(1, D(2025, 12, 2));
        story.Confirm(1, D(2025, 12, 3));
        story.Covered(D(2025, 11, 4), CoverageKind.Cnss);
        story.CoverageEnds(D(2025, 11, 6), CoverageKind.Cnss);
        Assert.Equal((-900, 0), story.Due(1));
        story.Exempt(D(2025, 11, 10), D(2026, 7, 31));
        Assert.Equal((-900, 200), story.Due(1));
        Assert.Equal(900, story.Claim(1).Overpaid);
        story.Order(1, D(2025, 12, 10));
        story.Confirm(1, D(2025, 12, 11));
        Assert.Equal((PaidTo.Student, 200), story.Payments(1)[1]);
        Assert.False(story.Claim(1).IsClosed);

        // The exemption falls away: now both owe, and the provider pays first where no payee is named.
        story.Correct(CommandKind.DecideExemption, D(2025, 11, 10));
        Assert.Equal((-900, -200), story.Due(1));
        Assert.Equal(OracleReply.Refused(Reason.RecoveryTooHigh), story.Recover(1, D(2025, 12, 12), 901));
        Assert.Equal(
            OracleReply.Refused(Reason.RecoveryTooHigh), story.Recover(1, D(2025, 12, 12), 201, Payee.Student));
        story.Recover(1, D(2025, 12, 12), 900);
        Assert.Equal(
            OracleReply.Refused(Reason.NothingToRecover), story.Recover(1, D(2025, 12, 12), 1, Payee.Provider));
        Assert.Equal((0, -200), story.Due(1));
        Assert.Equal(OracleReply.Refused(Reason.RecoveryTooHigh), story.Recover(1, D(2025, 12, 13), 201));
        story.Recover(1, D(2025, 12, 13), 50);

        // The rest is set off against the student's next reimbursement.
        story.File(2, D(2025, 12, 14), Consultation(D(2025, 11, 20)), Childbirth(D(2025, 11, 20), 100));
        story.Order(2, D(2025, 12, 15));
        Assert.Equal((0, 0), story.Due(1));
        Assert.Equal([(PaidTo.Student, 4)], story.Payments(2));
        Assert.Equal(OracleReply.Refused(Reason.NothingToRecover), story.Recover(1, D(2025, 12, 16), 1));
    }

    [Fact]
    public void A_refund_settles_what_the_student_owes_elsewhere_and_a_providers_payment_does_not()
    {
        var story = new Story().Open();
        story.File(1, D(2025, 11, 20), Consultation(D(2025, 11, 5)));
        story.Order(1, D(2025, 11, 21));
        story.Confirm(1, D(2025, 11, 22));
        story.Covered(D(2025, 11, 4), CoverageKind.Cnss);
        story.CoverageEnds(D(2025, 11, 6), CoverageKind.Cnss);
        Assert.Equal(64, story.Claim(1).Overpaid);
        story.Bill(2, D(2025, 12, 1), Childbirth(D(2025, 11, 15)));
        story.Order(2, D(2025, 12, 2));
        story.Confirm(2, D(2025, 12, 3));
        Assert.Equal(64, story.Claim(1).Overpaid);
        story.Exempt(D(2025, 11, 10), D(2026, 7, 31));
        story.Order(2, D(2025, 12, 5));
        Assert.Equal(0, story.Claim(1).Overpaid);
        Assert.Equal([(PaidTo.Provider, 900), (PaidTo.Student, 36)], story.Payments(2));
    }

    [Fact]
    public void A_part_that_an_approval_covers_is_divided_as_it_was_paid()
    {
        var story = new Story().Open();
        story.Ask(1, Act.HospitalStay, 3);
        story.Approve(1, D(2025, 11, 1), 2);
        var stay = new ClaimLine(
            Act.HospitalStay, CareSector.Private, D(2025, 11, 5), 3, 100_000, 100_000, Circumstances.ContractedClinic);
        story.Bill(1, D(2025, 12, 1), stay);

        // 1,000 x 90 % x 2/3, then 1,000 x 2/3: each rounded once, the refund is what remains.
        Assert.Equal((600, 0), story.Due(1));
        story.Exempt(D(2025, 11, 1), D(2026, 7, 31));
        Assert.Equal((600, 66.67m), story.Due(1));
        Assert.Equal((Reason.ApprovalCoversLess, 666.67m), story.Lines(1)[0]);
    }

    // Presented again, and what a file lacks.

    [Fact]
    public void A_line_refused_for_a_formal_cause_may_be_presented_again()
    {
        var story = new Story().Open();
        story.File(1, D(2025, 12, 1), Sessions(D(2025, 11, 20), 4, 200), Sessions(D(2025, 11, 20), 4, 200));
        Assert.Equal([(Reason.ApprovalMissing, 0), (Reason.ApprovalMissing, 0)], story.Lines(1));
        story.Ask(1, Act.Physiotherapy, 4);
        story.File(2, D(2025, 12, 10), Sessions(D(2025, 11, 20), 4, 200));
        Assert.Equal(Reason.ApprovalMissing, story.Lines(2)[0].Reason);
        story.Approve(1, D(2025, 11, 1), 4);

        // Readjudicated in the order of the numbers: one is paid, the others are the same care.
        Assert.Equal([(Reason.None, 160), (Reason.DuplicateLine, 0)], story.Lines(1));
        Assert.Equal((Reason.DuplicateLine, 0), story.Lines(2)[0]);
    }

    [Fact]
    public void What_was_presented_again_and_paid_is_not_paid_once_more()
    {
        var story = new Story().Open();
        story.File(1, D(2025, 12, 1), Sessions(D(2025, 11, 20), 4, 200));
        story.Ask(1, Act.Physiotherapy, 4);
        story.Ask(2, Act.Physiotherapy, 4);
        story.Covered(D(2025, 11, 15), CoverageKind.Cnss);
        Assert.Equal(Reason.SuspendedForOtherCoverage, story.Lines(1)[0].Reason);
        story.Correct(CommandKind.ReportOtherCoverage, D(2025, 11, 15));
        Assert.Equal(Reason.ApprovalMissing, story.Lines(1)[0].Reason);
        story.Deposit(2, D(2025, 12, 10), Sessions(D(2025, 11, 20), 4, 200));
        story.Approve(1, D(2025, 11, 25), 4);
        story.Judge(2, D(2025, 12, 11));
        Assert.Equal(Reason.ApprovalMissing, story.Lines(2)[0].Reason);
        story.Covered(D(2025, 11, 15), CoverageKind.Cnss);
        story.Approve(2, D(2025, 11, 1), 4);
        story.Correct(CommandKind.ReportOtherCoverage, D(2025, 11, 15));

        // Neither is paid when they are readjudicated: the one with the smaller number comes first.
        Assert.Equal([(Reason.None, 160)], story.Lines(1));
        Assert.Equal([(Reason.DuplicateLine, 0)], story.Lines(2));
    }

    [Fact]
    public void A_price_that_is_missing_returns_the_file()
    {
        var story = new Story().Open();
        var medicine = new ClaimLine(Act.OrdinaryMedicine, CareSector.Private, D(2025, 11, 20), 1, 10_000, 0);
        var bridge = Tooth(Act.LongBridge, D(2025, 11, 20), 3, 0);
        Assert.Equal(
            new OracleReply(Outcome.ClaimReturned, Reason.MissingItems),
            story.Deposit(1, D(2025, 12, 1), medicine, bridge, Consultation(D(2025, 11, 20))));
        Assert.Equal(FileItems.LinePrice | FileItems.ProsthesisDescription, story.Claim(1).Missing);
        var brought = medicine with { ReferenceCentimes = 9_000, GenericCentimes = 5_000 };
        var described = bridge with { Prosthesis = new Prosthesis(3, UpperFour) };
        var consultation = Consultation(D(2025, 11, 20));
        Assert.Equal(
            OracleReply.Refused(Reason.CompletionChangesLines), story.Complete(1, D(2025, 12, 5), brought, described));
        Assert.Equal(
            OracleReply.Refused(Reason.CompletionChangesLines),
            story.Complete(1, D(2025, 12, 5), brought with { PaidCentimes = 1 }, described, consultation));
        Assert.Equal(
            OracleReply.Refused(Reason.CompletionChangesLines),
            story.Complete(1, D(2025, 12, 5), brought, described, consultation with { ReferenceCentimes = 5 }));
        Assert.Equal(
            new OracleReply(Outcome.ClaimReturned, Reason.MissingItems),
            story.Complete(1, D(2025, 12, 5), brought, bridge, consultation));
        Assert.Equal(FileItems.ProsthesisDescription, story.Claim(1).Missing);
        Assert.Equal(
            OracleReply.Refused(Reason.CompletionChangesLines),
            story.Complete(1, D(2025, 12, 6), medicine with { ReferenceCentimes = 9_500 }, described, consultation));
        Assert.Equal(Done, story.Complete(1, D(2025, 12, 7), brought, described, consultation));
        story.Judge(1, D(2025, 12, 8));

        // 70 % of the generic's 50; the rest of the 100 that were paid is the patient's.
        Assert.Equal((Reason.None, 35), story.Lines(1)[0]);
        Assert.Equal(65, story.Claim(1).Lines[0].PatientShare);
        Assert.Equal(OracleReply.Refused(Reason.ClaimNotReturned), story.Complete(1, D(2025, 12, 9)));
    }

    // The lives that the engine is compared in.

    [Fact]
    public void Whatever_the_rules_speak_of_occurs_in_rich_lives()
    {
        var model = new SchemeModel(new Scheme());
        foreach (var command in new RichLives(new Dice(1)).Of(400))
            model.Take(command);
        var situations = Situations.Of([model]);
        output.WriteLine(string.Join('\n', situations.Select(situation => $"{situation.Name}: {situation.Times}")));
        Assert.DoesNotContain(situations, situation => situation.Times == 0);
        Assert.All(model.People.SelectMany(person => person.Claims.Values), claim =>
        {
            Assert.InRange(claim.PatientShare, 0, claim.Billed);
            Assert.All(claim.Lines, line => Assert.InRange(line.UnitsTaken, 0, line.Act.Quantity));
        });
        Assert.All(
            model.People.SelectMany(person => person.Approvals),
            approval => Assert.True(approval.Granted >= TakenOf(model, approval)));
        Assert.All(
            model.People,
            person =>
                Assert.InRange(
                    Contributions.Held(person, model.Scheme), 0,
                    person.Accounts.Values.Sum(account => account.Paid + account.Received)));
    }

    private static int TakenOf(SchemeModel model, Model.Approval approval) =>
        model.People.SelectMany(person => person.Claims.Values)
            .SelectMany(claim => claim.Lines)
            .Sum(line => line.Units.GetValueOrDefault(approval));
}
