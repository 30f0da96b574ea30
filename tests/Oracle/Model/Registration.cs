using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>Declaration, application, right and renewal (D1-D8, E1-E3).</summary>
internal sealed class Registration(Scheme scheme, Sums sums)
{
    public OracleReply CarryOver(Person person, CarryOverRegistration c)
    {
        if (person.IsKnown)
            return OracleReply.Refused(Reason.AlreadyRegistered);
        (person.Year, person.Application, person.Enrolment, person.EnrolledOn) = (c.Year, Application.Accepted, c.Enrolment, c.Effective);
        Grant(person, c.Year, c.RightFrom);
        sums.CarriedOver++;
        return OracleReply.Done;
    }

    public OracleReply Declare(Person person, Declare c)
    {
        var isCovered = c.Coverage != CoverageKind.None;
        if (c.Year < person.Year)
        {
            if (!isCovered)
                return OracleReply.Refused(Reason.YearIsOver);
            sums.Declarations++;
            return OracleReply.Done;
        }

        var isUnderWayOrAccepted = c.Year == person.Year && (IsUnderWay(person) || person.Application == Application.Accepted);
        if (!isCovered && isUnderWayOrAccepted)
            return OracleReply.Refused(Reason.AlreadyDeclared);
        sums.Declarations++;
        (person.Year, person.Enrolment, person.EnrolledOn) = (c.Year, c.Enrolment, c.Effective);
        person.Application = isCovered ? Application.None : Application.Declared;
        if (!isCovered)
            sums.Applications++;
        else if (person.HasAnyRight)
            Facts.Covered(person, c.Effective);
        return OracleReply.Done;
    }

    public static OracleReply Forward(Person person, ForwardApplication c)
    {
        if (!person.IsKnown)
            return OracleReply.Refused(Reason.NotDeclared);
        if (person.Application == Application.None)
            return OracleReply.Refused(Reason.NoApplication);
        if (person.Application != Application.Declared)
            return OracleReply.Refused(Reason.AlreadyForwarded);
        var desk = person.Enrolment.Category switch
        {
            Category.Ofppt => ApplicationDesk.Ofppt,
            Category.PrivateVocational or Category.MinistryVocational => ApplicationDesk.AnamPortal,
            _ => ApplicationDesk.Onousc,
        };
        if (c.Desk != desk)
            return OracleReply.Refused(Reason.WrongApplicationDesk);
        person.Application = Application.Forwarded;
        return OracleReply.Done;
    }

    public static OracleReply Transmit(Person person)
    {
        if (person.Application != Application.Forwarded)
            return OracleReply.Refused(Reason.NotForwarded);
        person.Application = Application.WithAnam;
        return OracleReply.Done;
    }

    public OracleReply Answer(Person person, AnswerFromAnam c)
    {
        if (person.Application != Application.WithAnam)
            return OracleReply.Refused(Reason.NotWithAnam);
        var refusal = WhyNot(person, c.Coverage);
        if (c.Coverage != CoverageKind.None && person.HasAnyRight)
            Facts.Covered(person, c.Effective);
        if (refusal != Reason.None)
        {
            person.Application = Application.Refused;
            sums.ApplicationsRefused++;
            return new OracleReply(Outcome.ApplicationRefused, refusal);
        }

        Accept(person, c.Effective);
        sums.Accepted++;
        return new OracleReply(Outcome.ApplicationAccepted);
    }

    public OracleReply Resend(Person person, ResendRegistration c)
    {
        if (!person.HasAnyRight)
            return OracleReply.Refused(Reason.NeverRegistered);
        if (c.Year < person.Year)
            return OracleReply.Refused(Reason.YearIsOver);
        if (c.Year == person.Year && (IsUnderWay(person) || person.Application == Application.Accepted))
            return OracleReply.Refused(Reason.AlreadyForwarded);
        if (c.Year == person.Year && person.Application == Application.None)
            return OracleReply.Refused(Reason.NoApplication);
        (person.Year, person.EnrolledOn, person.Application) = (c.Year, c.Effective, Application.Forwarded);
        sums.Applications++;
        sums.Resent++;
        return OracleReply.Done;
    }

    public OracleReply Certify(Person person, DateOnly day)
    {
        var standing = new EntitledDays(person, scheme);
        var isEntitled = standing.WhyNot(day) == Reason.None && day <= standing.RightOn(day)!.YearEnds;
        return isEntitled ? OracleReply.Done : OracleReply.Refused(Reason.NoRightToCertify);
    }

    public static bool IsUnderWay(Person person) => person.Application is Application.Declared or Application.Forwarded or Application.WithAnam;

    private Reason WhyNot(Person person, CoverageKind found)
    {
        var (cycle, born, enrolled) = (person.Enrolment.Cycle, person.Enrolment.BirthDate, person.EnrolledOn);
        if (!Scheme.IsEligible(cycle))
            return Reason.CycleNotEligible;

        // He is over the limit from the birthday on which he completes one year more.
        if (Scheme.HasAgeLimit(cycle) && born.AddYears(scheme.AgeMax.On(enrolled) + 1) <= enrolled)
            return Reason.OverAge;
        return found switch
        {
            CoverageKind.None => Reason.None,
            CoverageKind.Cnops => Reason.CoveredByCnops,
            CoverageKind.Cnss => Reason.CoveredByCnss,
            CoverageKind.Ramed => Reason.CoveredByRamed,
            CoverageKind.ArmedForces => Reason.CoveredByArmedForces,
            CoverageKind.Article114 => Reason.CoveredByArticle114,
            _ => Reason.CoveredByOtherScheme,
        };
    }

    private void Accept(Person person, DateOnly day)
    {
        var year = person.Year!.Value;
        var isFirstOfYear = person.AcceptedYears.Add(year);
        var from = day;
        var yearBegins = Scheme.AcademicYear(year).First;
        if (person.Rights is [.., var latest] && latest.Year < year && latest.Until >= day && yearBegins < day)
            from = yearBegins;
        person.Application = Application.Accepted;
        Grant(person, year, from);
        if (isFirstOfYear && Scheme.Owes(person.Enrolment))
            person.ContributionOf(year).Due = day.AddDays(scheme.ContributionDueDays.On(day));
        if (Facts.IsCovered(person, day))
            Facts.CoverageEnds(person, day.AddDays(-1));
    }

    private void Grant(Person person, int year, DateOnly from)
    {
        var yearEnds = Scheme.AcademicYear(year).Last;
        if (person.Rights is [.., var latest] && latest.Until >= from)
            latest.Until = from.AddDays(-1);
        person.Rights.Add(new YearRight(year, from, yearEnds, yearEnds.AddMonths(scheme.GraceMonths.On(yearEnds))));
    }
}
