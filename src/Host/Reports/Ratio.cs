namespace Amoe.Host.Reports;

/// <summary>One figure by another, rounded half away from zero; 0 where there is nothing to divide by.</summary>
internal static class Ratio
{
    /// <summary>Days in the year that rates are for.</summary>
    public const int YearDays = 365;

    /// <param name="times">What the ratio is multiplied by before it is rounded.</param>
    public static long Of(long part, long whole, long times = 1) =>
        whole == 0 ? 0 : (long)decimal.Round((decimal)part * times / whole, MidpointRounding.AwayFromZero);
}
