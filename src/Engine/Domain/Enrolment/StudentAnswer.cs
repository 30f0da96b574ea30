using Amoe.Engine.Domain.Claims;

namespace Amoe.Engine.Domain.Enrolment;

/// <summary>
/// Asks how far the student's file has come (D9, K7), and whose it is. Answered with a <see cref="StudentAnswer"/>,
/// also about a student that the fund does not know.
/// </summary>
/// <param name="Claim">A claim whose provider is asked for too; 0 for none.</param>
public sealed record AskStudent(StudentId Student, ulong Claim, DateOnly Known) : Query(Student, Known)
{
    public override CommandKind Kind => CommandKind.AskStudent;
}

/// <summary>The answer to <see cref="AskStudent"/>.</summary>
/// <param name="Application">How far the last application has come (D3).</param>
/// <param name="Year">The academic year of the last declaration or registration; 0 for a student who is not
/// known.</param>
/// <param name="Enrolment">As last declared; of no category for a student who is not known.</param>
/// <param name="Coverage">The other coverage of the last declaration.</param>
/// <param name="Reason">Why the student is not entitled on the day of the question, or none.</param>
/// <param name="CertificateUntil">The last day the certificate runs to (D5), where there is a right.</param>
public sealed record StudentAnswer(
    ApplicationState Application, int Year, EnrolmentRecord Enrolment, CoverageKind Coverage, Reason Reason,
    DateOnly? CertificateUntil)
{
    /// <summary>What is owed for the last year that has an account (C1-C3), in centimes.</summary>
    public long OwedCentimes { get; init; }

    /// <summary>What of it the fund has received, in centimes.</summary>
    public long ReceivedCentimes { get; init; }

    /// <summary>The last day on which the contribution is in time; null while nothing is owed.</summary>
    public DateOnly? Due { get; init; }

    /// <summary>The provider of the claim that was asked about; 0 where it has none, or is not known.</summary>
    public int Provider { get; init; }

    /// <summary>True where the fund has heard of the student.</summary>
    public bool IsKnown => Year != 0;

    /// <summary>Answers for a student as he is now.</summary>
    internal static StudentAnswer Of(Student student, Claim? claim, DateOnly day)
    {
        var account = student.Insurance?.Contribution;
        return new StudentAnswer(
            student.Application, student.Year, student.Enrolment, student.DeclaredCoverage,
            Entitlement.On(student, day), Entitlement.CertificateUntil(student, day))
        {
            OwedCentimes = account?.OwedCentimes ?? 0,
            ReceivedCentimes = account?.ReceivedCentimes ?? 0,
            Due = account?.Due,
            Provider = claim?.Provider ?? 0,
        };
    }
}
