using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Domain.Enrolment;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Domain;

/// <summary>
/// Rejects what no decider is asked to decide: values that no catalogue has, numbers that no file could mean, dates
/// without rules. After it a decider may look up any rule, and the journal keeps every field whole.
/// </summary>
internal static class CommandBounds
{
    /// <summary>No partition opens an earlier day.</summary>
    public static readonly DateOnly FirstDay = new(2000, 1, 1);

    /// <summary>Nothing is known, decided or promised later.</summary>
    public static readonly DateOnly LastDay = new(2100, 12, 31);

    /// <summary>
    /// Other coverage may have begun at birth, long before the scheme: it is compared with entitlement periods and
    /// never priced.
    /// </summary>
    public static readonly DateOnly CoverageFirstDay = new(1900, 1, 1);

    /// <summary>How long before it takes effect a fact may be reported, in days.</summary>
    public const int EffectiveAheadDaysMax = 366;

    /// <summary>How far an academic year may lie from the calendar year of the day that speaks of it.</summary>
    public const int YearsApartMax = 2;

    public const int AgeYearsMin = 10;
    public const int AgeYearsMax = 100;

    /// <summary>One million dirhams: the sum of the most lines of a sheet still fits into 32 bits.</summary>
    public const uint LineCentimesMax = 100_000_000;

    /// <summary>One million dirhams: no money is refused, but a slip of the pen is (C5).</summary>
    public const long ContributionCentimesMax = 100_000_000;

    /// <summary>Sessions, boxes, or a cotation, of one line.</summary>
    public const int QuantityMax = 10_000;

    /// <summary>Units of one approval.</summary>
    public const int UnitsMax = 10_000;

    /// <summary>Numbers of the Health Minister's list of illnesses; there are 41 today.</summary>
    public const int IllnessMax = 999;

    /// <summary>Permanent teeth: a prosthesis has no more elements.</summary>
    public const int ElementsMax = 32;

    /// <summary>Payments of one claim.</summary>
    public const int PaymentsMax = 9_999;

    private const Circumstances AnyCircumstances =
        Circumstances.Ophthalmologist
            | Circumstances.ContractedClinic
            | Circumstances.Emergency
            | Circumstances.AbroadJustified;

    /// <summary>True for a day that a partition can open.</summary>
    public static bool IsDay(DateOnly day) => day >= FirstDay && day <= LastDay;

    /// <summary>The first day on which a command of a kind may take effect.</summary>
    public static DateOnly FirstEffective(CommandKind kind, DateOnly rulesBegin) =>
        kind is CommandKind.ReportOtherCoverage or CommandKind.EndOtherCoverage or CommandKind.CorrectFact
            ? CoverageFirstDay
            : rulesBegin;

    /// <summary>Why a command is refused before anyone looks at the student, or <see cref="Reason.None"/>.</summary>
    public static Reason Validate(Command command, Rulebook rulebook)
    {
        if (!IsEffective(command, rulebook.FirstDay))
            return Reason.DateOutOfBounds;
        return command switch
        {
            DepositClaim c => Of(c, rulebook.FirstDay),
            CompleteClaim c => (c.Items & ~FileItems.All) != 0 ? Reason.Malformed : Of(c.Lines, rulebook.FirstDay),
            ConfirmPayment c => Malformed(c.Payment is < 0 or > PaymentsMax),
            ReportPaymentReturned c => Malformed(c.Payment is < 0 or > PaymentsMax),
            RecoverOverpayment c => Malformed(c.AmountCentimes < 1 || c.Payee > Payee.Provider),
            ClaimCommand => Reason.None,
            Declare c =>
                Of(c.Enrolment, c.Year, c) is var reason and not Reason.None
                    ? reason
                    : Malformed(IsUnknown(c.Coverage, c.Holder)),
            CarryOverRegistration c => Of(c, rulebook.FirstDay),
            ResendRegistration c => AreApart(c.Year, c.Effective) ? Reason.DateOutOfBounds : Reason.None,
            AnswerFromAnam c => Malformed(IsUnknown(c.Coverage, c.Holder)),
            PayContribution c =>
                AreApart(c.Year, c.Effective)
                    ? Reason.DateOutOfBounds
                    : Malformed(c.Institution < 0 || IsNoContribution(c.AmountCentimes)),
            ReceiveContribution c =>
                AreApart(c.Year, c.Effective) ? Reason.DateOutOfBounds : Malformed(IsNoContribution(c.AmountCentimes)),
            PresentReceipt c => Malformed(c.Institution < 0),
            ReportOtherCoverage c => Malformed(c.Coverage == CoverageKind.None || IsUnknown(c.Coverage, c.Holder)),
            EndOtherCoverage c => Malformed(IsUnknown(c.Coverage, c.Holder)),
            CorrectFact c => Malformed(IsUnknown(c.Coverage, c.Holder)),
            InterruptStudies c => Malformed(c.Reason > InterruptionReason.Personal),
            ChangeInterruptionReason c => Malformed(c.Reason > InterruptionReason.Personal),
            DecideExemption c =>
                c.Until < c.Effective || c.Until > LastDay
                    ? Reason.DateOutOfBounds
                    : Malformed(c.Illness is < 1 or > IllnessMax),
            RequestApproval c => Malformed(IsUnknown(c.Act) || c.Units is < 1 or > UnitsMax),
            DecideApproval c => Malformed(c.Units is < 0 or > UnitsMax),
            _ => Reason.None,
        };
    }

    private static bool IsEffective(Command command, DateOnly rulesBegin)
    {
        var effective = command.Effective;
        return effective >= FirstEffective(command.Kind, rulesBegin)
            && effective <= LastDay
            && effective.DayNumber - command.Known.DayNumber <= EffectiveAheadDaysMax;
    }

    private static Reason Of(DepositClaim c, DateOnly rulesBegin)
    {
        if (c.Way > ClaimWay.ThirdParty
            || (c.Items & ~FileItems.All) != 0
            || c.Provider < 0
            || (c.Way == ClaimWay.ThirdParty && c.Provider == 0))
            return Reason.Malformed;

        return Of(c.Lines, rulesBegin);
    }

    private static Reason Of(ClaimLine[] lines, DateOnly rulesBegin)
    {
        // Behind the most that a sheet has nothing is looked at: the file is refused for their number.
        foreach (ref readonly var line in lines.AsSpan(0, Math.Min(lines.Length, DepositClaim.MaxLines)))
        {
            if (line.CareDate < rulesBegin)
                return Reason.DateOutOfBounds;
            if (IsUnknown(line.Act) || line.Sector > CareSector.Abroad || (line.Circumstances & ~AnyCircumstances) != 0
                || line.Quantity is 0 or > QuantityMax
                || line.PaidCentimes > LineCentimesMax
                || line.ReferenceCentimes > LineCentimesMax
                || line.GenericCentimes > LineCentimesMax || line.Prosthesis.Elements > ElementsMax)
                return Reason.Malformed;
        }

        return Reason.None;
    }

    private static Reason Of(CarryOverRegistration c, DateOnly rulesBegin) =>
        c.RightFrom < rulesBegin || AreApart(c.Year, c.RightFrom) ? Reason.DateOutOfBounds : Of(c.Enrolment, c.Year, c);

    private static Reason Of(in EnrolmentRecord enrolment, int year, Command command)
    {
        if (enrolment.Category is Category.None or > Category.MinistryVocational
            || enrolment.Cycle is Cycle.None or > Cycle.BelowBaccalaureate
            || enrolment.Institution < 0)
            return Reason.Malformed;
        return !IsAge(enrolment.BirthDate, command.Effective) || AreApart(year, command.Effective)
            ? Reason.DateOutOfBounds
            : Reason.None;
    }

    /// <summary>True for a date of birth at which a person may be a student on a day.</summary>
    public static bool IsAge(DateOnly born, DateOnly on) => on.Year - born.Year is >= AgeYearsMin and <= AgeYearsMax;

    /// <summary>True for an academic year that cannot be spoken of on a day.</summary>
    public static bool AreApart(int year, DateOnly day) => Math.Abs((long)year - day.Year) > YearsApartMax;

    private static bool IsNoContribution(long centimes) => centimes is < 1 or > ContributionCentimesMax;

    private static bool IsUnknown(CoverageKind coverage, CoverageHolder holder) =>
        coverage > CoverageKind.OtherScheme || holder > CoverageHolder.Other;

    private static bool IsUnknown(Act act) => act is Act.None or > Act.CareAbroad;

    private static Reason Malformed(bool isMalformed) => isMalformed ? Reason.Malformed : Reason.None;
}
