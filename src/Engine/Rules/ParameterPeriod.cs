namespace Amoe.Engine.Rules;

/// <summary>One value of one parameter or act, over the days it holds, for explanations and listings.</summary>
/// <param name="Id">The parameter's id, such as C2.contribution_centimes, or the act's, such as B1.specialist.</param>
/// <param name="Rule">The rule of the scheme it belongs to: the id's first part.</param>
/// <param name="Text">What it is, in English.</param>
/// <param name="Unit">What the value counts.</param>
/// <param name="From">The first day it holds.</param>
/// <param name="Until">The last day it holds; null where no later value is known.</param>
/// <param name="Value">The value on one line.</param>
/// <param name="Source">The leaflet that says so, or the word assumed and why.</param>
public sealed record ParameterPeriod(
    string Id, string Rule, string Text, string Unit, DateOnly From, DateOnly? Until, string Value, string Source);

/// <summary>
/// The ids of the parameters. A rulebook must have them all but the two lists of holidays, which earlier ones lack.
/// </summary>
public static class ParameterIds
{
    public const string FundName = "P1.fund_name";
    public const string EligibleCycles = "E1.eligible_cycles";
    public const string AgeMaxYears = "E2.age_max_years";
    public const string AgeExemptCycles = "E2.age_exempt_cycles";
    public const string GraceMonths = "D8.grace_months";
    public const string ContributionCentimes = "C2.contribution_centimes";
    public const string LiableCategories = "C2.liable_categories";
    public const string PaidTrackCategories = "C2.paid_track_categories";
    public const string InterruptionMonths = "S3.interruption_months";
    public const string ExcusedReasons = "S3.excused_reasons";
    public const string BridgeApprovalAboveElements = "B6.bridge_approval_above_elements";
    public const string DentureApprovalBelowTeeth = "B6.denture_approval_below_teeth";
    public const string DentureApprovalAboveTeeth = "B6.denture_approval_above_teeth";
    public const string ExcusedSpell = "S4.excused_spell";
    public const string ProsthesisRenewalYears = "B6.prosthesis_renewal_years";
    public const string ExemptRateBasisPoints = "B9.exempt_rate_basis_points";
    public const string ApprovalValidityDays = "B10.approval_validity_days";
    public const string AcademicYearStart = "T1.academic_year_start";
    public const string AcademicYearEnd = "T1.academic_year_end";
    public const string ContributionDueDays = "T3.contribution_due_days";
    public const string DuplicatesChecked = "X1.duplicates_checked";
    public const string LateFilingDays = "X2.late_filing_days";
    public const string ApprovalWorkingHours = "X3.approval_working_hours";
    public const string ThirdPartyBillDays = "X3.third_party_bill_days";
    public const string ProviderPaymentDays = "X3.provider_payment_days";
    public const string ContributionTransferDays = "X3.contribution_transfer_days";
    public const string FixedHolidays = "X3.fixed_holidays";
    public const string AnnouncedHolidays = "X3.announced_holidays";
    public const string ReviewShareBasisPoints = "X4.review_share_basis_points";
    public const string ReviewAboveCentimes = "X4.review_above_centimes";

    /// <summary>True for what clocks are measured by: no decision depends on it (X3).</summary>
    public static bool OnlyMeasures(string id) =>
        id is ApprovalWorkingHours or ThirdPartyBillDays or ProviderPaymentDays or ContributionTransferDays
            or FixedHolidays or AnnouncedHolidays;
}
