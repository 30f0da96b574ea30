using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;
using Amoe.Engine.Vocabulary;
using FsCheck.Fluent;
using static Amoe.Engine.Tests.Domain.Say;

namespace Amoe.Engine.Tests.Rules;

/// <summary>
/// Another fund and another tariff are a file: no code knows of them, and no day before theirs is different.
/// </summary>
public sealed class HypotheticalRulebookTests
{
    private static readonly DateOnly Moves = new(2027, 1, 1);
    private static readonly Rulebook Hypothetical = ShippedRulebooks.Find("hypothetical-cnss")!;

    [Fact]
    public void It_says_that_it_is_not_in_force() => Assert.All(
        Hypothetical.Parameters.Where(period => period.From == Moves),
        period => Assert.StartsWith("hypothetical: ", period.Source, StringComparison.Ordinal));

    [Fact]
    public void P1_the_fund_changes_its_name_on_the_day()
    {
        Assert.Equal("CMAM", Hypothetical.On(Moves.AddDays(-1)).FundName);
        Assert.Equal("CNSS", Hypothetical.On(Moves).FundName);
    }

    [Fact]
    public void Only_the_fund_and_one_tariff_differ_and_only_from_that_day_on() => Assert.Equal(
        [(ParameterIds.FundName, Moves, null), ("B1.specialist", Moves, null)],
        RulebookDiff.Between(Rulebook.Embedded, Hypothetical)
            .Select(difference => (difference.Id, difference.From, difference.Until)));

    [Fact]
    public void B12_the_tariff_changes_within_an_academic_year_and_a_claim_can_be_priced_under_both()
    {
        var story = new Domain.Story(Hypothetical)
            .Given(
                Declares("2026-10-05", year: 2026), Forwards("2026-10-05"), Transmits("2026-10-05"),
                AnamFinds("2026-10-05"))
            .Given(
                Deposits(
                    "2027-03-01", 1, Care("2026-12-31", Act.Specialist, 30_000),
                    Care("2027-01-01", Act.Specialist, 30_000)), Receives("2027-03-02", 1));
        Assert.Equal([new(Reason.None, 12_000), new(Reason.None, 14_400)], story.Claims[1].Outcomes);
    }

    [Fact]
    public void No_day_before_it_has_another_value()
    {
        var days = from day in Gen.Choose(0, Moves.DayNumber - Rulebook.Embedded.FirstDay.DayNumber - 1)
                   select Rulebook.Embedded.FirstDay.AddDays(day);
        Properties.Check(days, day => Rulebook.Embedded.Parameters.Select(period => period.Id).Distinct().All(id =>
            Rulebook.Embedded.ParameterOn(id, day).Value == Hypothetical.ParameterOn(id, day).Value));
    }

    [Fact]
    public void No_line_of_care_before_it_is_priced_otherwise()
    {
        var lines =
            from act in Gen.Elements(Enum.GetValues<Act>().Where(act => act != Act.None))
            from sector in Gen.Elements(Enum.GetValues<CareSector>())
            from before in Gen.Choose(1, 3_000)
            from deposited in Gen.Choose(0, 400)
            from paid in Gen.Choose(0, 2_000_000)
            from way in Gen.Elements(Enum.GetValues<ClaimWay>())
            select (Line: new ClaimLine(
                act, sector, Moves.AddDays(-before), 1, (uint)paid, (uint)paid, (Circumstances)15), deposited, way);
        Properties.Check(lines, one =>
        {
            LineOutcome Price(Rulebook rules) =>
                Adjudication.Price(
                    one.Line, one.way, one.Line.CareDate.AddDays(one.deposited),
                    new LineCoverage(Reason.None, false, 1), rules);
            return Price(Rulebook.Embedded) == Price(Hypothetical);
        }, count: 5_000);
    }
}
