using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Scenarios.Lives;

/// <summary>
/// Commands with one impossible value, as from a slip, a defect or an attempt to break the engine.
/// </summary>
internal static class Nonsense
{
    private static readonly DateOnly[] AbsurdDays = [
        DateOnly.MinValue, new(1899, 12, 31), new(2101, 1, 1), DateOnly.MaxValue
    ];

    public static Command Of(Command command, Dice dice) =>
        dice.Chance(30) || command is Query ? OutOfTime(command, dice) : command switch
        {
            DepositClaim c => OfDeposit(c, dice),
            CompleteClaim c => c with { Items = (FileItems)uint.MaxValue },
            Declare c =>
                dice.Of(
                    c with { Year = dice.Of(int.MinValue, 0, 70_000) }, c with { Coverage = (CoverageKind)255 },
                    c with { Enrolment = Of(c.Enrolment, dice) }),
            CarryOverRegistration c =>
                dice.Of(
                    c with { Year = int.MaxValue }, c with { RightFrom = dice.Of(AbsurdDays) },
                    c with { Enrolment = Of(c.Enrolment, dice) }),
            ResendRegistration c => c with { Year = dice.Of(int.MinValue, -1, int.MaxValue) },
            AnswerFromAnam c => c with { Coverage = (CoverageKind)200 },
            PayContribution c => c with { Institution = int.MinValue },
            PresentReceipt c => c with { Institution = -1 },
            ReportOtherCoverage c => c with { Coverage = dice.Of(CoverageKind.None, (CoverageKind)77) },
            InterruptStudies c => c with { Reason = (InterruptionReason)32 },
            ChangeInterruptionReason c => c with { Reason = (InterruptionReason)255 },
            DecideExemption c =>
                dice.Of(c with { Until = dice.Of(AbsurdDays) }, c with { Illness = dice.Of(0, -1, int.MaxValue) }),
            RequestApproval c =>
                dice.Of(
                    c with { Act = dice.Of(Act.None, (Act)33, (Act)255) },
                    c with { Units = dice.Of(int.MinValue, 0, int.MaxValue) }),
            DecideApproval c => c with { Units = dice.Of(int.MinValue, -1, int.MaxValue) },
            _ => OutOfTime(command, dice),
        };

    private static Command OutOfTime(Command command, Dice dice) => command is Query || dice.Chance(30)
        ? command with { Known = dice.Of(AbsurdDays) }
        : command with
        {
            Effective = dice.Chance(50)
                ? dice.Of(AbsurdDays)
                : command.Known.AddDays(CommandBounds.EffectiveAheadDaysMax + 1)
        };

    private static DepositClaim OfDeposit(DepositClaim c, Dice dice) => dice.Below(5) switch
    {
        0 => c with { Way = (ClaimWay)2 },
        1 => c with { Items = (FileItems)(1u << 31) },
        2 => c with { Provider = -1 },
        3 => c with { Desk = dice.Of(int.MinValue, -1, 0, int.MaxValue) },
        _ => c with { Lines = [.. c.Lines, Of(c.Lines.Length > 0 ? c.Lines[0] : default, dice)] },
    };

    private static ClaimLine Of(ClaimLine line, Dice dice) => dice.Below(7) switch
    {
        0 => line with { Act = dice.Of(Act.None, (Act)33, (Act)255) },
        1 => line with { Sector = dice.Of((CareSector)3, (CareSector)255) },
        2 => line with { Quantity = dice.Of((ushort)0, ushort.MaxValue) },
        3 => line with { PaidCentimes = uint.MaxValue },
        4 => line with { ReferenceCentimes = uint.MaxValue },
        5 => line with { Circumstances = (Circumstances)255 },
        _ => line with { CareDate = dice.Of(DateOnly.MinValue, new(2015, 12, 31)) },
    };

    private static EnrolmentRecord Of(EnrolmentRecord enrolment, Dice dice) => dice.Below(4) switch
    {
        0 => enrolment with { Category = dice.Of(Category.None, (Category)11, (Category)255) },
        1 => enrolment with { Cycle = dice.Of(Cycle.None, (Cycle)64, (Cycle)255) },
        2 => enrolment with { Institution = -1 },
        _ => enrolment with { BirthDate = dice.Of(DateOnly.MinValue, new(2025, 9, 1), DateOnly.MaxValue) },
    };
}
