using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Aggregate;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Domain.Parties;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Domain.Parties;

/// <summary>What an event of a student's record means for the ledgers elsewhere.</summary>
public sealed class PostingsTests
{
    private const ulong Sheet = 64;
    private static readonly PartyId Institution = PartyId.Institution(11);
    private static readonly PartyId Provider = PartyId.Provider(900);

    [Fact]
    public void A_contribution_is_collected_by_the_institution_it_was_paid_to_and_transferred_by_the_same()
    {
        var student = Declared();
        Assert.Equal(
            [Of(PartyId.Institution(12), PostingKind.Collected, 40_000)],
            Posted(student, new ContributionPaid(40_000, 12, 2023, Day("2023-10-05"))));
        Assert.Equal([Of(PartyId.Institution(12), PostingKind.Transferred, 40_000)], Posted(student, Received()));
    }

    [Fact]
    public void A_contribution_not_recorded_as_paid_was_transferred_by_the_institution_of_the_student()
    {
        var student = Declared();
        Assert.Equal([Of(Institution, PostingKind.Transferred, 40_000)], Posted(student, Received()));
    }

    [Fact]
    public void A_receipt_taken_back_returns_to_the_institution_that_transferred_it()
    {
        var student = Declared();
        Posted(student, Received());

        // He has moved to another institution since.
        student.Apply(
            [new DeclarationRecorded(Private() with { Institution = 15 }, CoverageKind.None, 2024, Day("2024-10-01"))]);
        var correction = new ReceiptCorrected(2023, Day("2023-11-01"), 40_000);
        Assert.Equal([Of(Institution, PostingKind.Transferred, -40_000)], Posted(student, correction));
        Assert.Empty(Posted(student, correction));
    }

    [Fact]
    public void A_correction_of_an_earlier_journal_takes_back_every_receipt_of_the_date()
    {
        var student = Declared();
        Posted(student, Received());
        Posted(student, Received() with { AmountCentimes = 15_000 });
        var correction = new FactCorrected(CommandKind.ReceiveContribution, Day("2023-11-01"), 55_000);
        Assert.Equal(
            [Of(Institution, PostingKind.Transferred, -40_000), Of(Institution, PostingKind.Transferred, -15_000)],
            Posted(student, correction));
        Assert.Empty(Posted(student, correction));
    }

    [Fact]
    public void Money_paid_at_two_institutions_is_transferred_by_each_and_taken_back_from_the_one_that_transferred_it()
    {
        var (student, first, second) = (Declared(), PartyId.Institution(12), PartyId.Institution(15));
        Assert.Equal(
            [Of(first, PostingKind.Collected, 40_000)],
            Posted(student, new ContributionPaid(40_000, 12, 2023, Day("2023-10-05"))));
        Assert.Equal(
            [Of(second, PostingKind.Collected, 40_000)],
            Posted(student, new ContributionPaid(40_000, 15, 2023, Day("2023-10-06"))));
        Assert.Equal([Of(first, PostingKind.Transferred, 40_000)], Posted(student, Received()));
        Assert.Equal([Of(second, PostingKind.Transferred, 40_000)], Posted(student, Received()));
        Assert.Equal(
            [Of(second, PostingKind.Transferred, -40_000)],
            Posted(student, new ReceiptCorrected(2023, Day("2023-11-01"), 40_000)));
        Assert.Equal(
            [Of(first, PostingKind.Transferred, -40_000)],
            Posted(student, new ReceiptCorrected(2023, Day("2023-11-01"), 40_000)));
    }

    [Fact]
    public void A_reimbursement_is_posted_only_to_the_run_of_its_day()
    {
        var student = Adjudicated(ClaimWay.Reimbursement);
        var run = PartyId.RunOf(Day("2023-12-05"));
        Assert.Equal(
            [Pay(run, PostingKind.Ordered, PaymentMethod.PostalOrder)],
            Then(student, new PaymentOrdered(Sheet, 6_400, Day("2023-12-05"), PaymentMethod.PostalOrder, 1)));
        Assert.Equal(
            [Pay(run, PostingKind.Confirmed, PaymentMethod.PostalOrder)],
            Then(student, new PaymentMade(Sheet, 6_400, Day("2023-12-20"), 1)));
    }

    [Fact]
    public void X6_what_comes_back_is_posted_to_the_run_and_the_method_it_was_ordered_in()
    {
        var student = Adjudicated(ClaimWay.Reimbursement);
        student.Apply(
        [
            new PaymentOrdered(Sheet, 6_400, Day("2023-12-05"), PaymentMethod.PostalOrder, 1),
            new PaymentMade(Sheet, 6_400, Day("2023-12-20"), 1),
            new PaymentOrdered(Sheet, 1_600, Day("2024-01-05"), PaymentMethod.BankTransfer, 2),
        ]);
        Assert.Equal(
            [Pay(PartyId.RunOf(Day("2023-12-05")), PostingKind.CameBack, PaymentMethod.PostalOrder)],
            Then(student, new PaymentReturned(Sheet, 6_400, true, 1)));
        Assert.Equal(
            [Pay(PartyId.RunOf(Day("2024-01-05")), PostingKind.Confirmed) with { AmountCentimes = 1_600 }],
            Then(student, new PaymentMade(Sheet, 1_600, Day("2024-01-10"), 2)));
    }

    [Fact]
    public void What_a_journal_of_the_first_version_does_not_name_is_posted_to_the_last_run_and_by_the_method_announced()
    {
        var student = new StudentAggregate(Say.Student);
        student.Apply(
        [
            new ClaimDeposited(
                Sheet, ClaimWay.Reimbursement, OnouscDesk, 900, FileItems.All, Day("2023-11-20"), [Care("2023-11-10")]),
            new ClaimAdjudicated(
                Sheet, [new LineOutcome(Reason.None, 6_400)]) { AnnouncedMethod = PaymentMethod.PostalOrder },
        ]);
        var run = PartyId.RunOf(Day("2023-12-05"));
        Assert.Equal(
            [Pay(run, PostingKind.Ordered, PaymentMethod.PostalOrder)],
            Then(student, new PaymentOrdered(Sheet, 6_400, Day("2023-12-05"))));
        Assert.Equal(
            [Pay(run, PostingKind.Confirmed, PaymentMethod.PostalOrder)],
            Then(student, new PaymentMade(Sheet, 6_400, Day("2023-12-20"))));
        Assert.Equal(
            [Pay(run, PostingKind.CameBack, PaymentMethod.PostalOrder)],
            Then(student, new PaymentReturned(Sheet, 6_400, true)));
        Assert.Equal(PaymentState.Returned, student.FindOpen(Sheet)!.Payments[1].State);
    }

    [Fact]
    public void A_third_party_payment_is_posted_to_its_run_and_to_the_provider()
    {
        var student = Adjudicated(ClaimWay.ThirdParty);
        var run = PartyId.RunOf(Day("2023-12-05"));
        Assert.Equal(
            [Pay(run, PostingKind.Ordered), Pay(Provider, PostingKind.Ordered)],
            Then(student, new PaymentOrdered(Sheet, 6_400, Day("2023-12-05"), PaymentMethod.BankTransfer, 1)));
        Assert.Equal(
            [Pay(run, PostingKind.Confirmed), Pay(Provider, PostingKind.Confirmed)],
            Then(student, new PaymentMade(Sheet, 6_400, Day("2023-12-20"), 1)));
    }

    [Fact]
    public void A_providers_debt_is_posted_to_its_ledger_and_a_students_debt_to_none()
    {
        var owed = new OverpaymentRaised(Sheet, 6_400);
        Assert.Equal(
            [Pay(Provider, PostingKind.Overpaid, PaymentMethod.None)], Then(Adjudicated(ClaimWay.ThirdParty), owed));
        Assert.Empty(Then(Adjudicated(ClaimWay.Reimbursement), owed));
    }

    [Fact]
    public void A_refused_recovery_is_posted_only_where_a_ledger_asked_for_it()
    {
        Assert.Equal(
            [Pay(default, PostingKind.RecoveryRefused, PaymentMethod.None) with { AmountCentimes = 0, Attempt = 130 }],
            Refused(attempt: 130));
        Assert.Empty(Refused(attempt: 1));
    }

    private static Posting Of(PartyId party, PostingKind kind, long centimes) =>
        new(party, kind, centimes, PaymentMethod.None, Say.Student);

    private static Posting Pay(PartyId party, PostingKind kind, PaymentMethod method = PaymentMethod.BankTransfer) =>
        new(party, kind, 6_400, method, Say.Student, Sheet);

    private static ContributionReceived Received() => new ContributionReceived(40_000, Day("2023-11-01"), 2023);

    private static StudentAggregate Declared()
    {
        var student = new StudentAggregate(Say.Student);
        student.Apply([new DeclarationRecorded(Private(), CoverageKind.None, 2023, Day("2023-10-01"))]);
        return student;
    }

    private static StudentAggregate Adjudicated(ClaimWay way)
    {
        var student = new StudentAggregate(Say.Student);
        student.Apply(
        [
            new ClaimDeposited(Sheet, way, OnouscDesk, 900, FileItems.All, Day("2023-11-20"), [Care("2023-11-10")]),
            new ClaimAdjudicated(Sheet, [new LineOutcome(Reason.None, 6_400)]),
        ]);
        return student;
    }

    /// <summary>What the next event of the claim is posted as; then it is applied.</summary>
    private static List<Posting> Then(StudentAggregate student, ClaimEvent e)
    {
        var postings = new List<Posting>();
        Postings.Of(Say.Student, student.FindOpen(Sheet)!, e, postings);
        student.Apply([e]);
        return postings;
    }

    private static List<Posting> Refused(byte attempt)
    {
        var postings = new List<Posting>();
        Postings.Refused(Say.Student, new CommandId(CommandKind.RecoverOverpayment, Sheet, attempt), postings);
        return postings;
    }

    private static List<Posting> Posted(StudentAggregate student, StudentEvent e)
    {
        var postings = new List<Posting>();
        Postings.Of(student, e, postings);
        student.Apply([e]);
        return postings;
    }
}
