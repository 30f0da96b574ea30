using Amoe.Engine.Domain;
using Amoe.Simulator.Assertions;

namespace Amoe.Simulator.Tests.Assertions;

public sealed class DelayChancesTests
{
    private const int Drawn = 400_000;

    public static TheoryData<int, int> Ranges => new() { { 1, 1 }, { 0, 40 }, { 1, 50 }, { 5, 150 }, { 62, 160 } };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void A_uniform_range_is_drawn_with_the_chances_worked_out(int min, int max) =>
        AssertDrawn(DelayChances.Uniform(new Between(min, max)), new Between(min, max).At);

    [Theory]
    [MemberData(nameof(Ranges))]
    public void A_skewed_range_is_drawn_with_the_chances_worked_out(int min, int max) =>
        AssertDrawn(DelayChances.Skewed(new Between(min, max)), new Between(min, max).SkewedAt);

    [Fact]
    public void What_is_put_together_of_chances_is_drawn_so()
    {
        var (late, usual) = (new Between(60, 160), new Between(1, 50));
        AssertDrawn(
            DelayChances.Either(0.25, DelayChances.Uniform(late), DelayChances.Skewed(usual))
                .AtLeast(10)
                .Join(DelayChances.Uniform(new Between(0, 6)), (one, other) => one + other),
            bits =>
                Math.Max(
                    10,
                    Mixing.Mix(bits, 1) % 4 == 0 ? late.At(Mixing.Mix(bits, 2)) : usual.SkewedAt(Mixing.Mix(bits, 2)))
                        + new Between(0, 6).At(Mixing.Mix(bits, 3)));
    }

    [Fact]
    public void What_is_not_in_the_range_never_happens()
    {
        var chances = DelayChances.Uniform(new Between(3, 6));
        Assert.Equal((0, 0.25, 0.25, 0), (chances[2], chances[3], chances[6], chances[7]));
        Assert.Equal(0.5, chances.Of(days => days > 4));
    }

    private static void AssertDrawn(DelayChances chances, Func<ulong, int> draw)
    {
        var drawn = new Dictionary<int, int>();
        for (var i = 0UL; i < Drawn; i++)
            drawn[draw(Mixing.Mix(7, i))] = drawn.GetValueOrDefault(draw(Mixing.Mix(7, i))) + 1;
        Assert.Equal(1, chances.Of(_ => true), 1e-12);
        Assert.All(drawn.Keys, days => Assert.InRange(days, chances.Min, chances.Max));
        for (var days = chances.Min; days <= chances.Max; days++)
        {
            var expected = Expected.Draws(Drawn, chances[days]);
            Assert.True(
                Math.Abs(drawn.GetValueOrDefault(days) - expected.Mean) <= expected.Tolerance(200),
                $"{days} days: {drawn.GetValueOrDefault(days)} drawn, {expected.Mean} worked out");
        }
    }
}
