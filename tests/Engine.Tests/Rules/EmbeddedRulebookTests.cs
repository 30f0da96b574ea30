using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Rules;

/// <summary>The rulebook that comes with the program says what the leaflets say.</summary>
public sealed class EmbeddedRulebookTests
{
    private static readonly RulesInForce Today = Rulebook.Embedded.On(new DateOnly(2023, 10, 15));

    [Theory]
    [InlineData(Act.GeneralPractitioner, 8000, 6400)]
    [InlineData(Act.Specialist, 15000, 12000)]
    [InlineData(Act.Cardiologist, 25000, 20000)]
    [InlineData(Act.DentalConsultation, 8000, 6400)]
    [InlineData(Act.Physiotherapy, 5000, 4000)]
    public void B1_B5_B6_a_consultation_or_session_is_paid_80_percent_of_its_tariff(Act act, long tariff, long paid)
    {
        var terms = Today.Act(act).Private;
        Assert.Equal(new SectorTerms(true, BaseKind.Tariff, tariff, 8000), terms);
        Assert.Equal(paid, tariff * terms.RateBasisPoints / 10_000);
        Assert.Equal(terms, Today.Act(act).Public);
    }

    [Theory]
    [InlineData(80, 8800, 7040)]
    [InlineData(30, 3300, 2640)]
    public void B3_biology_is_the_cotation_times_the_letter_B_at_80_percent(int cotation, long tariff, long paid)
    {
        var terms = Today.Act(Act.Biology).Private;
        Assert.Equal((true, BaseKind.LetterValue), (terms.Covered, terms.Base));
        Assert.Equal(tariff, cotation * terms.BaseCentimes);
        Assert.Equal(paid, cotation * terms.BaseCentimes * terms.RateBasisPoints / 10_000);
    }

    [Fact]
    public void B7_glasses_are_a_flat_800_on_an_ophthalmologists_consultation()
    {
        var rule = Today.Act(Act.Glasses);
        Assert.Equal(new SectorTerms(true, BaseKind.Flat, 80_000, 10_000), rule.Private);
        Assert.Equal(ActConditions.OphthalmologistConsultation, rule.Conditions);
    }

    [Theory]
    [InlineData(Act.OrdinaryMedicine, 7000, 7000)]
    [InlineData(Act.ChronicMedicine, 10000, 10000)]
    [InlineData(Act.ListedCostlyMedicine, 10000, 10000)]
    [InlineData(Act.Radiology, 8000, 8000)]
    [InlineData(Act.DentalCare, 8000, 8000)]
    [InlineData(Act.DentalImaging, 8000, 8000)]
    [InlineData(Act.LongBridge, 8000, 8000)]
    [InlineData(Act.BridgeRenewal, 8000, 8000)]
    [InlineData(Act.PartialDenture, 8000, 8000)]
    [InlineData(Act.Orthodontics, 8000, 8000)]
    [InlineData(Act.MedicalDevice, 10000, 10000)]
    [InlineData(Act.MedicalDeviceOnApproval, 10000, 10000)]
    [InlineData(Act.ImplantDevice, 10000, 10000)]
    [InlineData(Act.Childbirth, 10000, 9000)]
    [InlineData(Act.Dialysis, 10000, 10000)]
    [InlineData(Act.KidneyTransplant, 10000, 10000)]
    [InlineData(Act.CancerTreatment, 10000, 9000)]
    [InlineData(Act.LaserOrRetinalAngiography, 8000, 8000)]
    public void Care_without_a_stated_tariff_is_paid_on_the_reference_amount_of_its_line(
        Act act, int ratePublic, int ratePrivate)
    {
        var rule = Today.Act(act);
        Assert.Equal(new SectorTerms(true, BaseKind.Stated, 0, ratePublic), rule.In(CareSector.Public));
        Assert.Equal(new SectorTerms(true, BaseKind.Stated, 0, ratePrivate), rule.In(CareSector.Private));
        Assert.False(rule.In(CareSector.Abroad).Covered);
    }

    [Fact]
    public void B8_a_public_hospital_is_paid_in_full_and_a_contracted_clinic_90_percent_of_the_tariff()
    {
        var rule = Today.Act(Act.HospitalStay);
        Assert.Equal(new SectorTerms(true, BaseKind.AllExpenses, 0, 10_000), rule.Public);
        Assert.Equal(new SectorTerms(true, BaseKind.Stated, 0, 9000), rule.Private);
        Assert.Equal(ActConditions.ContractedClinicIfPrivate, rule.Conditions);
    }

    [Fact]
    public void B8_only_care_abroad_is_paid_abroad_and_only_for_its_reasons()
    {
        var rule = Today.Act(Act.CareAbroad);
        Assert.Equal(new SectorTerms(true, BaseKind.Stated, 0, 10_000), rule.Abroad);
        Assert.False(rule.Public.Covered || rule.Private.Covered);
        Assert.Equal(ActConditions.AbroadReason, rule.Conditions);
        Assert.Equal([Act.CareAbroad], Acts(other => other.Abroad.Covered));
    }

    [Fact]
    public void B2_B6_what_is_not_covered_is_not_covered_anywhere() => Assert.Equal(
        [
            Act.NonReimbursableMedicine, Act.CrownOnImplant, Act.Veneer, Act.CeramoCeramicCrown,
            Act.EarlyProsthesisRenewal
        ],
        Acts(rule => !rule.Private.Covered && !rule.Public.Covered && !rule.Abroad.Covered));

    [Fact]
    public void B10_prior_approval_is_asked_for_what_the_guide_names() => Assert.Equal(
        [
            Act.Physiotherapy, Act.LongBridge, Act.BridgeRenewal, Act.PartialDenture, Act.Orthodontics,
            Act.MedicalDeviceOnApproval, Act.ImplantDevice
        ],
        Acts(rule => rule.NeedsPriorApproval));

    [Fact]
    public void K2_the_fund_may_pay_the_provider_for_what_the_leaflets_list()
    {
        Assert.Equal([Act.ListedCostlyMedicine], Acts(rule => rule.ThirdParty == ThirdParty.Always));
        Assert.Equal(
            [
                Act.HospitalStay, Act.Childbirth, Act.Dialysis, Act.KidneyTransplant, Act.CancerTreatment,
                Act.LaserOrRetinalAngiography, Act.CareAbroad
            ],
            Acts(rule => rule.ThirdParty == ThirdParty.Allowed));
    }

    [Fact]
    public void B8_laser_is_given_by_an_ophthalmologist() =>
        Assert.Equal(ActConditions.ByOphthalmologist, Today.Act(Act.LaserOrRetinalAngiography).Conditions);

    [Fact]
    public void Every_act_has_its_own_rule_with_the_id_of_its_table_row()
    {
        foreach (var act in Enum.GetValues<Act>().Where(act => act != Act.None))
        {
            Assert.Equal(act, Today.Act(act).Act);
            Assert.Matches("^B[0-9]+$", Today.Act(act).RuleId);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Today.Act(Act.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => Today.Act((Act)200));
    }

    [Fact]
    public void The_numbers_of_the_scheme_are_those_of_the_leaflets()
    {
        Assert.Equal(30, Today.AgeMaxYears);
        Assert.Equal(40_000, Today.ContributionCentimes);
        Assert.Equal(30, Today.ContributionDueDays);
        Assert.Equal(6, Today.GraceMonths);
        Assert.Equal(6, Today.InterruptionMonths);
        Assert.Equal(10_000, Today.ExemptRateBasisPoints);
        Assert.Equal(0, Today.ApprovalValidityDays);
        Assert.Equal(0, Today.LateFilingDays);
        Assert.Equal(5, Today.ProsthesisRenewalYears);
        Assert.Equal(
            (3, 4, 10),
            (Today.BridgeApprovalAboveElements, Today.DentureApprovalBelowTeeth, Today.DentureApprovalAboveTeeth));
        Assert.True(Today.DuplicatesChecked);
        Assert.Equal(
            (48, 90, 60, 30),
            (Today.ApprovalWorkingHours, Today.ThirdPartyBillDays, Today.ProviderPaymentDays,
                Today.ContributionTransferDays));
        Assert.Equal((200, 500_000), (Today.ReviewShareBasisPoints, Today.ReviewAboveCentimes));
    }

    [Theory]
    [InlineData(Category.PublicUniversity, false)]
    [InlineData(Category.PublicHigherEducation, false)]
    [InlineData(Category.PublicPreparatory, false)]
    [InlineData(Category.PublicTraditional, false)]
    [InlineData(Category.Ofppt, false)]
    [InlineData(Category.MinistryVocational, false)]
    [InlineData(Category.PrivateHigherEducation, true)]
    [InlineData(Category.PrivatePreparatory, true)]
    [InlineData(Category.PrivateTraditional, true)]
    [InlineData(Category.PrivateVocational, true)]
    public void C1_C2_public_students_pay_on_paid_tracks_only_and_private_ones_always(Category category, bool pays)
    {
        Assert.Equal(pays, Today.PaysContribution(category, paidTrack: false));
        Assert.True(Today.PaysContribution(category, paidTrack: true));
    }

    [Fact]
    public void E1_E2_the_eligible_courses_and_the_one_without_an_age_limit()
    {
        Cycle[] refused = [
            Cycle.None, Cycle.UnlicensedVocational, Cycle.TraditionalEarlierStage, Cycle.BelowBaccalaureate
        ];
        foreach (var cycle in Enum.GetValues<Cycle>())
        {
            Assert.Equal(!refused.Contains(cycle), Today.IsEligible(cycle));
            Assert.Equal(cycle == Cycle.TraditionalFinalStage, Today.IsExemptFromAgeLimit(cycle));
        }
    }

    [Fact]
    public void S3_five_reasons_excuse_an_interruption_and_no_other_does()
    {
        foreach (var reason in Enum.GetValues<InterruptionReason>())
            Assert.Equal(
                reason is >= InterruptionReason.Illness and <= InterruptionReason.ReferralToCourts,
                Today.Excuses(reason));
        Assert.False(Today.Excuses((InterruptionReason)33));
    }

    [Fact]
    public void P1_the_CNOPS_ran_the_scheme_before_the_CMAM()
    {
        Assert.Equal("CNOPS", Rulebook.Embedded.On(new DateOnly(2019, 2, 28)).FundName);
        Assert.Equal("CMAM", Rulebook.Embedded.On(new DateOnly(2019, 3, 1)).FundName);
    }

    [Fact]
    public void Every_value_names_its_source_and_the_assumed_ones_say_so()
    {
        Assert.All(
            Rulebook.Embedded.Parameters,
            period => Assert.Matches("^(assumed|announced|00[0-4]|law|decree)", period.Source));
        string[] silent =
        [
            ParameterIds.AcademicYearStart, ParameterIds.AcademicYearEnd, ParameterIds.ContributionDueDays,
            ParameterIds.LateFilingDays, ParameterIds.ApprovalValidityDays,
            ParameterIds.DuplicatesChecked, ParameterIds.ApprovalWorkingHours, ParameterIds.ThirdPartyBillDays,
            ParameterIds.ProviderPaymentDays,
            ParameterIds.ContributionTransferDays, ParameterIds.ReviewShareBasisPoints,
            ParameterIds.ReviewAboveCentimes,
        ];
        Assert.All(
            silent,
            id =>
                Assert.StartsWith(
                    "assumed", Rulebook.Embedded.ParameterOn(id, new DateOnly(2023, 1, 1)).Source,
                    StringComparison.Ordinal));
    }

    [Fact]
    public void A_value_can_be_shown_with_its_rule_dates_unit_and_source()
    {
        var period = Rulebook.Embedded.ParameterOn(ParameterIds.ContributionCentimes, new DateOnly(2020, 1, 1));
        Assert.Equal(("C2", "40000", "centimes a year"), (period.Rule, period.Value, period.Unit));
        Assert.Equal((new DateOnly(2016, 1, 1), null), (period.From, period.Until));
        Assert.Equal(
            "public: base: all_expenses; rate_basis_points: 10000; private: base: stated",
            Rulebook.Embedded.ParameterOn("B8.hospital_stay", new DateOnly(2020, 1, 1)).Value[..75]);
    }

    private static IEnumerable<Act> Acts(Func<ActRule, bool> where) =>
        Enum.GetValues<Act>().Where(act => act != Act.None && where(Today.Act(act)));
}
