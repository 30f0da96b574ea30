namespace Amoe.Simulator.Assertions;

/// <summary>
/// The mean and variance of a count: a sum of parts that are independent, or independent of what came before.
/// </summary>
/// <param name="Mean">The count to be expected.</param>
/// <param name="Variance">Of the count.</param>
/// <param name="Largest">The most that one part differs from its mean.</param>
internal readonly record struct Expected(double Mean, double Variance, double Largest = 1)
{
    /// <summary>The share of runs that may alarm by chance, over all checks of a run.</summary>
    private const double FalseAlarms = 1e-4;

    public static Expected operator +(in Expected left, in Expected right) =>
        new(left.Mean + right.Mean, left.Variance + right.Variance, Math.Max(left.Largest, right.Largest));

    /// <summary>So many independent draws of one chance.</summary>
    public static Expected Draws(long number, double chance) => new(number * chance, number * chance * (1 - chance));

    /// <summary>The same in other proportions: the variance grows with the mean.</summary>
    public Expected Times(double factor) => new(Mean * factor, Variance * factor, Largest);

    /// <summary>
    /// How far the count may be from its mean. By Freedman's inequality a sum of variance V, whose parts differ by b at
    /// most, is t or more from its mean with a chance of at most 2 exp(−t² / (2V + 2bt/3)). This holds for any number
    /// of parts; a normal approximation does not hold for few. The false alarms are shared out evenly among the checks
    /// (Bonferroni).
    /// </summary>
    /// <param name="checks">How many checks the run makes.</param>
    public double Tolerance(int checks)
    {
        if (Variance == 0)
            return 0;
        var log = Math.Log(2 * checks / FalseAlarms);
        var half = Largest * log / 3;
        return half + Math.Sqrt(half * half + 2 * Variance * log);
    }
}
