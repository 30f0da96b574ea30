namespace Amoe.Host.Reports;

/// <summary>What a figure came to in several runs: its mean, and how far that may be from the expected value.</summary>
/// <param name="Deviation">The standard deviation of one run, estimated from the runs.</param>
/// <param name="HalfWidth">
/// The expected value lies within this distance of the mean in 95 of 100 such series, if runs are about normal.
/// </param>
internal sealed record Interval(decimal Mean, decimal Deviation, decimal HalfWidth, long Least, long Most)
{
    private const int RootStepsMax = 200;

    /// <summary>Fewer runs say nothing of how far they lie apart.</summary>
    public const int RunsMin = 2;

    public const int RunsMax = StudentT.FreedomMax + 1;

    /// <param name="values">Of independent runs, from two of them on.</param>
    public static Interval Of(IReadOnlyList<long> values)
    {
        decimal count = values.Count;
        var mean = values.Sum(value => (decimal)value) / count;
        var deviation = DeviationOf([.. values.Select(value => value - mean)]);
        return new Interval(
            mean, deviation, StudentT.QuantileOf(values.Count - 1) * deviation / Root(count), values.Min(),
            values.Max());
    }

    /// <summary>
    /// The standard deviation, in units of the farthest from the mean: squares of large amounts are more than a number
    /// holds.
    /// </summary>
    private static decimal DeviationOf(IReadOnlyList<decimal> distances)
    {
        var unit = distances.Max(Math.Abs);
        return unit == 0
            ? 0
            : unit * Root(distances.Sum(distance => distance / unit * (distance / unit)) / (distances.Count - 1));
    }

    /// <summary>The square root, by Newton's method from above.</summary>
    private static decimal Root(decimal square)
    {
        if (square <= 0)
            return 0;
        var root = square / 2 + 0.5m;
        for (var step = 0; step < RootStepsMax; step++)
        {
            var next = (root + square / root) / 2;
            if (next >= root)
                break;
            root = next;
        }

        return root;
    }
}
