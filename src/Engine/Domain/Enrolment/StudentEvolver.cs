using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Applies what was decided to a student. Total: any event on any state leaves a state. Needs no rulebook.
/// </summary>
internal static class StudentEvolver
{
    public static void Evolve(Student student, StudentEvent e)
    {
        switch (e)
        {
            case DeclarationRecorded d when d.Year < student.Year:
                break;
            case DeclarationRecorded d:
                BeginYear(student, d.Year, d.EnrolledOn);
                Enrol(student, d.Enrolment);
                student.DeclaredCoverage = d.Coverage;
                student.Application = d.Coverage == CoverageKind.None
                    ? ApplicationState.Declared
                    : ApplicationState.None;
                break;
            case FurtherEnrolmentRecorded f:
                BeginYear(student, f.Year, f.EnrolledOn);
                Enrol(student, f.Enrolment);
                Owe(student, f.Year, f.ContributionDue, f.ContributionCentimes);
                break;
            case ApplicationForwarded:
                student.Application = ApplicationState.Forwarded;
                break;
            case ApplicationSentToAnam:
                student.Application = ApplicationState.WithAnam;
                break;
            case ApplicationAccepted a:
                student.Application = ApplicationState.Accepted;
                student.Insured.Rights = student.Insured.Rights.With(
                    new Right((short)a.Year, false, a.From, a.Until, a.GraceUntil));
                Owe(student, a.Year, a.ContributionDue, a.ContributionCentimes);
                break;
            case ApplicationRefused:
                student.Application = ApplicationState.Refused;
                break;
            case RegistrationCarriedOver r:
                BeginYear(student, r.Year, r.From);
                student.Enrolment = r.Enrolment;
                student.Enrolments = YearEnrolments.CarriedOverAs(r.Enrolment.Category);
                student.Application = ApplicationState.Accepted;
                student.Insured.Rights = student.Insured.Rights.With(
                    new Right((short)r.Year, false, r.From, r.Until, r.GraceUntil));
                break;
            case RegistrationResent r:
                BeginYear(student, r.Year, r.EnrolledOn);
                Enrol(student, student.Enrolment);
                student.DeclaredCoverage = CoverageKind.None;
                student.Application = ApplicationState.Forwarded;
                break;
            case ContributionPaid p:
                Account(student, p.Year).Pay(p.AmountCentimes, p.Institution, p.On);
                break;
            case ContributionReceived r:
                var account = Account(student, r.Year);
                account.Receive(
                    r.AmountCentimes, r.On, account.TransferredBy(student.Enrolment.Institution),
                    NextReceipt(student.Insured));
                break;
            case ReceiptCorrected r:
                TakeBack(Account(student, r.Year), r.On);
                break;
            case ContributionWaived:
                Account(student, student.Year).ReceiptShown = true;
                break;
            case ContributionHeld h:
                Account(student, h.Year).Hold(h.AmountCentimes);
                break;
            case ContributionReleased r:
                Account(student, r.Year).Hold(-r.AmountCentimes);
                break;
            case OtherCoverageReported r:
                Put(
                    student.Insured,
                    new CoverageFact(
                        r.From, r.Coverage, r.Holder, r.ByAnam ? CoverageSource.Anam : CoverageSource.Student,
                        IsEnd: false));
                break;
            case OtherCoverageEnded x:
                Put(
                    student.Insured,
                    new CoverageFact(Days.After(x.LastDay), x.Coverage, x.Holder, x.Source, IsEnd: true));
                break;
            case StudiesInterrupted i:
                Put(student.Insured, new StudyFact(i.From, StudyChange.Interrupted, i.Reason, i.Suspends, i.Pauses));
                break;
            case InterruptionReasonChanged c:
                Put(student.Insured, new StudyFact(c.On, StudyChange.ReasonChanged, c.Reason, c.Suspends, c.Pauses));
                break;
            case StudiesResumed r:
                Put(
                    student.Insured,
                    new StudyFact(r.On, StudyChange.Resumed, InterruptionReason.None, null, Pauses: false));
                break;
            case FactTakenBack f:
                Corrections.TakeBack(student.Insured, f);
                break;
            case FactCorrected f:
                TakeBack(student.Insured, f);
                break;
            case RightSuspended s:
                student.Insured.Suspensions = [
                    .. student.Insured.Suspensions, new Suspension(s.Cause, s.From, DateOnly.MaxValue)
                ];
                break;
            case RightResumed r:
                EndSuspension(student.Insured, r);
                break;
            case SuspensionsRevised v:
                Revise(student.Insured, v);
                break;
            case RightLapsed:
                student.Insured.Rights = student.Insured.Rights.Close();
                break;
            case ExemptionDecided x:
                // A refusal of the first version replaced nothing, and is no fact to take back.
                if (x.Granted || x.Supersedes)
                    student.Insured.Exemptions = [
                        .. student.Insured.Exemptions,
                        new Exemption(x.Illness, x.From, x.Until, x.Granted, x.Supersedes)
                    ];
                break;
            case ApprovalRequested a:
                student.Insured.Approvals = [
                    .. student.Insured.Approvals, new Approval(a.Approval, a.Act, a.Units, a.On)
                ];
                break;
            case ApprovalDecided or ApprovalDecisionTakenBack or ApprovalUsed or ApprovalUnitsRevised or ApprovalLapsed:
                EvolveApproval(student, e);
                break;
            case CertificateIssued or CommandRefused or ClockMissed:
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} is not an event of a student");
        }
    }

    // Apart, as what else captures a variable: a method that does allocates for it whichever event comes.
    private static void EvolveApproval(Student student, StudentEvent e)
    {
        switch (e)
        {
            case ApprovalDecided a:
                var number = student.Insured.Approvals.Max(approval => approval.Holding?.Number) + 1 ?? 1;
                Change(student, a.Approval, approval => approval with
                {
                    Decisions = [.. approval.Decisions, new ApprovalDecision(number, a.Units, a.From, a.Until)],
                    HasLapsed = false,
                });
                break;
            case ApprovalDecisionTakenBack t:
                Change(
                    student, t.Approval,
                    approval => approval with { Decisions = [.. approval.Decisions.SkipLast(1)], HasLapsed = false });
                break;
            case ApprovalUsed u:
                Change(student, u.Approval, approval => approval.With(u.Claim, approval.TakenBy(u.Claim) + u.Units));
                break;
            case ApprovalUnitsRevised v:
                Change(student, v.Approval, approval => approval.With(v.Claim, v.Units));
                break;
            case ApprovalLapsed l:
                Change(student, l.Approval, approval => approval with { HasLapsed = true });
                break;
        }
    }

    private static void TakeBack(Contribution account, DateOnly day)
    {
        if (account.LastLearnt(day) is { } corrected)
            account.TakeBack(receipt => receipt == corrected);
    }

    private static void Revise(Insurance insurance, SuspensionsRevised revised) => insurance.Suspensions =
    [
        .. insurance.Suspensions.Where(suspension => suspension.Cause != revised.Cause),
        .. revised.Periods.Select(period =>
            new Suspension(revised.Cause, period.From, period.Until ?? DateOnly.MaxValue)),
    ];

    private static void BeginYear(Student student, int year, DateOnly enrolledOn)
    {
        if (student.Year != (short)year)
            student.Enrolments = default;
        student.Year = (short)year;
        student.EnrolledOn = enrolledOn;
    }

    private static void Enrol(Student student, in EnrolmentRecord enrolment)
    {
        student.Enrolment = enrolment;
        student.Enrolments = student.Enrolments.With(enrolment.Category);
    }

    private static void Owe(Student student, int year, DateOnly? due, long centimes)
    {
        if (due is { } day)
            Account(student, year).Owe(centimes, day);
    }

    private static void Put(Insurance insurance, CoverageFact fact) =>
        insurance.CoverageFacts = Timeline.With(insurance.CoverageFacts, fact);

    private static void Put(Insurance insurance, StudyFact fact) =>
        insurance.StudyFacts = Timeline.With(insurance.StudyFacts, fact);

    private static void TakeBack(Insurance insurance, FactCorrected correction)
    {
        switch (correction.Fact)
        {
            // Facts of the first version: there was one of a date, whatever its kind, and none came back.
            case CommandKind.ReportOtherCoverage:
                insurance.CoverageFacts = Array.FindAll(insurance.CoverageFacts, fact => fact.On != correction.On);
                break;
            case CommandKind.EndOtherCoverage:
                insurance.CoverageFacts = Array.FindAll(
                    insurance.CoverageFacts, fact => fact.On != Days.After(correction.On));
                break;
            case CommandKind.InterruptStudies or CommandKind.ChangeInterruptionReason or CommandKind.ResumeStudies:
                insurance.StudyFacts = Array.FindAll(insurance.StudyFacts, fact => fact.On != correction.On);
                break;
            case CommandKind.DecideExemption:
                insurance.Exemptions = Array.FindAll(
                    insurance.Exemptions, exemption => exemption.From != correction.On);
                break;
            case CommandKind.ReceiveContribution:
                // All of that date, in journals of before ReceiptCorrected.
                for (var contribution = insurance.Contribution; contribution is not null; contribution =
                    contribution.Before)
                    contribution.TakeBack(receipt => receipt.On == correction.On);
                break;
        }
    }

    private static void EndSuspension(Insurance insurance, RightResumed resumed)
    {
        var suspensions = insurance.Suspensions;
        var index = Array.FindIndex(suspensions, s => s.Cause == resumed.Cause && s.Until == DateOnly.MaxValue);
        if (index < 0)
            return;
        var until = Days.Before(resumed.On);
        if (until < suspensions[index].From)
            insurance.Suspensions = [.. suspensions[..index], .. suspensions[(index + 1)..]];
        else
            suspensions[index] = suspensions[index] with { Until = until };
    }

    /// <summary>
    /// The account of a year, the latest year's first; year 0 is in events of journals that had one account at a
    /// time, of the year on record.
    /// </summary>
    private static Contribution Account(Student student, int year)
    {
        var of = (short)(year == 0 ? student.Year : year);
        Contribution? later = null;
        var at = student.Insured.Contribution;
        while (at is not null && at.Year > of)
            (later, at) = (at, at.Before);
        if (at is not null && at.Year == of)
            return at;
        var made = new Contribution { Year = of, Before = at };
        if (later is null)
            student.Insured.Contribution = made;
        else
            later.Before = made;
        return made;
    }

    /// <summary>
    /// Receipts are numbered in the order in which they are learnt, over all years: of those of a date the last is
    /// taken back first.
    /// </summary>
    private static ushort NextReceipt(Insurance insurance)
    {
        ushort last = 0;
        for (var contribution = insurance.Contribution; contribution is not null; contribution = contribution.Before)
        {
            foreach (var receipt in contribution.Receipts)
                last = Math.Max(last, receipt.Number);
        }

        return last < ushort.MaxValue ? (ushort)(last + 1) : last;
    }

    private static void Change(Student student, ulong reference, Func<Approval, Approval> change)
    {
        var approvals = student.Insured.Approvals;
        var index = Array.FindIndex(approvals, approval => approval.Reference == reference);
        if (index >= 0)
            approvals[index] = change(approvals[index]);
    }
}
