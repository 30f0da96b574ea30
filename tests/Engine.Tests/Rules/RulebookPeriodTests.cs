using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;

namespace Amoe.Engine.Tests.Rules;

/// <summary>A value holds from its first day to the day before the next one, and no other day (B12, T1, T2).</summary>
public sealed class RulebookPeriodTests
{
    private static readonly DateOnly First = new(2016, 1, 1);

    [Fact]
    public void The_rulebook_begins_with_the_law_and_says_nothing_before()
    {
        Assert.Equal(First, Rulebook.Embedded.On(First).From);
        var error = Assert.Throws<RulebookException>(() => Rulebook.Embedded.On(First.AddDays(-1)));
        Assert.Equal("no rule is in force on 2015-12-31: the rulebook begins on 2016-01-01", error.Message);
        Assert.Throws<RulebookException>(() => Rulebook.Embedded.ParameterOn(ParameterIds.FundName, First.AddDays(-1)));
        Assert.Throws<RulebookException>(() => Rulebook.Embedded.ParameterOn("E2.age", First));
    }

    [Fact]
    public void Periods_follow_one_another_without_a_gap_and_the_last_is_open()
    {
        var periods = Rulebook.Embedded.Periods;
        for (var i = 1; i < periods.Count; i++)
            Assert.Equal(periods[i].From, periods[i - 1].Until!.Value.AddDays(1));
        Assert.Null(periods[^1].Until);
        Assert.Same(periods[^1], Rulebook.Embedded.On(DateOnly.MaxValue));
    }

    [Fact]
    public void A_new_value_holds_from_its_first_day_on()
    {
        var rulebook = WithContributionFrom("2027-09-01", 50_000);
        Assert.Equal(40_000, rulebook.On(new DateOnly(2027, 8, 31)).ContributionCentimes);
        Assert.Equal(50_000, rulebook.On(new DateOnly(2027, 9, 1)).ContributionCentimes);
        Assert.Equal(new DateOnly(2027, 8, 31), rulebook.ParameterOn(ParameterIds.ContributionCentimes, First).Until);
        Assert.Equal("50000", rulebook.ParameterOn(ParameterIds.ContributionCentimes, new DateOnly(2027, 9, 1)).Value);
    }

    [Fact]
    public void A_value_dated_in_the_future_changes_no_rule_before_it()
    {
        var rulebook = WithContributionFrom("2027-09-01", 50_000);
        foreach (var today in Rulebook.Embedded.Periods)
        {
            var then = rulebook.On(today.From);
            Assert.Equal(today.From, then.From);
            Assert.Equal(Values(today), Values(then));
        }
    }

    [Fact]
    public void An_until_that_agrees_with_the_next_value_is_accepted()
    {
        var text = Rulebook.EmbeddedText.Replace(
            "        value: CNOPS\n", "        until: 2019-02-28\n        value: CNOPS\n", StringComparison.Ordinal);
        Assert.Equal("CNOPS", Rulebook.Load(text, "mine.yaml").On(new DateOnly(2019, 2, 28)).FundName);
    }

    [Fact]
    public void A_rulebook_keeps_the_text_it_was_loaded_from() =>
        Assert.Equal(Rulebook.EmbeddedText, Rulebook.Embedded.Text);

    [Fact]
    public void T1_the_academic_year_runs_from_September_to_July() => Assert.Equal(
        new AcademicYear(2023, new DateOnly(2023, 9, 1), new DateOnly(2024, 7, 31)),
        Rulebook.Embedded.On(First).AcademicYear(Category.PublicUniversity, 2023));

    [Theory]
    [InlineData("2023-08-31", 2023)]
    [InlineData("2023-08-01", 2023)]
    [InlineData("2023-07-31", 2022)]
    [InlineData("2023-09-01", 2023)]
    [InlineData("2024-01-31", 2023)]
    [InlineData("2024-07-31", 2023)]
    [InlineData("2024-08-01", 2024)]
    public void T1_a_day_between_two_academic_years_counts_for_the_coming_one(string day, int startYear) =>
        Assert.Equal(startYear, Rulebook.Embedded.On(First).AcademicYearOf(Category.Ofppt, Day(day)).StartYear);

    [Fact]
    public void T1_a_category_can_have_its_own_academic_year()
    {
        var text = Rulebook.EmbeddedText
            .Replace("{ default: 09-01 }", "{ default: 09-01, ofppt: 01-15 }", StringComparison.Ordinal)
            .Replace("{ default: 07-31 }", "{ default: 07-31, ofppt: 11-30 }", StringComparison.Ordinal);
        var rules = Rulebook.Load(text, "mine.yaml").On(First);
        Assert.Equal(
            new AcademicYear(2023, Day("2023-01-15"), Day("2023-11-30")), rules.AcademicYear(Category.Ofppt, 2023));
        Assert.Equal(2023, rules.AcademicYearOf(Category.Ofppt, Day("2022-12-01")).StartYear);
        Assert.Equal(2023, rules.AcademicYearOf(Category.Ofppt, Day("2023-01-01")).StartYear);
        Assert.Equal(Day("2023-09-01"), rules.AcademicYear(Category.MinistryVocational, 2023).Start);
    }

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd");

    private static Rulebook WithContributionFrom(string from, long centimes)
    {
        const string next = "  - id: C2.liable_categories\n";
        var value = $"      - from: {from}\n        value: {centimes}\n        source: a decree to come\n";
        return Rulebook.Load(Rulebook.EmbeddedText.Replace(next, value + next, StringComparison.Ordinal), "mine.yaml");
    }

    private static List<object> Values(RulesInForce rules) =>
    [
        rules.FundName, rules.AgeMaxYears, rules.GraceMonths, rules.ContributionCentimes, rules.ContributionDueDays,
        rules.InterruptionMonths,
        rules.ExemptRateBasisPoints, rules.ApprovalValidityDays, rules.LateFilingDays,
        rules.BridgeApprovalAboveElements, rules.DentureApprovalBelowTeeth, rules.DentureApprovalAboveTeeth,
        rules.ProsthesisRenewalYears, rules.DuplicatesChecked, rules.ApprovalWorkingHours, rules.ThirdPartyBillDays,
        rules.ProviderPaymentDays,
        rules.ContributionTransferDays, rules.ReviewShareBasisPoints, rules.ReviewAboveCentimes,
        .. Enum.GetValues<Cycle>().Select(cycle =>
            (object)(rules.IsEligible(cycle), rules.IsExemptFromAgeLimit(cycle))),
        .. Enum.GetValues<Category>().Select(category =>
            (object)(rules.PaysContribution(category, false), rules.PaysContribution(category, true),
                rules.AcademicYear(category, 2030))),
        .. Enum.GetValues<InterruptionReason>().Select(reason => (object)rules.Excuses(reason)),
        .. Enum.GetValues<Act>().Where(act => act != Act.None).Select(rules.Act),
    ];
}
