namespace Amoe.Simulator.Tests;

public sealed class DrawsTests
{
    [Fact]
    public void A_draw_is_the_same_whenever_it_is_made()
    {
        var first = new Draws(42, 7);
        _ = first.Bits(DrawPurpose.City);
        Assert.Equal(new Draws(42, 7).Bits(DrawPurpose.Age, 3), first.Bits(DrawPurpose.Age, 3));
    }

    [Fact]
    public void Another_seed_student_purpose_or_number_draws_otherwise()
    {
        var bits = new Draws(42, 7).Bits(DrawPurpose.Age, 3);
        Assert.All(
            [
                new Draws(43, 7).Bits(DrawPurpose.Age, 3), new Draws(42, 8).Bits(DrawPurpose.Age, 3),
                new Draws(42, 7).Bits(DrawPurpose.City, 3), new Draws(42, 7).Bits(DrawPurpose.Age, 4)
            ],
            other => Assert.NotEqual(bits, other));
    }

    [Fact]
    public void A_range_holds_both_its_ends_and_nothing_outside()
    {
        var seen = Enumerable.Range(0, 1000)
            .Select(i => new Draws(1, (ulong)i).Range(DrawPurpose.Age, new Between(-2, 3)))
            .ToHashSet();
        Assert.Equal([-2, -1, 0, 1, 2, 3], seen.Order());
    }

    [Fact]
    public void A_delay_stays_in_its_range_and_is_mostly_short()
    {
        var delays = Enumerable.Range(0, 10_000)
            .Select(i => new Draws(1, (ulong)i).Delay(DrawPurpose.AnamDelay, new Between(1, 100)))
            .ToArray();
        Assert.All(delays, delay => Assert.InRange(delay, 1, 100));
        Assert.InRange(delays.Sum() / delays.Length, 23, 28);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(20_000, 19_000, 21_000)]
    [InlineData(Draws.Whole, 100_000, 100_000)]
    public void A_chance_comes_true_as_often_as_it_says(int per100k, int least, int most) =>
        Assert.InRange(
            Enumerable.Range(0, 100_000).Count(i => new Draws(1, (ulong)i).Chance(DrawPurpose.Chronic, per100k)), least,
            most);

    [Fact]
    public void A_table_chooses_by_weight_and_never_what_weighs_nothing()
    {
        var table = new Table<char>([('a', 1), ('b', 0), ('c', 3)]);
        var drawn =
            Enumerable.Range(0, 40_000).Select(i => new Draws(1, (ulong)i).Pick(DrawPurpose.City, table)).ToArray();
        Assert.InRange(drawn.Count(value => value == 'a'), 9_500, 10_500);
        Assert.DoesNotContain('b', drawn);
    }
}
