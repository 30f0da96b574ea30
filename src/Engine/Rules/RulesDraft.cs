using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Rules;

/// <summary>The values of one period while the rulebook is being compiled.</summary>
internal sealed class RulesDraft
{
    public string FundName { get; set; } = "";

    public int AgeMaxYears { get; set; }

    public int GraceMonths { get; set; }

    public long ContributionCentimes { get; set; }

    public int ContributionDueDays { get; set; }

    public int InterruptionMonths { get; set; }

    public int ExemptRateBasisPoints { get; set; }

    public int ApprovalValidityDays { get; set; }

    public int LateFilingDays { get; set; }

    public int BridgeApprovalAboveElements { get; set; }

    public int DentureApprovalBelowTeeth { get; set; }

    public int DentureApprovalAboveTeeth { get; set; }

    public int ProsthesisRenewalYears { get; set; }

    public bool DuplicatesChecked { get; set; }

    public bool ExcusedSpellPauses { get; set; }

    public int ApprovalWorkingHours { get; set; }

    public int ThirdPartyBillDays { get; set; }

    public int ProviderPaymentDays { get; set; }

    public int ContributionTransferDays { get; set; }

    public int ReviewShareBasisPoints { get; set; }

    public long ReviewAboveCentimes { get; set; }

    public (MonthDay Day, string Name)[] FixedHolidays { get; set; } = [];

    public Holiday[] AnnouncedHolidays { get; set; } = [];

    public uint EligibleCycles { get; set; }

    public uint AgeExemptCycles { get; set; }

    public uint LiableCategories { get; set; }

    public uint PaidTrackCategories { get; set; }

    public uint ExcusedReasons { get; set; }

    public MonthDay[] YearStart { get; set; } = [];

    public MonthDay[] YearEnd { get; set; } = [];

    /// <summary>The rule of act n at n - 1.</summary>
    public ActRule[] Acts { get; } = new ActRule[Enum.GetValues<Act>().Length - 1];
}
