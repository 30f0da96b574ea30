using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Reference;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>Ordinary commands for tests of the runtime. Other tests check their meaning.</summary>
internal static class Traffic
{
    public static readonly DateOnly Day = new(2025, 9, 15);

    public static readonly EnrolmentRecord University =
        new(Category.PublicUniversity, Cycle.HigherEducation, false, 3, new DateOnly(2005, 4, 2), HasBankAccount: true);

    public static Declare Declare(
        ulong student, ulong reference = 1, CoverageKind coverage = CoverageKind.None, DateOnly? on = null) =>
        new(new StudentId(student), reference, on ?? Day, on ?? Day, University, coverage, 2025);

    /// <summary>From the declaration to the entitlement period, all on one day.</summary>
    public static Command[] Registered(ulong student, DateOnly? on = null)
    {
        var (id, day) = (new StudentId(student), on ?? Day);
        return
        [
            Declare(student, on: day),
            new ForwardApplication(id, 7, day, day, ApplicationDesk.Onousc),
            new TransmitApplication(id, 7, day, day),
            new AnswerFromAnam(id, 7, day, day, CoverageKind.None),
        ];
    }

    public static DepositClaim Deposit(
        ulong student, ulong sheet, DateOnly care, DateOnly? on = null, FileItems items = FileItems.All) => new(
        new StudentId(student), sheet, on ?? care, on ?? care, ClaimWay.Reimbursement, ReferenceData.FundDeskId, 0,
        true, items,
        [
            new ClaimLine(Act.GeneralPractitioner, CareSector.Private, care, 1, 10_000, 0),
            new ClaimLine(Act.OrdinaryMedicine, CareSector.Private, care, 2, 8_035, 8_035),
        ]);

    /// <summary>A claim from deposit to payment, all on one day.</summary>
    public static Command[] PaidClaim(ulong student, ulong sheet, DateOnly day)
    {
        var id = new StudentId(student);
        return
        [
            Deposit(student, sheet, day),
            new ReceiveClaim(id, sheet, day, day),
            new OrderPayment(id, sheet, day, day),
            new ConfirmPayment(id, sheet, day, day),
        ];
    }
}
