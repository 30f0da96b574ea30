using Amoe.Simulator.Assertions;

namespace Amoe.Simulator.Tests.Assertions;

/// <summary>A tolerance that is too narrow alarms without cause, and one that is too wide lets a shift pass.</summary>
public sealed class ExpectedTests
{
    private const int Checks = 45;
    private const double FalseAlarms = 1e-4;

    private static readonly double[] LogFactorials = LogFactorialsTo(20_000);

    [Theory]
    [InlineData(10, 0.5)]
    [InlineData(30, 0.02)]
    [InlineData(100, 0.008)]
    [InlineData(1_000, 0.003)]
    [InlineData(1_000, 0.94)]
    [InlineData(20_000, 0.09)]
    [InlineData(20_000, 0.5)]
    public void A_tolerance_is_left_by_chance_in_one_run_of_ten_thousand_at_most_over_all_checks(
        int number, double chance)
    {
        var expected = Expected.Draws(number, chance);
        var tolerance = expected.Tolerance(Checks);
        var outside = Enumerable.Range(0, number + 1)
            .Where(count => Math.Abs(count - expected.Mean) > tolerance)
            .Sum(count => Binomial(number, chance, count));
        Assert.InRange(outside, 0, FalseAlarms / Checks);
    }

    [Theory]
    [InlineData(1_000, 0.5)]
    [InlineData(20_000, 0.09)]
    [InlineData(1_000_000, 0.002)]
    public void A_tolerance_of_many_draws_is_little_more_than_a_bell_curve_asks_for(int number, double chance)
    {
        // 4.74 deviations to either side leave 10⁻⁴ / 45 of a bell curve.
        var expected = Expected.Draws(number, chance);
        Assert.InRange(expected.Tolerance(Checks) / Math.Sqrt(expected.Variance), 4.74, 4.74 * 1.2);
    }

    [Fact]
    public void Where_chance_has_no_part_nothing_is_tolerated() =>
        Assert.Equal(0, Expected.Draws(1_000, 1).Tolerance(Checks));

    [Fact]
    public void Parts_add_up()
    {
        var sum = Expected.Draws(1_000, 0.1) + Expected.Draws(500, 0.4);
        Assert.Equal((300, 90 + 120, 1), (sum.Mean, sum.Variance, sum.Largest));
    }

    private static double Binomial(int n, double p, int k) =>
        Math.Exp(
            LogFactorials[n] - LogFactorials[k] - LogFactorials[n - k] + k * Math.Log(p) + (n - k) * Math.Log(1 - p));

    private static double[] LogFactorialsTo(int last)
    {
        var logs = new double[last + 1];
        for (var i = 2; i <= last; i++)
            logs[i] = logs[i - 1] + Math.Log(i);
        return logs;
    }
}
