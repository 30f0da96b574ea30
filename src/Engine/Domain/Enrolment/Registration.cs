using Amoe.Engine.Rules;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>From ANAM's answer to a right: acceptance, refusal, renewal, what is carried over from last year (D3-D8, E1-E3).</summary>
internal static class Registration
{
    public static void Answer(Student student, AnswerFromAnam c, Rulebook rulebook, Decision decision)
    {
        if (student.Application != ApplicationState.WithAnam)
        {
            decision.Refuse(Reason.NotWithAnam);
            return;
        }

        var rules = rulebook.On(student.EnrolledOn);
        var reason = WhyNot(student, c.Coverage, rules);
        if (reason == Reason.None)
            Accept(student, c, rules, decision);
        else
            Refuse(student, reason, decision);
    }

    public static void CarryOver(Student student, CarryOverRegistration c, Rulebook rulebook, Decision decision)
    {
        if (student.IsKnown)
        {
            decision.Refuse(Reason.AlreadyRegistered);
            return;
        }

        var rules = rulebook.On(c.RightFrom);
        var year = rules.AcademicYear(c.Enrolment.Category, c.Year);
        decision.Emit(new RegistrationCarriedOver(c.Enrolment, c.Year, c.RightFrom, year.End, year.End.AddMonths(rules.GraceMonths)));
    }

    public static void Resend(Student student, ResendRegistration c, Decision decision)
    {
        if (student.Insurance is not { Rights.Length: > 0 })
            decision.Refuse(Reason.NeverRegistered);
        else if (c.Year < student.Year)
            decision.Refuse(Reason.YearIsOver);
        else if (student.Year == c.Year && student.Application is not (ApplicationState.None or ApplicationState.Refused))
            decision.Refuse(Reason.AlreadyForwarded);
        else if (student.Year == c.Year && student.DeclaredCoverage != CoverageKind.None)
            decision.Refuse(Reason.NoApplication);
        else
            Resend(student, c.Year, c.Effective, decision);
    }

    private static void Resend(Student student, int year, DateOnly on, Decision decision)
    {
        if (student.Year != year)
            ContributionAccount.HoldWhereNoRight(student, decision);
        decision.Emit(new RegistrationResent(year, on));
    }

    /// <summary>Through whom a category's applications travel (D2, D3).</summary>
    public static ApplicationDesk DeskOf(Category category) => category switch
    {
        Category.Ofppt => ApplicationDesk.Ofppt,
        Category.PrivateVocational or Category.MinistryVocational => ApplicationDesk.AnamPortal,
        _ => ApplicationDesk.Onousc,
    };

    private static Reason WhyNot(Student student, CoverageKind found, RulesInForce rules)
    {
        var enrolment = student.Enrolment;
        if (!rules.IsEligible(enrolment.Cycle))
            return Reason.CycleNotEligible;
        if (!rules.IsExemptFromAgeLimit(enrolment.Cycle) && Entitlement.AgeOn(enrolment.BirthDate, student.EnrolledOn) > rules.AgeMaxYears)
            return Reason.OverAge;
        return found == CoverageKind.None ? Reason.None : (Reason)((int)Reason.CoveredByCnops + (int)found - (int)CoverageKind.Cnops);
    }

    private static void Accept(Student student, AnswerFromAnam c, RulesInForce rules, Decision decision)
    {
        var insurance = student.Insurance;
        var year = rules.AcademicYear(student.Enrolment.Category, student.Year);
        var renewsInTime = insurance?.CurrentRight is { } previous && previous.Year < student.Year && c.Effective <= previous.GraceUntil;
        var from = renewsInTime && year.Start < c.Effective ? year.Start : c.Effective;
        var isDue = rules.PaysContribution(student.Enrolment.Category, student.Enrolment.PaidTrack)
            && insurance?.Contribution is not { IsSettled: true };
        decision.Emit(new ApplicationAccepted(
            student.Year, from, year.End, year.End.AddMonths(rules.GraceMonths), isDue ? c.Effective.AddDays(rules.ContributionDueDays) : null));

        // ANAM's word that there is no other coverage confirms the end of what was reported before (S4).
        if (insurance is { OtherCoverage: not CoverageKind.None })
        {
            decision.Emit(new OtherCoverageEnded(c.Effective.AddDays(-1)));
            if (insurance.IsSuspendedFor(SuspensionCause.OtherCoverage))
                decision.Emit(new RightResumed(SuspensionCause.OtherCoverage, c.Effective));
        }

        // A contribution that never came suspended the year it was due for, not the next one.
        if (insurance?.IsSuspendedFor(SuspensionCause.Contribution) == true)
            decision.Emit(new RightResumed(SuspensionCause.Contribution, from));
        decision.Conclude(Outcome.ApplicationAccepted);
    }

    private static void Refuse(Student student, Reason reason, Decision decision)
    {
        decision.Emit(new ApplicationRefused(student.Year, reason));
        ContributionAccount.HoldWhereNoRight(student, decision);
        decision.Conclude(Outcome.ApplicationRefused, reason);
    }
}
