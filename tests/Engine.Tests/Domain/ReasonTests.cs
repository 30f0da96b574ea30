using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Benefits;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Tests.Domain;

/// <summary>A refusal carries its rule (X8).</summary>
public sealed class ReasonTests
{
    // These say that a step was taken before, that there is nothing to take it on, or that it makes no sense: no rule of the scheme is behind them.
    private static readonly Reason[] OfOrderAlone = [Reason.ClaimAlreadyDeposited, Reason.ClaimUnknown, Reason.ClaimAlreadyReceived, Reason.ClaimClosed, Reason.Malformed, Reason.DateOutOfBounds];

    [Fact]
    public void X8_every_reason_rests_on_a_rule_but_for_those_of_order_alone() => Assert.Equal(
        OfOrderAlone, Enum.GetValues<Reason>().Where(reason => reason != Reason.None && ReasonRules.RuleOf(reason).Length == 0));

    [Fact]
    public void X8_a_rule_is_named_as_the_scheme_names_it()
    {
        Assert.Equal("", ReasonRules.RuleOf(Reason.None));
        Assert.All(Enum.GetValues<Reason>().Except([Reason.None, .. OfOrderAlone]), reason => Assert.Matches("^[A-Z][1-9][0-9]?$", ReasonRules.RuleOf(reason)));
    }

    [Theory]
    [InlineData(Reason.ActNotCovered, Act.NonReimbursableMedicine, "B2")]
    [InlineData(Reason.ActNotCovered, Act.Veneer, "B6")]
    [InlineData(Reason.NotByOphthalmologist, Act.Glasses, "B7")]
    [InlineData(Reason.NotByOphthalmologist, Act.LaserOrRetinalAngiography, "B8")]
    [InlineData(Reason.ApprovalMissing, Act.Physiotherapy, "B10")]
    [InlineData(Reason.SuspendedForContribution, Act.Glasses, "S1")]
    public void X8_a_line_refused_by_the_terms_of_its_act_cites_the_rule_of_that_act(Reason reason, Act act, string rule) =>
        Assert.Equal(rule, ReasonRules.RuleOf(reason, act));

    [Fact]
    public void X8_every_act_stands_in_the_rule_that_the_rulebook_files_it_under() => Assert.All(
        Enum.GetValues<Act>().Except([Act.None]), act => Assert.Equal(Rulebook.Embedded.Periods[^1].Act(act).RuleId, ReasonRules.RuleOf(Reason.ActNotCovered, act)));
}
