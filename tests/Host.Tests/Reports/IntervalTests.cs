using Amoe.Host.Reports;

namespace Amoe.Host.Tests.Reports;

public sealed class IntervalTests
{
    [Fact]
    public void An_interval_is_the_mean_and_t_standard_errors_beside_it()
    {
        // Worked out by hand: squares about the mean 5 come to 32, √(32 / 7) = 2.13809, t for 7 is 2.36462.
        var interval = Interval.Of([2, 4, 4, 4, 5, 5, 7, 9]);

        Assert.Equal((5m, 2L, 9L), (interval.Mean, interval.Least, interval.Most));
        Assert.Equal(2.13809m, decimal.Round(interval.Deviation, 5));
        Assert.Equal(1.78749m, decimal.Round(interval.HalfWidth, 5));
    }

    [Fact]
    public void Equal_runs_have_no_width_and_large_amounts_no_overflow()
    {
        Assert.Equal(new Interval(7, 0, 0, 7, 7), Interval.Of([7, 7, 7]));
        var large = Interval.Of([4_000_000_000_000_000, 6_000_000_000_000_000]);
        Assert.Equal(5_000_000_000_000_000m, large.Mean);
        Assert.Equal(1_414_213_562_373_095.05m, decimal.Round(large.Deviation, 2));
    }

    /// <summary>From the table in Fisher and Yates, to three decimals.</summary>
    [Theory]
    [InlineData(1, "12.706")]
    [InlineData(2, "4.303")]
    [InlineData(5, "2.571")]
    [InlineData(10, "2.228")]
    [InlineData(30, "2.042")]
    [InlineData(60, "2.000")]
    [InlineData(99, "1.984")]
    public void The_quantiles_are_those_of_published_tables(int freedom, string published) =>
        Assert.Equal(published, $"{decimal.Round(StudentT.QuantileOf(freedom), 3):F3}");

    [Fact]
    public void Quantiles_fall_with_every_degree_of_freedom()
    {
        var quantiles = Enumerable.Range(1, StudentT.FreedomMax).Select(StudentT.QuantileOf).ToList();

        Assert.All(quantiles.Zip(quantiles.Skip(1)), pair => Assert.True(pair.First > pair.Second, $"{pair}"));
    }
}
