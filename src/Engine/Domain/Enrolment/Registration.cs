using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// From ANAM's answer to a right: acceptance, refusal, renewal, what is carried over from last year (D3-D8, E1-E3).
/// </summary>
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
        var reason = Validate(student, c.Coverage, rules);
        if (reason == Reason.None)
            Accept(student, c, rulebook, decision);
        else
            Refuse(student, reason, rulebook, decision);
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
        decision.Emit(
            new RegistrationCarriedOver(
                c.Enrolment, c.Year, c.RightFrom, year.End, year.End.AddMonths(rules.GraceMonths)));
    }

    [Rule("D7")]
    public static void Resend(Student student, ResendRegistration c, Rulebook rulebook, Decision decision)
    {
        if (student.Insurance is not { Rights.Length: > 0 })
            decision.Refuse(Reason.NeverRegistered);
        else if (c.Year < student.Year)
            decision.Refuse(Reason.YearIsOver);
        else if (student.Year == c.Year
            && student.Application is not (ApplicationState.None or ApplicationState.Refused))
            decision.Refuse(Reason.AlreadyForwarded);
        else if (student.Year == c.Year && student.DeclaredCoverage != CoverageKind.None)
            decision.Refuse(Reason.NoApplication);
        else
        {
            decision.Emit(new RegistrationResent(c.Year, c.Effective));
            ContributionAccount.Hold(student, rulebook, decision);
        }
    }

    /// <summary>
    /// Another institution of the year, while its application is under way or accepted: a transfer, or a second
    /// enrolment. The contribution follows each enrolment, but a year has one.
    /// </summary>
    [Rule("D7", "C2", "C4", "T3")]
    public static void EnrolFurther(Student student, Declare c, Rulebook rulebook, Decision decision)
    {
        var isAccepted = student.Insurance?.HasRightOf(student.Year) == true;
        var (due, centimes) = isAccepted ? Owed(student, c.Enrolment, c.Effective, c.Effective, rulebook) : (null, 0);
        decision.Emit(new FurtherEnrolmentRecorded(c.Enrolment, c.Year, c.Effective, due, centimes));
        ContributionAccount.Hold(student, rulebook, decision);
        if (due is not null)
            Suspending.Follow(student, c.Known, decision);
    }

    /// <summary>By which office a category's applications travel (D2, D3).</summary>
    [Rule("D2")]
    public static ApplicationDesk DeskOf(Category category) => category switch
    {
        Category.Ofppt => ApplicationDesk.Ofppt,
        Category.PrivateVocational or Category.MinistryVocational => ApplicationDesk.AnamPortal,
        _ => ApplicationDesk.Onousc,
    };

    private static Reason Validate(Student student, CoverageKind found, RulesInForce rules)
    {
        var enrolment = student.Enrolment;
        if (!rules.IsEligible(enrolment.Cycle))
            return Reason.CycleNotEligible;
        if (!rules.IsExemptFromAgeLimit(enrolment.Cycle)
            && Entitlement.AgeOn(enrolment.BirthDate, student.EnrolledOn) > rules.AgeMaxYears)
            return Reason.OverAge;
        return found == CoverageKind.None
            ? Reason.None
            : (Reason)((int)Reason.CoveredByCnops + (int)found - (int)CoverageKind.Cnops);
    }

    /// <summary>
    /// What an enrolment of the year on record makes owed on a day, and by when; nothing where the year owes already,
    /// or was carried over.
    /// </summary>
    private static (DateOnly? Due, long Centimes) Owed(
        Student student, in EnrolmentRecord enrolment, DateOnly enrolledOn, DateOnly on, Rulebook rulebook)
    {
        // Owed once a year, settled or not: a receipt may be taken back.
        if (student.Enrolments.IsCarriedOver || student.Insurance?.ContributionOf(student.Year)?.Due is not null)
            return (null, 0);
        var owes = ContributionAccount.Owes(enrolment, student.Year, enrolledOn, rulebook);
        return owes > 0 ? (on.AddDays(rulebook.On(on).ContributionDueDays), owes) : (null, 0);
    }

    [Rule("D4", "D7", "D8", "C2", "T1", "T3")]
    private static void Accept(Student student, AnswerFromAnam c, Rulebook rulebook, Decision decision)
    {
        var (insurance, rules) = (student.Insurance, rulebook.On(student.EnrolledOn));
        var year = rules.AcademicYear(student.Enrolment.Category, student.Year);
        var renewsInTime = insurance is { Rights: [.., var latest] }
            && latest.Year < student.Year
            && c.Effective <= latest.GraceUntil;
        var from = renewsInTime && year.Start < c.Effective ? year.Start : c.Effective;
        var (due, centimes) = Owed(student, student.Enrolment, student.EnrolledOn, c.Effective, rulebook);
        decision.Emit(
            new ApplicationAccepted(
                student.Year, from, year.End, year.End.AddMonths(rules.GraceMonths), due, centimes));
        ContributionAccount.Hold(student, rulebook, decision);

        // ANAM's word that there is no other coverage says of none when it ended: that is inferred (S4).
        foreach (var lasting in Coverages.LastingOn(insurance?.CoverageFacts ?? [], c.Effective))
            decision.Emit(
                new OtherCoverageEnded(
                    Days.Before(c.Effective), lasting.Kind, lasting.Holder, CoverageSource.Inferred));
        FollowAcceptance(student, from, c.Known, decision);
        decision.Conclude(Outcome.ApplicationAccepted);
    }

    /// <summary>
    /// Most acceptances need no look at each day: nothing is known that suspends, and the right is the first, or renews
    /// one that lasts.
    /// </summary>
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

    private static void Refuse(Student student, Reason reason, Rulebook rulebook, Decision decision)
    {
        decision.Emit(new ApplicationRefused(student.Year, reason));
        ContributionAccount.Hold(student, rulebook, decision);
        decision.Conclude(Outcome.ApplicationRefused, reason);
    }
}
