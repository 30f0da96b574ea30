using Amoe.Engine.Domain.Claims;
using Amoe.Engine.Rules;

namespace Amoe.Engine.Explaining;

/// <summary>
/// The arithmetic of a line, done again from the rulebook: min(paid, base) × rate, times the units an approval covers
/// of those claimed, rounded half up once (B11).
/// </summary>
/// <param name="Terms">What the act is paid in the sector on the date of care.</param>
/// <param name="BaseCentimes">The base of the whole line.</param>
/// <param name="RateBasisPoints">The rate, or that of an exemption.</param>
/// <param name="Units">Units paid, at most the line's.</param>
internal sealed record LinePrice(ClaimLine Line, SectorTerms Terms, long BaseCentimes, int RateBasisPoints, int Units)
{
    private const int WholeBasisPoints = 10_000;

    public static LinePrice Of(in ClaimLine line, bool isExempt, int units, RulesInForce rules)
    {
        var terms = rules.Act(line.Act).In(line.Sector);
        var rate = isExempt ? Math.Max(terms.RateBasisPoints, rules.ExemptRateBasisPoints) : terms.RateBasisPoints;
        return new LinePrice(line, terms, BaseOf(line, terms), rate, units);
    }

    /// <summary>The amount in centimes.</summary>
    public long Centimes => (2 * Dividend + Divisor) / (2 * Divisor);

    private long Dividend => Math.Min(Line.PaidCentimes, BaseCentimes) * RateBasisPoints * Units;

    private long Divisor => (long)WholeBasisPoints * Line.Quantity;

    /// <summary>min(paid ; base) × rate = the amount before rounding.</summary>
    public Formula Formula()
    {
        Argument[] product = [
            Sign.Least, Dirhams(Line.PaidCentimes), Sign.And, Dirhams(BaseCentimes), Sign.End, Sign.Times,
            new Percent(RateBasisPoints)
        ];
        Argument[] share = Units == Line.Quantity
            ? []
            : [Sign.Times, new Count(Units, Unit.None), Sign.Over, new Count(Line.Quantity, Unit.None)];
        var exact = decimal.Round((decimal)Dividend / Divisor / 100, 6);
        var terminates = exact * 100 * Divisor == Dividend;
        return new Formula([.. product, .. share, terminates ? Sign.Is : Sign.IsAbout, new Amount(exact)]);
    }

    /// <summary>How the base of the line comes from that of the act; null where nothing is multiplied.</summary>
    public Formula? BaseFormula() => Terms.Base is BaseKind.Tariff or BaseKind.LetterValue && Line.Quantity > 1
        ? new Formula(
            Dirhams(Terms.BaseCentimes), Sign.Times, new Count(Line.Quantity, Unit.None), Sign.Is,
            Dirhams(BaseCentimes))
        : null;

    private static Amount Dirhams(long centimes) => new(centimes / 100m);

    private static long BaseOf(in ClaimLine line, in SectorTerms terms) => terms.Base switch
    {
        BaseKind.Tariff or BaseKind.LetterValue => terms.BaseCentimes * line.Quantity,
        BaseKind.Flat => terms.BaseCentimes,
        BaseKind.AllExpenses => line.PaidCentimes,
        _ => line.StatedBaseCentimes,
    };
}
