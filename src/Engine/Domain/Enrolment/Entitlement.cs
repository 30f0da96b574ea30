namespace Amoe.Engine.Domain.Enrolment;

/// <summary>"Is he entitled on this date?" (D4, D5, D8, S1-S3), from the intervals known now.</summary>
public static class Entitlement
{
    /// <summary>Why the student is not entitled on a date, or <see cref="Reason.None"/> when he is.</summary>
    public static Reason On(Student student, DateOnly date)
    {
        if (student.Insurance is not { Rights.Length: > 0 } insurance)
            return Reason.NeverEntitled;
        var rights = insurance.Rights;
        var covered = false;
        foreach (var right in rights)
            covered |= right.Covers(date);
        if (!covered)
            return date < rights[^1].From ? Reason.CareBeforeRight : Reason.CareAfterRight;
        foreach (var suspension in insurance.Suspensions)
        {
            if (suspension.Covers(date))
                return ReasonFor(suspension.Cause);
        }

        return Reason.None;
    }

    /// <summary>The last day the certificate of registration runs to on a date: the end of the year of the right that covers it (D5).</summary>
    public static DateOnly? CertificateUntil(Student student, DateOnly date)
    {
        if (On(student, date) != Reason.None)
            return null;
        foreach (var right in student.Insurance!.Rights)
        {
            if (right.Covers(date) && date <= right.Until)
                return right.Until;
        }

        return null;
    }

    /// <summary>Completed years of age on a date (E2); one born on 29 February completes a year on the 28th where there is no 29th.</summary>
    public static int AgeOn(DateOnly birthDate, DateOnly date)
    {
        var years = date.Year - birthDate.Year;
        return birthDate.AddYears(years) > date ? years - 1 : years;
    }

    private static Reason ReasonFor(SuspensionCause cause) => cause switch
    {
        SuspensionCause.Contribution => Reason.SuspendedForContribution,
        SuspensionCause.OtherCoverage => Reason.SuspendedForOtherCoverage,
        _ => Reason.SuspendedForInterruption,
    };
}
