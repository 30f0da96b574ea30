using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Rules;

/// <summary>
/// Every rule of the scheme over one period in which none of them changes, typed and ready for deciders: no look-up by
/// name, no allocation. Ask the rulebook for the one of the day in question (for a claim, the day of care: B12).
/// </summary>
public sealed class RulesInForce
{
    private readonly uint _eligibleCycles;
    private readonly uint _ageExemptCycles;
    private readonly uint _liableCategories;
    private readonly uint _paidTrackCategories;
    private readonly uint _excusedReasons;
    private readonly MonthDay[] _yearStart;
    private readonly MonthDay[] _yearEnd;
    private readonly ActRule[] _acts;

    internal RulesInForce(DateOnly from, DateOnly? until, RulesDraft draft)
    {
        From = from;
        Until = until;
        FundName = draft.FundName;
        AgeMaxYears = draft.AgeMaxYears;
        GraceMonths = draft.GraceMonths;
        ContributionCentimes = draft.ContributionCentimes;
        ContributionDueDays = draft.ContributionDueDays;
        InterruptionMonths = draft.InterruptionMonths;
        ExcusedSpellPauses = draft.ExcusedSpellPauses;
        ExemptRateBasisPoints = draft.ExemptRateBasisPoints;
        ApprovalValidityDays = draft.ApprovalValidityDays;
        LateFilingDays = draft.LateFilingDays;
        BridgeApprovalAboveElements = draft.BridgeApprovalAboveElements;
        DentureApprovalBelowTeeth = draft.DentureApprovalBelowTeeth;
        DentureApprovalAboveTeeth = draft.DentureApprovalAboveTeeth;
        ProsthesisRenewalYears = draft.ProsthesisRenewalYears;
        DuplicatesChecked = draft.DuplicatesChecked;
        ApprovalWorkingHours = draft.ApprovalWorkingHours;
        ThirdPartyBillDays = draft.ThirdPartyBillDays;
        ProviderPaymentDays = draft.ProviderPaymentDays;
        ContributionTransferDays = draft.ContributionTransferDays;
        ReviewShareBasisPoints = draft.ReviewShareBasisPoints;
        ReviewAboveCentimes = draft.ReviewAboveCentimes;
        _eligibleCycles = draft.EligibleCycles;
        _ageExemptCycles = draft.AgeExemptCycles;
        _liableCategories = draft.LiableCategories;
        _paidTrackCategories = draft.PaidTrackCategories;
        _excusedReasons = draft.ExcusedReasons;
        _yearStart = draft.YearStart;
        _yearEnd = draft.YearEnd;
        _acts = draft.Acts;
    }

    /// <summary>The first day of the period.</summary>
    public DateOnly From { get; }

    /// <summary>The last day of the period; null for the last one known.</summary>
    public DateOnly? Until { get; }

    /// <summary>The fund's name on that day (P1).</summary>
    public string FundName { get; }

    /// <summary>The highest age allowed, in completed years, itself allowed (E2).</summary>
    public int AgeMaxYears { get; }

    /// <summary>
    /// For how many months after the academic year's end the entitlement period lasts without renewal (D8).
    /// </summary>
    public int GraceMonths { get; }

    /// <summary>The flat contribution for one academic year, in centimes (C2).</summary>
    public long ContributionCentimes { get; }

    /// <summary>How many days after acceptance the fund must have received the contribution (T3).</summary>
    public int ContributionDueDays { get; }

    /// <summary>After how many months of interruption the entitlement period is suspended (S3).</summary>
    public int InterruptionMonths { get; }

    /// <summary>
    /// True where an excused spell within an interruption pauses its clock, false where it resets the clock (S4).
    /// </summary>
    public bool ExcusedSpellPauses { get; }

    /// <summary>
    /// The rate that replaces the act's own where the medical control has granted exemption from the patient's share,
    /// in basis points (B9).
    /// </summary>
    public int ExemptRateBasisPoints { get; }

    /// <summary>For how many days a prior approval can be used; 0: without end (B10).</summary>
    public int ApprovalValidityDays { get; }

    /// <summary>After how many days between care and deposit a claim is refused; 0: never (X2).</summary>
    public int LateFilingDays { get; }

    /// <summary>A bridge of more elements needs prior approval (B6).</summary>
    public int BridgeApprovalAboveElements { get; }

    /// <summary>A partial denture of fewer teeth needs prior approval (B6).</summary>
    public int DentureApprovalBelowTeeth { get; }

    /// <summary>A partial denture of more teeth needs prior approval (B6).</summary>
    public int DentureApprovalAboveTeeth { get; }

    /// <summary>For how many years after a bridge or partial denture its renewal is not covered (B6).</summary>
    public int ProsthesisRenewalYears { get; }

    /// <summary>Whether a line like an earlier one is refused or held (X1).</summary>
    public bool DuplicatesChecked { get; }

    /// <summary>
    /// Within how many working hours the medical control answers a request for approval; 24 to a working day (X3).
    /// </summary>
    public int ApprovalWorkingHours { get; }

    /// <summary>Within how many days after the last care a provider sends its bill (X3).</summary>
    public int ThirdPartyBillDays { get; }

    /// <summary>Within how many days after the fund received the claim a provider is paid (X3).</summary>
    public int ProviderPaymentDays { get; }

    /// <summary>Within how many days an institution passes a contribution on (X3).</summary>
    public int ContributionTransferDays { get; }

    /// <summary>The share of payable claims a physician reviews, drawn, in basis points (X4).</summary>
    public int ReviewShareBasisPoints { get; }

    /// <summary>The largest total of a claim's lines without a physician's review, in centimes (X4).</summary>
    public long ReviewAboveCentimes { get; }

    /// <summary>Whether a course gives access to the scheme (E1).</summary>
    public bool IsEligible(Cycle cycle) => Has(_eligibleCycles, (int)cycle);

    /// <summary>Whether no age limit holds for a course (E2).</summary>
    public bool IsExemptFromAgeLimit(Cycle cycle) => Has(_ageExemptCycles, (int)cycle);

    /// <summary>Whether the student owes the contribution (C1, C2).</summary>
    /// <param name="category">The category of the institution.</param>
    /// <param name="paidTrack">Whether the student follows a paid track there.</param>
    public bool PaysContribution(Category category, bool paidTrack) =>
        Has(_liableCategories, (int)category) || (paidTrack && Has(_paidTrackCategories, (int)category));

    /// <summary>Whether an interruption of studies for this reason never suspends (S3).</summary>
    public bool Excuses(InterruptionReason reason) => Has(_excusedReasons, (int)reason);

    /// <summary>The terms of an act (B1-B8).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The act is none of the benefits table.</exception>
    public ActRule Act(Act act)
    {
        var index = (int)act - 1;
        return (uint)index < (uint)_acts.Length
            ? _acts[index]
            : throw new ArgumentOutOfRangeException(nameof(act), act, "not an act of the benefits table");
    }

    /// <summary>The academic year of a category that starts in a calendar year (T1).</summary>
    [Rule("T1", "T2")]
    public AcademicYear AcademicYear(Category category, int startYear)
    {
        var (start, end) = (_yearStart[(int)category], _yearEnd[(int)category]);
        return new AcademicYear(
            startYear, start.In(startYear), end.In(end.IsBefore(start) ? startYear + 1 : startYear));
    }

    /// <summary>
    /// The academic year a day counts for: the one it lies in or, between two years, the coming one, because a student
    /// who registers in August registers for September (T1).
    /// </summary>
    public AcademicYear AcademicYearOf(Category category, DateOnly date)
    {
        // The first year that has not ended before the day. One that ends in the calendar year it starts in may be over
        // already, hence three candidates.
        var year = AcademicYear(category, date.Year - 1);
        while (year.End < date)
            year = AcademicYear(category, year.StartYear + 1);
        return year;
    }

    private static bool Has(uint set, int member) => member < 32 && ((set >> member) & 1) != 0;
}
