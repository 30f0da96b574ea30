using Amoe.Engine.Vocabulary;
namespace Amoe.Engine.Domain.Enrolment;

/// <summary>"Is he entitled on this date?" (D4, D5, D8, S1-S3), from the intervals known now.</summary>
public static class Entitlement
{
    /// <summary>Why the student is not entitled on a date, or <see cref="Reason.None"/> when he is.</summary>
    [Rule("D4", "D8", "K3", "S1", "S2", "S3")]
    public static Reason On(Student student, DateOnly date)
    {
        if (student.Insurance is not { Rights.Length: > 0 } insurance)
            return Reason.NeverEntitled;
        var (began, covered) = (false, false);
        foreach (var right in insurance.Rights)
        {
            began |= right.From <= date;
            covered |= right.Covers(date);
        }

        if (!covered)
            return began ? Reason.CareAfterRight : Reason.CareBeforeRight;

        // The first of S1, S2, S3, whatever the order in which they were learnt.
        var cause = SuspensionCause.None;
        foreach (var suspension in insurance.Suspensions)
        {
            if (suspension.Covers(date) && (cause == SuspensionCause.None || suspension.Cause < cause))
                cause = suspension.Cause;
        }

        return ReasonFor(cause);
    }

    /// <summary>
    /// The last day the certificate of registration runs to on a date: the end of the year of the right that covers it
    /// (D5).
    /// </summary>
    [Rule("D5")]
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

    /// <summary>
    /// Completed years of age on a date (E2); one born on 29 February completes a year on the 28th where there is no
    /// 29th.
    /// </summary>
    [Rule("E2")]
    public static int AgeOn(DateOnly birthDate, DateOnly date)
    {
        var years = date.Year - birthDate.Year;
        return birthDate.AddYears(years) > date ? years - 1 : years;
    }

    private static Reason ReasonFor(SuspensionCause cause) => cause switch
    {
        SuspensionCause.None => Reason.None,
        SuspensionCause.Contribution => Reason.SuspendedForContribution,
        SuspensionCause.OtherCoverage => Reason.SuspendedForOtherCoverage,
        _ => Reason.SuspendedForInterruption,
    };
}
