using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Oracle.Model;

/// <summary>Declaration, application, entitlement period and renewal (D1-D8, E1-E3).</summary>
internal sealed class Registration(Scheme scheme, Sums sums)
{
    public OracleReply CarryOver(Person person, CarryOverRegistration c)
    {
        if (person.IsKnown)
            return OracleReply.Refused(Reason.AlreadyRegistered);
        (person.Year, person.Application, person.Enrolment, person.EnrolledOn) = (c.Year, Application.Accepted,
            c.Enrolment, c.Effective);
        person.Categories.Add(c.Enrolment.Category);
        person.AccountOf(c.Year).IsCarriedOver = true;
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

        // At another institution it is a further enrolment of the year (D7).
        var isFurther = !isCovered
            && c.Year == person.Year
            && (IsUnderWay(person) || person.Application == Application.Accepted);
        if (isFurther && c.Enrolment.Institution == person.Enrolment.Institution)
            return OracleReply.Refused(Reason.AlreadyDeclared);
        sums.Declarations++;
        Enrol(person, c);
        if (isFurther)
        {
            if (person.Application == Application.Accepted)
                new Contributions(scheme, sums).Owe(person, c.Effective);
            return OracleReply.Done;
        }

        person.Application = isCovered ? Application.None : Application.Declared;
        if (!isCovered)
            sums.Applications++;
        else if (person.HasAnyRight)
            Coverages.Begins(person, new CoverageName(c.Coverage, c.Holder), c.Effective, Word.Student);
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
        var refusal = Validate(person, c.Coverage);
        if (c.Coverage != CoverageKind.None && person.HasAnyRight)
            Coverages.Begins(person, new CoverageName(c.Coverage, c.Holder), c.Effective, Word.Anam);
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
        if (c.Year != person.Year)
            BeginYear(person, person.Enrolment.Category);
        (person.Year, person.EnrolledOn, person.Application) = (c.Year, c.Effective, Application.Forwarded);
        sums.Applications++;
        sums.Resent++;
        return OracleReply.Done;
    }

    public OracleReply Certify(Person person, DateOnly day)
    {
        var standing = new EntitledDays(person, scheme);
        var isEntitled = standing.Validate(day) == Reason.None && day <= standing.RightOn(day)!.YearEnds;
        return isEntitled ? OracleReply.Done : OracleReply.Refused(Reason.NoRightToCertify);
    }

    public static bool IsUnderWay(Person person) =>
        person.Application is Application.Declared or Application.Forwarded or Application.WithAnam;

    private Reason Validate(Person person, CoverageKind found)
    {
        var (cycle, born, enrolled) = (person.Enrolment.Cycle, person.Enrolment.BirthDate, person.EnrolledOn);
        if (!Scheme.IsEligible(cycle))
            return Reason.CycleNotEligible;

        // Over the limit from the birthday on which one year more is completed.
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

    /// <summary>
    /// The enrolment declared last is the one on record; the desks of the others of the year stay open (D7).
    /// </summary>
    private static void Enrol(Person person, Declare c)
    {
        if (c.Year != person.Year)
            BeginYear(person, c.Enrolment.Category);
        person.Categories.Add(c.Enrolment.Category);
        (person.Year, person.Enrolment, person.EnrolledOn) = (c.Year, c.Enrolment, c.Effective);
    }

    private static void BeginYear(Person person, Category category)
    {
        person.Categories.Clear();
        person.Categories.Add(category);
    }

    private void Accept(Person person, DateOnly day)
    {
        var year = person.Year!.Value;
        var from = day;
        var yearBegins = Scheme.AcademicYear(year).First;
        if (person.Rights is [.., var latest] && latest.Year < year && latest.Until >= day && yearBegins < day)
            from = yearBegins;
        person.Application = Application.Accepted;
        Grant(person, year, from);
        new Contributions(scheme, sums).Owe(person, day);
        Coverages.InferEnds(person, day);
    }

    private void Grant(Person person, int year, DateOnly from)
    {
        var yearEnds = Scheme.AcademicYear(year).Last;
        if (person.Rights is [.., var latest] && latest.Until >= from)
            latest.Until = from.AddDays(-1);
        person.Rights.Add(new YearRight(year, from, yearEnds, yearEnds.AddMonths(scheme.GraceMonths.On(yearEnds))));
    }
}
