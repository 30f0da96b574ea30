using Amoe.Engine.Domain;
using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// One line of a claim: its amount to the centime, or why it is refused, by the rules of its date of care (B11, B12,
/// X8).
/// </summary>
internal static class LineExplainer
{
    /// <param name="then">What was known when the line was decided.</param>
    /// <param name="units">Units of the line that are paid.</param>
    public static Explanation Of(StudentReading then, Claim claim, int index, LineOutcome outcome, int units)
    {
        var line = claim.Lines[index];
        var terms = LineParameters.TermsOf(then.Rules, line);
        (string, Argument)[] arguments =
        [
            ("line", new Count(index + 1, Unit.None)), ("act", Name.Of("act", line.Act)),
            ("sector", Name.Of("sector", line.Sector)), ("day", new On(line.CareDate)),
            ("amount", new Money(outcome.AmountCentimes)),
        ];
        if (outcome.IsRefused)
            return Refused(then, claim, index, outcome.Reason, terms, arguments[..4])
                .For(PatientShare.Of(line, outcome));
        var isExempt = then.Now.Insurance?.IsExemptOn(line.CareDate) == true;
        var price = LinePrice.Of(line, isExempt, units, then.Rules.On(line.CareDate));
        return new Explanation(outcome.Reason == Reason.None ? Keys.LinePaid : Keys.LinePaidInPart, arguments)
            .Under(terms.Period.Rule)
            .By(terms)
            .For(
            EntitlementExplainer.On(then, line.CareDate),
            Base(price),
            Rate(then, line, price, isExempt),
            outcome.Reason == Reason.ApprovalCoversLess ? Units(price) : null,
            new Explanation(Keys.LineArithmetic, ("formula", price.Formula()), ("amount", new Money(price.Centimes)))
                .Under("B11"),
            PatientShare.Of(line, outcome),
            PatientShare.Refunded(then, line, outcome),
            Differs(price.Centimes, outcome.AmountCentimes));
    }

    /// <summary>Says plainly that what is in the journal is not what the rulebook gives.</summary>
    public static Explanation? Differs(long recomputed, long journalled) => recomputed == journalled
        ? null
        : new Explanation(
            Keys.LineDiffers, ("recomputed", new Money(recomputed)), ("journalled", new Money(journalled)))
            .Under("B11");

    private static Explanation Refused(
        StudentReading then, Claim claim, int index, Reason reason, ParameterUse terms, (string, Argument)[] arguments)
    {
        var rule = reason is Reason.ActNotCovered or Reason.SectorNotCovered or Reason.NotByOphthalmologist
            ? terms.Period.Rule
            : ReasonRules.RuleOf(reason);
        return new Explanation(Keys.LineRefused, [.. arguments, ("reason", Name.Of("reason", reason))]).Under(rule)
            .For(RefusalGrounds.Of(then, claim, index, reason, terms));
    }

    private static Explanation Base(LinePrice price)
    {
        var line = price.Line;
        (string, Argument)[] arguments = [
            ("base", new Money(price.BaseCentimes)), ("paid", new Money(line.PaidCentimes))
        ];
        return price.BaseFormula() is { } formula
            ? new Explanation(
                price.Terms.Base == BaseKind.Tariff ? Keys.BaseTariffTimes : Keys.BaseLetterTimes,
                [.. arguments, ("formula", formula)]).Under("B12")
            : new Explanation(KeyOf(price.Terms.Base), arguments).Under("B12");
    }

    private static string KeyOf(BaseKind kind) => kind switch
    {
        BaseKind.Tariff or BaseKind.LetterValue => Keys.BaseTariff,
        BaseKind.Flat => Keys.BaseFlat,
        BaseKind.AllExpenses => Keys.BaseAllExpenses,
        _ => Keys.BaseStated,
    };

    private static Explanation Rate(StudentReading then, in ClaimLine line, LinePrice price, bool isExempt)
    {
        if (!isExempt)
            return new Explanation(Keys.Rate, ("rate", new Percent(price.RateBasisPoints)));
        var day = line.CareDate;
        var exemption = then.Now.Insurance!.ExemptionOn(day)!;
        return new Explanation(
            Keys.RateExempt, ("rate", new Percent(price.RateBasisPoints)),
            ("usual", new Percent(price.Terms.RateBasisPoints)), ("from", new On(exemption.From)),
            ("until", new On(exemption.Until)))
            .Under("B9").By(then.Rules.Read(ParameterIds.ExemptRateBasisPoints, day));
    }

    private static Explanation Units(LinePrice price) => new Explanation(
        Keys.UnitsApproved, ("units", new Count(price.Units, Unit.UnitOfCare)),
        ("claimed", new Count(price.Line.Quantity, Unit.UnitOfCare))).Under("B10");
}
