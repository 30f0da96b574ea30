using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Journal;
using Amoe.Engine.Text;

namespace Amoe.Engine.Cases;

/// <summary>
/// Restores a student's commands from the records that answer them. A record has the command's id, its dates and the
/// fingerprint of its content; what its events say of the content, and all that they leave open, is tried until the
/// fingerprint is the same.
/// </summary>
/// <param name="entries">The student's records, from the first on.</param>
internal sealed class CommandRestorer(IReadOnlyList<HistoryEntry> entries)
{
    /// <summary>The command a record answers; null where its content is not in the journal.</summary>
    public Command? Restore(HistoryEntry entry) =>
        Candidates(entry)
            .SelectMany(command => new[] { command, command with { EffectiveWhenKnown = true } })
            .Select(command => command with { Attempt = entry.Header.Id.Attempt })
            .FirstOrDefault(command => command.Fingerprint() == entry.Header.Fingerprint);

    private IEnumerable<Command> Candidates(HistoryEntry entry)
    {
        var h = entry.Header;
        var (id, on, known) = (h.Id.Reference, h.Effective, h.Known);
        return h.Kind switch
        {
            CommandKind.TransmitApplication => [new TransmitApplication(h.Student, id, on, known)],
            CommandKind.ResumeStudies => [new ResumeStudies(h.Student, id, on, known)],
            CommandKind.IssueCertificate => [new IssueCertificate(h.Student, id, on, known)],
            CommandKind.ReceiveClaim => [new ReceiveClaim(h.Student, id, on, known)],
            CommandKind.OrderPayment => [new OrderPayment(h.Student, id, on, known)],
            CommandKind.AppealClaim => [new AppealClaim(h.Student, id, on, known)],
            CommandKind.ReissuePayment => [new ReissuePayment(h.Student, id, on, known)],
            CommandKind.ReopenClaim => [new ReopenClaim(h.Student, id, on, known)],
            CommandKind.ReviewClaim => _either.Select(granted => new ReviewClaim(h.Student, id, on, known, granted)),
            CommandKind.ResolveDuplicate =>
                _either.Select(same => new ResolveDuplicate(h.Student, id, on, known, same)),
            CommandKind.DecideAppeal => _either.Select(granted => new DecideAppeal(h.Student, id, on, known, granted)),
            CommandKind.ConfirmPayment => Payments.Select(n => new ConfirmPayment(h.Student, id, on, known, n)),
            CommandKind.ReportPaymentReturned =>
                Payments.Select(n => new ReportPaymentReturned(h.Student, id, on, known, n)),
            CommandKind.ForwardApplication => SnakeCase<ApplicationDesk>.Values.Prepend(ApplicationDesk.None)
                .Select(desk => new ForwardApplication(h.Student, id, on, known, desk)),
            CommandKind.AnswerFromAnam =>
                Coverages.Select(c => new AnswerFromAnam(h.Student, id, on, known, c.Kind, c.Holder)),
            _ => entry.Events.SelectMany(e => OfEvent(h, e)),
        };
    }

    private static readonly bool[] _either = [true, false];

    private static IEnumerable<int> Payments => Enumerable.Range(0, CommandBounds.PaymentsMax + 1);

    private static IEnumerable<CoverageHolder> Holders =>
        SnakeCase<CoverageHolder>.Values.Prepend(CoverageHolder.None);

    private static IEnumerable<CoverageName> Coverages =>
        from kind in SnakeCase<CoverageKind>.Values.Prepend(CoverageKind.None)
        from holder in Holders
        select new CoverageName(kind, holder);

    /// <summary>The commands that lead to an event, as far as it says their content.</summary>
    private IEnumerable<Command> OfEvent(RecordHeader h, Event e)
    {
        var (id, on, known) = (h.Id.Reference, h.Effective, h.Known);
        return (h.Kind, e) switch
        {
            (CommandKind.CarryOverRegistration, RegistrationCarriedOver c) =>
                [new CarryOverRegistration(h.Student, id, on, known, c.Enrolment, c.Year, c.From)],
            (CommandKind.Declare, DeclarationRecorded d) =>
                [new Declare(h.Student, id, on, known, d.Enrolment, d.Coverage, d.Year, d.Holder)],
            (CommandKind.Declare, FurtherEnrolmentRecorded f) => Holders.Select(holder =>
                new Declare(h.Student, id, on, known, f.Enrolment, CoverageKind.None, f.Year, holder)),
            (CommandKind.ResendRegistration, RegistrationResent r) =>
                [new ResendRegistration(h.Student, id, on, known, r.Year)],
            (CommandKind.PayContribution, ContributionPaid p) =>
                [new PayContribution(h.Student, id, on, known, p.AmountCentimes, p.Institution, p.Year)],
            (CommandKind.ReceiveContribution, ContributionReceived r) =>
                [new ReceiveContribution(h.Student, id, on, known, r.AmountCentimes, r.Year)],
            (CommandKind.PresentReceipt, ContributionWaived w) =>
                [new PresentReceipt(h.Student, id, on, known, w.Institution)],
            (CommandKind.ReportOtherCoverage, OtherCoverageReported r) =>
                [new ReportOtherCoverage(h.Student, id, on, known, r.Coverage, r.ByAnam, r.Holder)],
            (CommandKind.EndOtherCoverage, OtherCoverageEnded c) => [new EndOtherCoverage(
                h.Student, id, on, known, c.Coverage, c.Holder, c.Source == CoverageSource.Anam)],
            (CommandKind.InterruptStudies, StudiesInterrupted i) =>
                [new InterruptStudies(h.Student, id, on, known, i.Reason)],
            (CommandKind.ChangeInterruptionReason, InterruptionReasonChanged c) =>
                [new ChangeInterruptionReason(h.Student, id, on, known, c.Reason)],
            (CommandKind.DecideExemption, ExemptionDecided d) =>
                [new DecideExemption(h.Student, id, on, known, d.Granted, d.Illness, d.Until)],
            (CommandKind.RequestApproval, ApprovalRequested r) =>
                [new RequestApproval(h.Student, id, on, known, r.Act, r.Units)],

            // More may be granted than was asked for: the event has the smaller number.
            (CommandKind.DecideApproval, ApprovalDecided d) =>
                Enumerable.Range(d.Units, CommandBounds.UnitsMax + 1 - d.Units)
                    .Select(units => new DecideApproval(h.Student, id, on, known, units)),
            (CommandKind.CorrectFact, _) => Corrections(h, e),
            (CommandKind.DepositClaim, ClaimDeposited d) => [new DepositClaim(
                h.Student, id, on, known, d.Way, d.Desk, d.Provider, PatientIsStudent: true, d.Items, d.Lines)],
            (CommandKind.CompleteClaim, ClaimCompleted c) => new[] { c.Lines, LinesBefore(c) }.Select(lines =>
                new CompleteClaim(h.Student, id, on, known, c.Items, lines)),
            (CommandKind.RecoverOverpayment, OverpaymentRecovered { BySetOff: false } r) =>
                SnakeCase<Payee>.Values.Prepend(Payee.None).Select(payee =>
                    new RecoverOverpayment(h.Student, id, on, known, r.AmountCentimes, payee)),
            _ => [],
        };
    }

    /// <summary>A correction may name which fact it takes back, or take the only one.</summary>
    private static IEnumerable<Command> Corrections(RecordHeader h, Event e)
    {
        var (id, on, known) = (h.Id.Reference, h.Effective, h.Known);
        return e switch
        {
            FactTakenBack f => Coverages.Prepend(new CoverageName(f.Coverage, f.Holder))
                .Select(c => new CorrectFact(h.Student, id, on, known, f.Fact, c.Kind, c.Holder)),
            ReceiptCorrected => Coverages
                .Select(c => new CorrectFact(
                    h.Student, id, on, known, CommandKind.ReceiveContribution, c.Kind, c.Holder)),
            ApprovalDecisionTakenBack t => new[] { t.Approval, 0UL }.Select(request =>
                new CorrectFact(h.Student, id, on, known, CommandKind.DecideApproval) { Request = request }),
            _ => [],
        };
    }

    /// <summary>What completes a file may repeat its lines as they are; the event then has none.</summary>
    private ClaimLine[] LinesBefore(ClaimCompleted completed) => entries.SelectMany(entry => entry.Events)
        .TakeWhile(e => !ReferenceEquals(e, completed))
        .Select(e => e switch
        {
            ClaimDeposited d when d.Claim == completed.Claim => d.Lines,
            ClaimCompleted { Lines.Length: > 0 } c when c.Claim == completed.Claim => c.Lines,
            _ => [],
        })
        .LastOrDefault(lines => lines.Length > 0) ?? [];
}
