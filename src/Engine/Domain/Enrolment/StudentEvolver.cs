namespace Amoe.Engine.Domain.Enrolment;

/// <summary>Applies what was decided to a student. Total: any event on any state leaves a state. Needs no rulebook.</summary>
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
                student.Enrolment = d.Enrolment;
                student.DeclaredCoverage = d.Coverage;
                student.Application = d.Coverage == CoverageKind.None ? ApplicationState.Declared : ApplicationState.None;
                break;
            case ApplicationForwarded:
                student.Application = ApplicationState.Forwarded;
                break;
            case ApplicationSentToAnam:
                student.Application = ApplicationState.WithAnam;
                break;
            case ApplicationAccepted a:
                student.Application = ApplicationState.Accepted;
                OpenRight(student.Insured, new Right((short)a.Year, false, a.From, a.Until, a.GraceUntil));
                if (a.ContributionDue is { } due)
                    Account(student).Due = due;
                break;
            case ApplicationRefused:
                student.Application = ApplicationState.Refused;
                break;
            case RegistrationCarriedOver r:
                BeginYear(student, r.Year, r.From);
                student.Enrolment = r.Enrolment;
                student.Application = ApplicationState.Accepted;
                OpenRight(student.Insured, new Right((short)r.Year, false, r.From, r.Until, r.GraceUntil));
                break;
            case RegistrationResent r:
                BeginYear(student, r.Year, r.EnrolledOn);
                student.DeclaredCoverage = CoverageKind.None;
                student.Application = ApplicationState.Forwarded;
                break;
            case ContributionPaid p:
                Account(student).PaidCentimes += p.AmountCentimes;
                Account(student).PaidTo = p.Institution;
                break;
            case ContributionReceived r:
                Account(student).ReceivedCentimes += r.AmountCentimes;
                break;
            case ContributionWaived:
                Account(student).ReceiptShown = true;
                break;
            case ContributionHeldWithoutRight h:
                Account(student).IsHeld = true;
                student.Insured.HeldCentimes += h.AmountCentimes;
                break;
            case OtherCoverageReported r:
                student.Insured.OtherCoverage = r.Coverage;
                student.Insured.OtherCoverageFrom = r.From;
                break;
            case OtherCoverageEnded:
                student.Insured.OtherCoverage = CoverageKind.None;
                break;
            case StudiesInterrupted i:
                student.Insured.Interruption = new Interruption(i.From, i.Reason, i.Suspends);
                break;
            case InterruptionReasonChanged c:
                student.Insured.Interruption = new Interruption(student.Insured.Interruption?.From ?? c.On, c.Reason, c.Suspends);
                break;
            case StudiesResumed:
                student.Insured.Interruption = null;
                break;
            case RightSuspended s:
                student.Insured.Suspensions = [.. student.Insured.Suspensions, new Suspension(s.Cause, s.From, DateOnly.MaxValue)];
                break;
            case RightResumed r:
                EndSuspension(student.Insured, r);
                break;
            case RightLapsed:
                CloseRight(student.Insured, cutTo: null);
                break;
            case ExemptionDecided x:
                if (x.Granted)
                    student.Insured.Exemptions = [.. student.Insured.Exemptions, new Exemption(x.Illness, x.From, x.Until)];
                break;
            case ApprovalRequested a:
                student.Insured.Approvals = [.. student.Insured.Approvals, new Approval(a.Approval, a.Act, ApprovalState.Requested, a.Units, 0, a.On ?? default, default)];
                break;
            case ApprovalDecided a:
                Change(student, a.Approval, approval => approval with
                {
                    State = a.Units > 0 ? ApprovalState.Granted : ApprovalState.Refused,
                    Units = a.Units,
                    From = a.From,
                    Until = a.Until,
                });
                break;
            case ApprovalUsed u:
                Change(student, u.Approval, approval => approval with
                {
                    Used = approval.Used + u.Units,
                    Takers = [.. approval.Takers ?? [], new ApprovalTaker(u.Claim, u.Units)],
                });
                break;
            case ApprovalLapsed l:
                Change(student, l.Approval, approval => approval with { State = ApprovalState.Lapsed });
                break;
            case CertificateIssued or FactCorrected or CommandRefused or ClockMissed:
                break;
            default:
                throw new InvalidOperationException($"{e.GetType().Name} is not an event of a student");
        }
    }

    private static void BeginYear(Student student, int year, DateOnly enrolledOn)
    {
        if (student.Year != year && student.Insurance is { } insurance)
            insurance.Contribution = null;
        student.Year = (short)year;
        student.EnrolledOn = enrolledOn;
    }

    private static void OpenRight(Insurance insurance, Right right)
    {
        CloseRight(insurance, cutTo: Days.Before(right.From));
        insurance.Rights = [.. insurance.Rights, right];
    }

    /// <summary>Nothing more falls due for the last right; where a renewal takes over, it ends the day before, so that rights never overlap.</summary>
    private static void CloseRight(Insurance insurance, DateOnly? cutTo)
    {
        if (insurance.Rights is not [.., var last])
            return;
        var end = cutTo is { } cut && cut < last.GraceUntil ? cut : last.GraceUntil;
        insurance.Rights[^1] = last with { Lapsed = true, GraceUntil = end };
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

    private static Contribution Account(Student student) => student.Insured.Contribution ??= new Contribution();

    private static void Change(Student student, ulong reference, Func<Approval, Approval> change)
    {
        var approvals = student.Insured.Approvals;
        var index = Array.FindIndex(approvals, approval => approval.Reference == reference);
        if (index >= 0)
            approvals[index] = change(approvals[index]);
    }
}
