using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Model;

namespace Amoe.Oracle;

/// <summary>Corners that no life comes to often, with the model and the engine beside each other.</summary>
public sealed class CornerTests
{
    private static readonly StudentId Id = new(7);
    private readonly List<Command> _sent = [];
    private ulong _next = 100;

    [Fact]
    public async Task An_approval_that_came_late_counts_once_the_line_is_readjudicated()
    {
        Open();
        File(20, D(3, 1), L(Act.Physiotherapy, D(2, 1), 6), L(Act.GeneralPractitioner, D(2, 1)));
        _sent.Add(new RequestApproval(Id, 1, D(3, 20), D(3, 20), Act.Physiotherapy, 6));
        _sent.Add(new DecideApproval(Id, 1, D(1, 25), D(3, 25), 6));
        _sent.Add(new ReportOtherCoverage(Id, _next++, D(1, 28), D(4, 1), CoverageKind.Cnss, true));
        _sent.Add(new CorrectFact(Id, _next++, D(1, 28), D(4, 2), CommandKind.ReportOtherCoverage));
        await Agree();
    }

    [Fact]
    public async Task A_fact_that_was_replaced_on_its_day_holds_again_when_the_later_one_is_taken_back()
    {
        Open();
        _sent.Add(new ReportOtherCoverage(Id, _next++, new(2025, 10, 5), new(2025, 10, 5), CoverageKind.Cnss, true));
        _sent.Add(new EndOtherCoverage(Id, _next++, new(2025, 10, 4), new(2025, 10, 15), CoverageKind.Cnss));
        _sent.Add(new CorrectFact(Id, _next++, new(2025, 10, 5), new(2025, 10, 20), CommandKind.ReportOtherCoverage));
        _sent.Add(new InterruptStudies(Id, _next++, new(2025, 10, 5), new(2025, 10, 25), InterruptionReason.Work));
        _sent.Add(
            new ChangeInterruptionReason(Id, _next++, new(2025, 10, 5), new(2025, 10, 25), InterruptionReason.Illness));
        _sent.Add(new CorrectFact(Id, _next++, new(2025, 10, 5), new(2025, 10, 26), CommandKind.InterruptStudies));
        _sent.Add(new DecideExemption(Id, _next++, new(2025, 10, 5), new(2025, 10, 26), true, 3, new(2026, 1, 1)));
        _sent.Add(new DecideExemption(Id, _next++, new(2025, 10, 5), new(2025, 10, 27), true, 4, new(2025, 11, 1)));
        File(20, new(2025, 12, 20), L(Act.GeneralPractitioner, new(2025, 12, 1)));
        _sent.Add(new CorrectFact(Id, _next++, new(2025, 10, 5), new(2025, 12, 26), CommandKind.DecideExemption));
        _sent.Add(new CorrectFact(Id, _next++, new(2025, 10, 5), new(2025, 12, 27), CommandKind.DecideExemption));
        File(21, new(2025, 12, 28), L(Act.GeneralPractitioner, new(2025, 12, 2)));
        await Agree();
    }

    [Fact]
    public async Task A_claim_that_becomes_more_while_its_payment_is_in_transit()
    {
        Open();
        _sent.Add(new ReportOtherCoverage(Id, _next++, D(2, 1), D(2, 5), CoverageKind.Cnss, true));
        File(20, D(3, 1), L(Act.GeneralPractitioner, D(1, 20), 1, 8_000), L(Act.Radiology, D(2, 2), 1, 700_000));
        _sent.Add(new ReviewClaim(Id, 20, D(3, 3), D(3, 3), true));
        _sent.Add(new OrderPayment(Id, 20, D(3, 5), D(3, 5)));
        _sent.Add(new CorrectFact(Id, _next++, D(2, 1), D(3, 6), CommandKind.ReportOtherCoverage));
        _sent.Add(new OrderPayment(Id, 20, D(3, 7), D(3, 7)) { Attempt = 1 });
        _sent.Add(new ReportPaymentReturned(Id, 20, D(3, 8), D(3, 8)));
        _sent.Add(new OrderPayment(Id, 20, D(3, 9), D(3, 9)) { Attempt = 2 });
        _sent.Add(new ReissuePayment(Id, 20, D(3, 10), D(3, 10)));
        _sent.Add(new ConfirmPayment(Id, 20, D(3, 11), D(3, 11)));
        await Agree();
    }

    [Fact]
    public async Task An_acceptance_ends_other_coverage_and_that_can_be_taken_back()
    {
        var e = new EnrolmentRecord(
            Category.PublicUniversity, Cycle.HigherEducation, false, 1, new DateOnly(2004, 1, 1), true);
        _sent.Add(new Declare(Id, 1, new(2025, 9, 1), new(2025, 9, 1), e, CoverageKind.None, 2025));
        _sent.Add(new ReportOtherCoverage(Id, _next++, new(2025, 9, 5), new(2025, 9, 5), CoverageKind.Cnss, true));
        _sent.Add(new ForwardApplication(Id, 1, new(2025, 9, 6), new(2025, 9, 6), ApplicationDesk.Onousc));
        _sent.Add(new TransmitApplication(Id, 1, new(2025, 9, 7), new(2025, 9, 7)));
        _sent.Add(new AnswerFromAnam(Id, 1, new(2025, 9, 20), new(2025, 9, 20), CoverageKind.None));
        _sent.Add(new CorrectFact(Id, _next++, new(2025, 9, 19), new(2025, 9, 30), CommandKind.EndOtherCoverage));
        _sent.Add(new ReportOtherCoverage(Id, _next++, new(2025, 10, 5), new(2025, 10, 5), CoverageKind.Cnss, true));
        _sent.Add(new EndOtherCoverage(Id, _next++, new(2025, 10, 4), new(2025, 10, 15), CoverageKind.Cnss));
        _sent.Add(new CorrectFact(Id, _next++, new(2025, 10, 5), new(2025, 10, 20), CommandKind.ReportOtherCoverage));
        await Agree();
    }

    [Fact]
    public async Task Of_equal_lines_without_approval_one_is_paid_once_there_is_one()
    {
        Open();
        File(20, D(3, 1), L(Act.Physiotherapy, D(2, 1), 6), L(Act.Physiotherapy, D(2, 1), 6));
        _sent.Add(new RequestApproval(Id, 1, D(3, 20), D(3, 20), Act.Physiotherapy, 12));
        _sent.Add(new DecideApproval(Id, 1, D(1, 25), D(3, 25), 12));
        _sent.Add(new DecideApproval(Id, 1, D(1, 25), D(3, 26), 0) { Attempt = 1 });
        _sent.Add(new CorrectFact(Id, _next++, D(1, 25), D(3, 27), CommandKind.DecideApproval));
        _sent.Add(new ReopenClaim(Id, 20, D(3, 28), D(3, 28)));
        await Agree();
    }

    [Fact]
    public async Task A_claim_that_loses_units_keeps_them_for_its_first_lines()
    {
        Open();
        _sent.Add(new RequestApproval(Id, 1, D(1, 20), D(1, 20), Act.Physiotherapy, 6));
        _sent.Add(new DecideApproval(Id, 1, D(1, 25), D(1, 25), 6));
        _sent.Add(new RequestApproval(Id, 2, D(1, 20), D(1, 20), Act.Physiotherapy, 6));
        _sent.Add(new DecideApproval(Id, 2, D(1, 26), D(1, 26), 3));
        File(20, D(3, 1), L(Act.Physiotherapy, D(2, 1), 6), L(Act.Physiotherapy, D(2, 1), 6, 10_000));
        _sent.Add(new ResolveDuplicate(Id, 20, D(3, 3), D(3, 3), false));
        _sent.Add(new DecideApproval(Id, 1, D(1, 25), D(3, 5), 4) { Attempt = 1 });
        _sent.Add(new CorrectFact(Id, _next++, D(1, 25), D(3, 27), CommandKind.DecideApproval));
        await Agree();
    }

    private void Open()
    {
        var e = new EnrolmentRecord(
            Category.PublicUniversity, Cycle.HigherEducation, false, 1, new DateOnly(2004, 1, 1), true);
        _sent.Add(new CarryOverRegistration(Id, _next++, new(2025, 9, 1), new(2025, 9, 1), e, 2025, new(2025, 9, 1)));
    }

    private void File(ulong sheet, DateOnly day, params ClaimLine[] lines)
    {
        _sent.Add(
            new DepositClaim(
                Id, sheet, day, day, ClaimWay.Reimbursement, 2, 5 + (int)sheet, true, FileItems.All, lines));
        _sent.Add(new ReceiveClaim(Id, sheet, day.AddDays(1), day.AddDays(1)));
    }

    private async Task Agree()
    {
        var comparison = await LivesRun.Play(_sent, Rulebook.Embedded, new Scheme());
        Assert.True(comparison.Agrees, comparison.Report());
    }

    private static ClaimLine L(Act act, DateOnly care, ushort quantity = 1, uint paid = 20_000) =>
        new(act, CareSector.Private, care, quantity, paid, 20_000);

    private static DateOnly D(int month, int day) => new(2026, month, day);
}
