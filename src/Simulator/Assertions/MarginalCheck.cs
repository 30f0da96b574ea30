namespace Amoe.Simulator.Assertions;

/// <summary>The value that one run measured for an expectation of its scenario. Figures are in the unit.</summary>
/// <param name="Of">One of <see cref="MarginalNames.All"/>.</param>
/// <param name="Unit">What the numbers count: <c>count</c>, or 100,000ths of the whole.</param>
/// <param name="Whole">What the share is of, counted: students, declarations, claims, …</param>
/// <param name="Deviation">The standard deviation that chance gives the measured figure.</param>
/// <param name="Tolerance">
/// The distance from the expected figure that chance exceeds in at most one run of ten thousand, over all checks of the
/// run.
/// </param>
internal sealed record MarginalCheck(
    string Of, string Unit, long Whole, decimal Expected, decimal Measured, decimal Deviation, decimal Tolerance)
{
    public const string Count = "count";
    public const string Share = "per_100k";

    /// <summary>A normal figure is below its mean plus so many deviations nine times in ten.</summary>
    private const decimal NineInTen = 1.2816m;

    public bool Within => Math.Abs(Measured - Expected) <= Tolerance;

    /// <summary>
    /// Standard deviations between what was measured and what is expected; 0 where chance has no part in it and both
    /// agree.
    /// </summary>
    public decimal Z => Deviation == 0 ? 0 : (Measured - Expected) / Deviation;

    /// <summary>The shift of the figure, as a share of it, that a run of this size finds nine times in ten.</summary>
    public decimal FindsShift => Expected == 0 ? 0 : (Tolerance + NineInTen * Deviation) / Expected;
}
