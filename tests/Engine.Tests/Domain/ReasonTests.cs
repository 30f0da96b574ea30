using Amoe.Engine.Domain;

namespace Amoe.Engine.Tests.Domain;

/// <summary>A refusal carries its rule (X8).</summary>
public sealed class ReasonTests
{
    // What no catalogue has, no file could mean or no calendar reaches is refused before any rule is asked: these are
    // bounds of the engine (CommandBounds), and the scheme has none.
    private static readonly Reason[] OfOrderAlone = [Reason.Malformed, Reason.DateOutOfBounds];

    [Fact]
    public void X8_every_reason_rests_on_a_rule_but_for_those_of_order_alone() => Assert.Equal(
        OfOrderAlone,
        Enum.GetValues<Reason>().Where(reason => reason != Reason.None && ReasonRules.RuleOf(reason).Length == 0));

    [Fact]
    public void X8_a_rule_is_named_as_the_scheme_names_it()
    {
        Assert.Equal("", ReasonRules.RuleOf(Reason.None));
        Assert.All(
            Enum.GetValues<Reason>().Except([Reason.None, .. OfOrderAlone]),
            reason => Assert.Matches("^[A-Z][1-9][0-9]?$", ReasonRules.RuleOf(reason)));
    }

    [Theory]
    [InlineData(Reason.MedicineNotReimbursable, "B2")]
    [InlineData(Reason.ActNotCovered, "B6")]
    [InlineData(Reason.NoOphthalmologistConsultation, "B7")]
    [InlineData(Reason.NotByOphthalmologist, "B8")]
    [InlineData(Reason.ApprovalMissing, "B10")]
    [InlineData(Reason.SuspendedForContribution, "S1")]
    [InlineData(Reason.ClaimAlreadyDeposited, "K6")] // the desk gave a receipt for the sheet
    [InlineData(Reason.ClaimUnknown, "K6")]
    [InlineData(Reason.ClaimAlreadyReceived, "K6")]
    [InlineData(Reason.ClaimClosed, "K8")]
    public void X8_a_refusal_cites_the_rule_it_serves(Reason reason, string rule) =>
        Assert.Equal(rule, ReasonRules.RuleOf(reason));
}
