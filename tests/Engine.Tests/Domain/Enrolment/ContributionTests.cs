using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Enrolment;

/// <summary>The contribution and what its absence suspends (C1-C5, S1, T3).</summary>
public sealed class ContributionTests
{
    // Accepted on 5 October: due by 4 November.
    private static Story PrivateStudent() => new Story().Given(IsAccepted("2023-10-05", Private()));

    [Fact]
    public void C1_the_State_pays_for_public_students_who_owe_nothing() => new Story()
        .Given(IsAccepted("2023-10-05"))
        .When(Pays("2023-10-06")).ThenOutcome(Outcome.Done, Reason.ContributionNotDue)
        .Then(
            new ContributionPaid(40_000, 11, 2023, Day("2023-10-06")),
            new ContributionHeld(40_000, 2023, Reason.ContributionNotDue))
        .When(FundReceives("2023-10-07")).ThenOutcome(Outcome.Done, Reason.ContributionNotDue)
        .Then(new ContributionReceived(40_000, Day("2023-10-07"), 2023))
        .Until("2024-07-31").ThenFell();

    [Theory]
    [InlineData(Category.PrivateHigherEducation, false, true)]
    [InlineData(Category.PrivatePreparatory, false, true)]
    [InlineData(Category.PrivateTraditional, false, true)]
    [InlineData(Category.PrivateVocational, false, true)]
    [InlineData(Category.PublicUniversity, false, false)]
    [InlineData(Category.PublicUniversity, true, true)]
    [InlineData(Category.Ofppt, false, false)]
    [InlineData(Category.Ofppt, true, true)]
    [InlineData(Category.MinistryVocational, false, false)]
    [InlineData(Category.MinistryVocational, true, true)]
    public void C2_private_students_and_paid_tracks_owe_400_MAD_thirty_days_after_acceptance(
        Category category, bool paidTrack, bool owes)
    {
        var story = new Story().Given(
            IsAccepted("2023-10-05", Public() with { Category = category, PaidTrack = paidTrack }));
        Assert.Equal(owes ? Day("2023-11-04") : null, story.Student.Insurance?.Contribution?.Due);
        story.When(Pays("2023-10-06", 40_000));
        story.ThenOutcome(Outcome.Done, owes ? Reason.None : Reason.ContributionNotDue);
        Assert.Equal(
            (owes ? 40_000 : 0, owes ? 0 : 40_000),
            (story.Insurance.Contribution!.OwedCentimes, story.Insurance.HeldCentimes));
    }

    [Theory]
    [InlineData(39_999, 39_999)]
    [InlineData(40_001, 1)]
    public void C5_another_amount_is_held_or_what_it_exceeds_the_contribution_by(long centimes, long held) =>
        PrivateStudent()
            .When(Pays("2023-10-06", centimes)).ThenOutcome(Outcome.Done, Reason.ContributionWrongAmount)
            .Then(
                new ContributionPaid(centimes, 11, 2023, Day("2023-10-06")),
                new ContributionHeld(held, 2023, Reason.ContributionWrongAmount))
            .When(FundReceives("2023-10-07", centimes: centimes)).ThenOutcome(Outcome.Done, Reason.ContributionWrongAmount)
            .Then(new ContributionReceived(centimes, Day("2023-10-07"), 2023));

    [Fact]
    public void C5_S1_what_is_missing_stays_owed_and_receipts_add_up_in_the_order_of_their_dates()
    {
        var story = PrivateStudent()
            .When(FundReceives("2023-12-20", centimes: 30_000))
            .ThenOutcome(Outcome.Done, Reason.ContributionWrongAmount)
            .Then(
                new ContributionReceived(30_000, Day("2023-12-20"), 2023),
                new ContributionHeld(30_000, 2023, Reason.ContributionWrongAmount))
            .IsNotEntitledOn("2023-12-20", Reason.SuspendedForContribution)
            .When(FundReceives("2023-12-01", known: "2024-01-10", centimes: 10_000)).ThenOutcome(Outcome.Done)
            .Then(
                new ContributionReceived(10_000, Day("2023-12-01"), 2023),
                new ContributionReleased(30_000, 2023),
                new RightResumed(SuspensionCause.Contribution, Day("2023-12-20")))
            .ThenClaimsAreNotified("2023-12-20", "2025-01-31");
        Assert.Equal((40_000, 0), (story.Insurance.Contribution!.ReceivedCentimes, story.Insurance.HeldCentimes));
    }

    [Fact]
    public void C3_S1_paid_to_the_institution_is_not_yet_received_by_the_fund() => PrivateStudent()
        .Given(Pays("2023-10-10"))
        .Until("2023-11-05").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")))
        .IsNotEntitledOn("2023-11-05", Reason.SuspendedForContribution);

    [Fact]
    public void S1_T3_the_last_day_in_time_is_the_due_day_itself() => PrivateStudent()
        .Until("2023-11-04").ThenFell()
        .When(FundReceives("2023-11-04")).Then(new ContributionReceived(40_000, Day("2023-11-04"), 2023))
        .Until("2025-01-31").ThenFell()
        .IsEntitledOn("2023-10-05", "2023-11-04", "2023-11-05", "2025-01-31");

    [Fact]
    public void S1_T3_received_a_day_late_it_leaves_no_day_without_a_right_since_the_right_resumes_that_day() =>
        PrivateStudent()
            .When(FundReceives("2023-11-05"))
            .Then(
                new ContributionReceived(40_000, Day("2023-11-05"), 2023),
                new RightResumed(SuspensionCause.Contribution, Day("2023-11-05")))
            .IsEntitledOn("2023-11-04", "2023-11-05");

    [Fact]
    public void S1_T3_received_late_it_leaves_a_gap_from_the_day_after_it_was_due_to_the_eve_of_receipt() =>
        PrivateStudent()
            .When(FundReceives("2023-12-20"))
            .Then(
                new ContributionReceived(40_000, Day("2023-12-20"), 2023),
                new RightResumed(SuspensionCause.Contribution, Day("2023-12-20")))
            .IsEntitledOn("2023-11-04", "2023-12-20")
            .IsNotEntitledOn("2023-11-05", Reason.SuspendedForContribution)
            .IsNotEntitledOn("2023-12-19", Reason.SuspendedForContribution);

    [Fact]
    public void S1_S5_received_in_time_and_learnt_late_it_leaves_no_gap() => PrivateStudent()
        .When(FundReceives("2023-11-01", known: "2023-11-20"))
        .Then(
            new ContributionReceived(40_000, Day("2023-11-01"), 2023),
            new RightResumed(SuspensionCause.Contribution, Day("2023-11-05")))
        .ThenClaimsAreNotified("2023-11-05", "2025-01-31")
        .IsEntitledOn("2023-11-05", "2023-11-19", "2023-11-20");

    [Fact]
    public void S1_never_received_it_suspends_to_the_end() => PrivateStudent()
        .Until("2025-02-01").ThenFell(
            new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")),
            new RightLapsed(2023, Day("2025-02-01")))
        .IsNotEntitledOn("2025-01-31", Reason.SuspendedForContribution);

    [Fact]
    public void C3_it_is_paid_and_received_once() => PrivateStudent()
        .Given(Pays("2023-10-06"))
        .When(Pays("2023-10-07")).ThenOutcome(Outcome.Done, Reason.ContributionAlreadyPaid)
        .Then(
            new ContributionPaid(40_000, 11, 2023, Day("2023-10-07")),
            new ContributionHeld(40_000, 2023, Reason.ContributionAlreadyPaid))
        .When(FundReceives("2023-10-20"))
        .ThenOutcome(Outcome.Done)
        .Then(new ContributionReceived(40_000, Day("2023-10-20"), 2023))
        .When(FundReceives("2023-10-21"))
        .ThenOutcome(Outcome.Done, Reason.ContributionAlreadyReceived)
        .Then(new ContributionReceived(40_000, Day("2023-10-21"), 2023))
        .When(FundReceives("2023-10-22")).ThenOutcome(Outcome.Done, Reason.ContributionAlreadyReceived)
        .Then(
            new ContributionReceived(40_000, Day("2023-10-22"), 2023),
            new ContributionHeld(40_000, 2023, Reason.ContributionAlreadyReceived));

    // It is due all the same: the receipt may be taken back.
    [Fact]
    public void C3_received_before_acceptance_it_suspends_nothing() => new Story()
        .Given(
            Declares("2023-09-10", Private()), Pays("2023-09-10"), FundReceives("2023-09-20"), Forwards("2023-09-21"),
            Transmits("2023-09-22"))
        .When(AnamFinds("2023-10-05"))
        .Then(
            new ApplicationAccepted(
                2023, Day("2023-10-05"), Day("2024-07-31"), Day("2025-01-31"), Day("2023-11-04"), 40_000))
        .Until("2025-01-31").ThenFell();

    [Fact]
    public void T3_a_later_acceptance_of_the_same_year_does_not_move_the_day() => PrivateStudent()
        .Given(
            Declares("2023-10-20", Private(), CoverageKind.Cnss), Declares("2023-10-25", Private()),
            Forwards("2023-10-25"), Transmits("2023-10-25"))
        .When(AnamFinds("2023-11-03"))
        .Then(
            new ApplicationAccepted(2023, Day("2023-11-03"), Day("2024-07-31"), Day("2025-01-31"), null),
            new OtherCoverageEnded(Day("2023-11-02"), CoverageKind.Cnss, Source: CoverageSource.Inferred),
            new RightResumed(SuspensionCause.OtherCoverage, Day("2023-11-03")))
        .Until("2023-11-05").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")));

    [Fact]
    public void C1_a_student_unknown_to_the_fund_cannot_pay() => new Story()
        .When(Pays("2023-10-06")).ThenRefused(Reason.NotDeclared)
        .When(FundReceives("2023-10-06")).ThenRefused(Reason.NotDeclared)
        .When(ShowsReceipt("2023-10-06", 22)).ThenRefused(Reason.NotDeclared);

    [Fact]
    public void C4_the_receipt_of_the_first_institution_exempts_at_the_second() => PrivateStudent()
        .When(ShowsReceipt("2023-10-06", 22)).ThenRefused(Reason.NoPaymentElsewhere)
        .Given(Pays("2023-10-07", institution: 11))
        .When(ShowsReceipt("2023-10-08", 11)).ThenRefused(Reason.NoPaymentElsewhere)
        .When(ShowsReceipt("2023-10-08", 22)).Then(new ContributionWaived(22))
        .When(ShowsReceipt("2023-10-09", 22)).ThenRefused(Reason.ContributionAlreadyPaid)
        .When(Pays("2023-10-09", institution: 22)).ThenOutcome(Outcome.Done, Reason.ContributionAlreadyPaid)
        .Then(
            new ContributionPaid(40_000, 22, 2023, Day("2023-10-09")),
            new ContributionHeld(40_000, 2023, Reason.ContributionAlreadyPaid));

    [Fact]
    public void C4_S1_the_fund_still_waits_for_the_first_institutions_transfer() => PrivateStudent()
        .Given(Pays("2023-10-07"), ShowsReceipt("2023-10-08", 22))
        .Until("2023-11-05").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")));

    [Fact]
    public void C5_one_who_paid_and_is_refused_has_a_payment_that_opens_no_right() => new Story()
        .Given(Declares("2023-09-10", Private()), Pays("2023-09-11"), Forwards("2023-09-20"), Transmits("2023-09-25"))
        .When(AnamFinds("2023-10-05", CoverageKind.Cnss))
        .Then(
            new ApplicationRefused(2023, Reason.CoveredByCnss),
            new ContributionHeld(40_000, 2023, Reason.ContributionWithoutRight))
        .When(FundReceives("2023-10-10")).Then(new ContributionReceived(40_000, Day("2023-10-10"), 2023))
        .IsNotEntitledOn("2023-10-11", Reason.NeverEntitled);

    [Fact]
    public void C5_one_who_has_other_coverage_and_pays_all_the_same_has_a_payment_that_opens_no_right() => new Story()
        .Given(Declares("2023-09-10", Private(), CoverageKind.Cnss))
        .When(Pays("2023-09-11")).ThenOutcome(Outcome.Done, Reason.ContributionWithoutRight)
        .Then(
            new ContributionPaid(40_000, 11, 2023, Day("2023-09-11")),
            new ContributionHeld(40_000, 2023, Reason.ContributionWithoutRight))
        .When(FundReceives("2023-09-30")).Then(new ContributionReceived(40_000, Day("2023-09-30"), 2023));

    [Fact]
    public void C5_money_that_reaches_the_fund_first_is_held_once_too() => new Story()
        .Given(Declares("2023-09-10", Private(), CoverageKind.Cnss))
        .When(FundReceives("2023-09-30"))
        .Then(
            new ContributionReceived(40_000, Day("2023-09-30"), 2023),
            new ContributionHeld(40_000, 2023, Reason.ContributionWithoutRight));

    // The payment was forgotten: nothing showed it as held.
    [Fact]
    public void C5_one_who_paid_and_then_declares_other_coverage_has_a_payment_that_opens_no_right()
    {
        var story = new Story()
            .Given(Declares("2023-09-10", Private()), Pays("2023-09-11"))
            .When(Declares("2023-09-20", Private(), CoverageKind.Cnss))
            .Then(
                new DeclarationRecorded(Private(), CoverageKind.Cnss, 2023, Day("2023-09-20")),
                new ContributionHeld(40_000, 2023, Reason.ContributionWithoutRight));
        Assert.Equal(40_000, story.Insurance.HeldCentimes);
        story.When(Declares("2023-09-21", Private(), CoverageKind.Cnss))
            .Then(new DeclarationRecorded(Private(), CoverageKind.Cnss, 2023, Day("2023-09-21")));
    }

    // The new year's account replaced the old one and the 400 MAD of an application that ANAM never answered vanished
    // with it.
    [Fact]
    public void C5_money_of_a_year_that_ended_without_an_answer_does_not_vanish_with_the_year()
    {
        var story = new Story()
            .Given(
                Declares("2023-09-10", Private()), Pays("2023-09-11"), FundReceives("2023-09-30"),
                Forwards("2023-10-01"), Transmits("2023-10-02"))
            .When(Declares("2024-09-10", Private(), year: 2024))
            .Then(
                new DeclarationRecorded(Private(), CoverageKind.None, 2024, Day("2024-09-10")),
                new ContributionHeld(40_000, 2023, Reason.ContributionWithoutRight));
        Assert.Equal(40_000, story.Insurance.HeldCentimes);
    }

    [Fact]
    public void C2_D7_each_academic_year_has_its_own_contribution_and_grace_needs_none() => PrivateStudent()
        .Given(Pays("2023-10-06"), FundReceives("2023-10-20"))
        .Until("2024-12-31").ThenFell()
        .Given(Declares("2024-09-10", Private(), year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"))
        .When(AnamFinds("2025-01-15"))
        .Then(
            new ApplicationAccepted(
                2024, Day("2024-09-01"), Day("2025-07-31"), Day("2026-01-31"), Day("2025-02-14"), 40_000))
        .Until("2025-02-15").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2025-02-15")));

    [Fact]
    public void S1_a_contribution_that_never_came_suspends_its_own_year_and_not_the_next() => PrivateStudent()
        .Until("2023-11-05").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")))
        .Given(Declares("2024-09-10", Private(), year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"))
        .When(AnamFinds("2024-10-10"))
        .Then(
            new ApplicationAccepted(
                2024, Day("2024-09-01"), Day("2025-07-31"), Day("2026-01-31"), Day("2024-11-09"), 40_000),
            new RightResumed(SuspensionCause.Contribution, Day("2024-09-01")))
        .IsNotEntitledOn("2024-08-31", Reason.SuspendedForContribution)
        .IsEntitledOn("2024-09-01", "2024-11-09");

    [Fact]
    public void S1_S5_a_receipt_of_the_year_before_learnt_in_the_next_one_ends_its_suspension_where_it_was_received() =>
        PrivateStudent()
            .Given(
                Declares("2024-09-10", Private(), year: 2024), Forwards("2024-09-20"), Transmits("2024-09-25"),
                AnamFinds("2024-10-10"))
            .When(FundReceives("2024-02-15", known: "2024-10-20", year: 2023))
            .Then(
                new ContributionReceived(40_000, Day("2024-02-15"), 2023),
                new SuspensionsRevised(SuspensionCause.Contribution, [new(Day("2023-11-05"), Day("2024-02-14"))]))
            .ThenClaimsAreNotified("2024-02-15", "2024-08-31")
            .IsNotEntitledOn("2024-02-14", Reason.SuspendedForContribution)
            .IsEntitledOn("2024-02-15", "2024-08-31", "2024-11-09")
            .Until("2024-11-10").ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2024-11-10")))
            .When(FundReceives("2024-11-20"))
            .Then(
                new ContributionReceived(40_000, Day("2024-11-20"), 2024),
                new RightResumed(SuspensionCause.Contribution, Day("2024-11-20")))
            .IsNotEntitledOn("2024-11-19", Reason.SuspendedForContribution);

    [Fact]
    public void C3_C5_each_year_is_paid_and_received_once_and_the_rest_is_held() => PrivateStudent()
        .Given(Pays("2023-10-06"), FundReceives("2023-10-20"))
        .Given(Declares("2024-09-10", Private(), year: 2024), Pays("2024-09-11"))
        .When(Pays("2024-09-12", year: 2023)).ThenOutcome(Outcome.Done, Reason.ContributionAlreadyPaid)
        .When(FundReceives("2024-09-12", year: 2023)).ThenOutcome(Outcome.Done, Reason.ContributionAlreadyReceived)
        .When(Pays("2024-09-12", year: 2022)).ThenOutcome(Outcome.Done, Reason.ContributionWithoutRight)
        .When(FundReceives("2024-09-12", year: 2025)).ThenOutcome(Outcome.Done, Reason.ContributionTooEarly)
        .When(FundReceives("2024-09-13"))
        .ThenOutcome(Outcome.Done)
        .Then(new ContributionReceived(40_000, Day("2024-09-13"), 2024));

    [Fact]
    public void S1_S5_a_receipt_that_is_taken_back_suspends_from_the_day_after_it_was_due() => PrivateStudent()
        .Given(Pays("2023-10-07"), FundReceives("2023-10-20"))
        .When(TakesBack(CommandKind.ReceiveContribution, "2023-10-20", known: "2024-03-01"))
        .Then(
            new ReceiptCorrected(2023, Day("2023-10-20"), 40_000),
            new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")))
        .ThenClaimsAreNotified("2023-11-05", "2025-01-31")
        .When(FundReceives("2024-03-10"))
        .Then(
            new ContributionReceived(40_000, Day("2024-03-10"), 2023),
            new ClockMissed(Clock.ContributionTransfer, 155, 30),
            new RightResumed(SuspensionCause.Contribution, Day("2024-03-10")));

    [Fact]
    public void S1_S5_a_receipt_taken_back_before_the_due_day_suspends_when_the_day_comes() => PrivateStudent()
        .Given(FundReceives("2023-10-20"))
        .When(TakesBack(CommandKind.ReceiveContribution, "2023-10-20", known: "2023-10-25"))
        .Then(new ReceiptCorrected(2023, Day("2023-10-20"), 40_000)).ThenClaimsAreNotifiedNothing()
        .Until("2023-11-05")
        .ThenFell(new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")))
        .ThenClaimsAreNotified("2023-11-05", "2025-01-31");

    // It was the year before that was never received: the year that runs stays as it is.
    [Fact]
    public void S1_S5_a_receipt_of_the_year_before_that_is_taken_back_suspends_that_year_alone() => PrivateStudent()
        .Given(FundReceives("2023-10-20"))
        .Given(
            Declares("2024-09-10", Private(), year: 2024), FundReceives("2024-09-11"), Forwards("2024-09-20"),
            Transmits("2024-09-25"), AnamFinds("2024-10-10"))
        .When(TakesBack(CommandKind.ReceiveContribution, "2023-10-20", known: "2025-01-10"))
        .Then(
            new ReceiptCorrected(2023, Day("2023-10-20"), 40_000),
            new RightSuspended(SuspensionCause.Contribution, Day("2023-11-05")),
            new RightResumed(SuspensionCause.Contribution, Day("2024-09-01")))
        .ThenClaimsAreNotified("2023-11-05", "2024-08-31");

    // Journals of before did not say the year.
    [Fact]
    public void C3_an_event_without_a_year_is_of_the_year_on_record_when_it_is_applied()
    {
        var student = new StudentAggregate(Say.Student);
        student.Apply(
        [
            new DeclarationRecorded(Private(), CoverageKind.None, 2022, Day("2022-09-10")),
            new ContributionPaid(40_000, 11, 0, null),
            new ContributionHeld(40_000, 0, Reason.None),
            new DeclarationRecorded(Private(), CoverageKind.None, 2023, Day("2023-09-10")),
            new ContributionReceived(40_000, Day("2023-09-12"), 0),
        ]);
        var (before, now) = (student.Insurance!.ContributionOf(2022)!, student.Insurance.ContributionOf(2023)!);
        Assert.Equal((40_000, 0, 40_000), (before.PaidCentimes, before.ReceivedCentimes, before.HeldCentimes));
        Assert.Equal((0, 40_000, 0), (now.PaidCentimes, now.ReceivedCentimes, now.HeldCentimes));
        Assert.Equal(40_000, student.Insurance.HeldCentimes);
    }

    [Fact]
    public void C5_money_held_is_released_by_an_application_that_expects_it()
    {
        var story = new Story()
            .Given(Declares("2023-09-10", Private(), CoverageKind.Cnss), Pays("2023-09-11"), FundReceives("2023-09-30"))
            .When(Declares("2023-10-10", Private()))
            .Then(
                new DeclarationRecorded(Private(), CoverageKind.None, 2023, Day("2023-10-10")),
                new ContributionReleased(40_000, 2023))
            .Given(Forwards("2023-10-10"), Transmits("2023-10-10"))
            .When(AnamFinds("2023-10-20"))
            .Then(
                new ApplicationAccepted(
                    2023, Day("2023-10-20"), Day("2024-07-31"), Day("2025-01-31"), Day("2023-11-19"), 40_000))
            .IsEntitledOn("2023-10-20", "2023-11-20", "2024-06-01");
        Assert.Equal(0, story.Insurance.HeldCentimes);
    }

    [Fact]
    public void C5_what_is_held_follows_a_receipt_that_is_taken_back()
    {
        var story = new Story()
            .Given(Declares("2023-09-10", Private(), CoverageKind.Cnss), FundReceives("2023-09-30"))
            .When(TakesBack(CommandKind.ReceiveContribution, "2023-09-30", known: "2023-10-05"))
            .Then(new ReceiptCorrected(2023, Day("2023-09-30"), 40_000), new ContributionReleased(40_000, 2023));
        Assert.Equal(0, story.Insurance.HeldCentimes);
        story.When(FundReceives("2023-10-10"))
            .Then(
                new ContributionReceived(40_000, Day("2023-10-10"), 2023),
                new ContributionHeld(40_000, 2023, Reason.ContributionWithoutRight));
        Assert.Equal(40_000, story.Insurance.HeldCentimes);
    }

    [Fact]
    public void C5_what_the_student_paid_stays_held_when_the_receipt_is_taken_back()
    {
        var story = new Story()
            .Given(Declares("2023-09-10", Private(), CoverageKind.Cnss), Pays("2023-09-11"), FundReceives("2023-09-30"))
            .When(TakesBack(CommandKind.ReceiveContribution, "2023-09-30", known: "2023-10-05"))
            .Then(new ReceiptCorrected(2023, Day("2023-09-30"), 40_000));
        Assert.Equal(40_000, story.Insurance.HeldCentimes);
    }
}
