using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Bench.Micro;

/// <summary>A student, a claim, and their commands: the same for every benchmark.</summary>
internal static class Samples
{
    public const int Year = 2023;
    public const ulong Sheet = 7 << 8;
    private const int OnouscDesk = 2;

    public static StudentId Id { get; } = new(7);

    public static DateOnly Day { get; } = new(Year, 11, 20);

    public static EnrolmentRecord Enrolment { get; } = new(
        Category.PublicUniversity, Cycle.HigherEducation, false, 11, new DateOnly(2003, 5, 5), true);

    public static ClaimLine[] Lines { get; } =
    [
        new(Act.GeneralPractitioner, CareSector.Private, Day.AddDays(-3), 1, 15_000, 0),
        new(Act.OrdinaryMedicine, CareSector.Private, Day.AddDays(-3), 2, 12_000, 11_000),
        new(Act.Biology, CareSector.Private, Day.AddDays(-2), 120, 18_000, 0),
    ];

    public static DepositClaim Deposit { get; } =
        new(Id, Sheet, Day, Day, ClaimWay.Reimbursement, OnouscDesk, 0, true, FileItems.All, Lines);

    public static DeclarationRecorded Declared { get; } = new(Enrolment, CoverageKind.None, Year, Day);

    public static ApplicationAccepted Accepted { get; } =
        new(Year, new DateOnly(Year, 9, 1), new DateOnly(Year + 1, 8, 31), new DateOnly(Year + 1, 12, 31), null);

    public static ClaimDeposited Deposited { get; } =
        new(Sheet, ClaimWay.Reimbursement, OnouscDesk, 0, FileItems.All, Day, Lines);

    public static ClaimAdjudicated Adjudicated { get; } =
        new(Sheet, [new(Reason.None, 6_400), new(Reason.None, 7_700), new(Reason.None, 9_200)]);

    /// <summary>A student with an entitlement period.</summary>
    public static Student Active()
    {
        var student = new Student(Id);
        StudentEvolver.Evolve(student, Declared);
        StudentEvolver.Evolve(student, Accepted);
        return student;
    }
}
