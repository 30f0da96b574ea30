using System.Globalization;
using Amoe.Simulator.Assertions;

namespace Amoe.Bench.Marginals;

/// <summary>The spread of each check over the seeds, as a table.</summary>
internal static class MarginalsReport
{
    private const double MeanMax = 0.25;
    private const double DeviationMin = 0.85;
    private const double DeviationMax = 1.15;

    /// <summary>
    /// The bounds of few runs would be left by chance alone: they are held to three and a half standard errors instead.
    /// </summary>
    private const double StandardErrors = 3.5;

    /// <summary>The shift whose scale is looked for.</summary>
    private const double Shift = 0.01;

    /// <summary>Writes the table; true when every check is within its bounds.</summary>
    public static bool Write(TextWriter output, MarginalsRun run)
    {
        var count = run.Runs.Count;
        var meanMax = Math.Max(MeanMax, StandardErrors / Math.Sqrt(count));
        var spread = StandardErrors / Math.Sqrt(2.0 * Math.Max(1, count - 1));
        var (deviationMin, deviationMax) = (Math.Min(DeviationMin, 1 - spread), Math.Max(DeviationMax, 1 + spread));
        output.WriteLine(
            Line(
                $"{run.Scenario}, scale {run.ScaleThousandths / 1000.0}, seeds {run.FirstSeed} to {run.FirstSeed + (ulong)count - 1}"));
        output.WriteLine(Line($"z: mean within ±{meanMax:0.00}, deviation {deviationMin:0.00} to {deviationMax:0.00}"));
        output.WriteLine();
        output.WriteLine(
            Line(
                $"{"check",-48}{"expected",14}{"deviation",12}{"mean z",9}{"dev. z",9}{"most |z|",10}{"shift",10}{"found",9}{"1 % at",12}"));
        var holds = true;
        foreach (var checks in run.Runs[0].Select((_, i) => run.Runs.Select(checks => checks[i]).ToList()))
        {
            double[] z = [.. checks.Select(check => (double)check.Z)];
            var mean = z.Average();
            var deviation = Math.Sqrt(z.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, count - 1));
            var shift = checks.Average(check => (double)check.FindsShift);
            var found = checks.Count(check =>
                Math.Abs(check.Measured - check.Expected * (1 + (decimal)shift)) > check.Tolerance);
            var isRight = Math.Abs(mean) <= meanMax
                && deviation >= deviationMin
                && deviation <= deviationMax
                && checks.TrueForAll(check => check.Within);
            holds &= isRight;
            var (unit, expected, chance) = (checks[0].Unit, checks.Average(check => check.Expected),
                checks.Average(check => check.Deviation));
            output.Write(
                Line(
                    $"{checks[0].Of,-48}{Figure(unit, expected),14}{Figure(unit, chance),12}{mean,9:0.000}{deviation,9:0.000}{z.Max(Math.Abs),10:0.00}"));
            output.WriteLine(
                Line(
                    $"{shift * 100,8:0.0} %{100.0 * found / count,7:0.0} %{ScaleFor(run.ScaleThousandths, shift),12:#,0.##}{(isRight ? "" : "  OUT")}"));
        }

        return holds;
    }

    /// <summary>Chance weighs as one over the root of the scale.</summary>
    private static double ScaleFor(int scaleThousandths, double shift) =>
        scaleThousandths / 1000.0 * (shift / Shift) * (shift / Shift);

    private static string Figure(string unit, decimal value) =>
        unit == MarginalCheck.Count ? Line($"{value:#,0}") : Line($"{value / 1000:0.0000} %");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
