using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>From ANAM's answer to a right: acceptance, refusal, renewal, what is carried over from last year (D3-D8, E1-E3).</summary>
internal static class Registration
{
    [Rule("D3", "E1", "E2", "E3")]
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
        Situation.Find(student, new CoverageName(c.Coverage, c.Holder), byAnam: true, c, decision);
    }

    [Rule("T8", "D8")]
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

    [Rule("D7")]
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
    [Rule("D2")]
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

    [Rule("D4", "D7", "D8", "C2", "T1", "T3")]
    private static void Accept(Student student, AnswerFromAnam c, RulesInForce rules, Decision decision)
    {
        var insurance = student.Insurance;
        var year = rules.AcademicYear(student.Enrolment.Category, student.Year);
        var renewsInTime = insurance is { Rights: [.., var latest] } && latest.Year < student.Year && c.Effective <= latest.GraceUntil;
        var from = renewsInTime && year.Start < c.Effective ? year.Start : c.Effective;

        // Due once a year, settled or not: a receipt may be taken back. A later acceptance of the year does not move it.
        var owes = rules.PaysContribution(student.Enrolment.Category, student.Enrolment.PaidTrack) && insurance?.HasRightOf(student.Year) != true;
        decision.Emit(new ApplicationAccepted(
            student.Year, from, year.End, year.End.AddMonths(rules.GraceMonths), owes ? c.Effective.AddDays(rules.ContributionDueDays) : null));
        ContributionAccount.Release(student, decision);

        // ANAM's word that there is no other coverage says of none when it ended: that is inferred (S4).
        foreach (var lasting in Coverages.LastingOn(insurance?.CoverageFacts ?? [], c.Effective))
            decision.Emit(new OtherCoverageEnded(Days.Before(c.Effective), lasting.Kind, lasting.Holder, CoverageSource.Inferred));
        FollowAcceptance(student, from, c.Known, decision);
        decision.Conclude(Outcome.ApplicationAccepted);
    }

    /// <summary>Most acceptances need no look at each day: nothing is known that suspends, and the right is the first, or renews one that lasts.</summary>
    private static void FollowAcceptance(Student student, DateOnly from, DateOnly known, Decision decision)
    {
        var rights = student.Insurance?.Rights ?? [];
        if (student.Insurance is { HasFacts: true } or { Suspensions.Length: > 0 })
            Suspending.Follow(student, known, decision);
        else if (rights is [.., var latest])
        {
            if (from < latest.From || known > latest.GraceUntil)
                Suspending.Follow(student, known, decision);
        }
        else if (from <= known)
            decision.Send(new CoverageChanged(from, DateOnly.MaxValue));
    }

    private static void Refuse(Student student, Reason reason, Decision decision)
    {
        decision.Emit(new ApplicationRefused(student.Year, reason));
        ContributionAccount.HoldWhereNoRight(student, decision);
        decision.Conclude(Outcome.ApplicationRefused, reason);
    }
}
