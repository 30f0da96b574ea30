namespace Amoe.Simulator.Assertions;

/// <summary>
/// The chance of each number of days, worked out from the scenario's range and from how <see cref="Between"/> draws in
/// it.
/// </summary>
internal sealed class DelayChances
{
    private readonly double[] _chances;

    private DelayChances(int min, double[] chances) => (Min, _chances) = (min, chances);

    public int Min { get; }

    public int Max => Min + _chances.Length - 1;

    /// <summary>The chance of exactly so many days.</summary>
    public double this[int days] => days < Min || days > Max ? 0 : _chances[days - Min];

    public static DelayChances Exactly(int days) => new(days, [1]);

    /// <summary>Every number alike: <see cref="Between.At"/>.</summary>
    public static DelayChances Uniform(Between between)
    {
        var count = between.Max - between.Min + 1;
        var chances = new double[count];
        Array.Fill(chances, 1.0 / count);
        return new DelayChances(between.Min, chances);
    }

    /// <summary>
    /// The product of two uniform draws: <see cref="Between.SkewedAt"/>. It is below x with the chance x − x ln x.
    /// </summary>
    public static DelayChances Skewed(Between between)
    {
        var count = between.Max - between.Min + 1;
        var chances = new double[count];
        for (var i = 0; i < count; i++)
            chances[i] = Below((i + 1.0) / count) - Below((double)i / count);
        return new DelayChances(between.Min, chances);

        static double Below(double x) => x == 0 ? 0 : x - x * Math.Log(x);
    }

    /// <summary>One or the other.</summary>
    /// <param name="chance">Of <paramref name="one"/>.</param>
    public static DelayChances Either(double chance, DelayChances one, DelayChances other)
    {
        var (min, max) = (Math.Min(one.Min, other.Min), Math.Max(one.Max, other.Max));
        var chances = new double[max - min + 1];
        for (var i = 0; i < chances.Length; i++)
            chances[i] = chance * one[min + i] + (1 - chance) * other[min + i];
        return new DelayChances(min, chances);
    }

    /// <summary>Two independent delays, joined to one.</summary>
    public DelayChances Join(DelayChances other, Func<int, int, int> join)
    {
        var joined = new SortedDictionary<int, double>();
        for (var i = Min; i <= Max; i++)
        {
            for (var j = other.Min; j <= other.Max; j++)
            {
                var days = join(i, j);
                joined[days] = joined.GetValueOrDefault(days) + this[i] * other[j];
            }
        }

        var (min, max) = (joined.Keys.First(), joined.Keys.Last());
        var chances = new double[max - min + 1];
        foreach (var (days, chance) in joined)
            chances[days - min] = chance;
        return new DelayChances(min, chances);
    }

    /// <summary>Never fewer days than so many.</summary>
    public DelayChances AtLeast(int least) => Join(Exactly(least), Math.Max);

    /// <summary>The chance that the number of days is such.</summary>
    public double Of(Func<int, bool> isSuch)
    {
        var sum = 0.0;
        for (var days = Min; days <= Max; days++)
        {
            if (isSuch(days))
                sum += this[days];
        }

        return sum;
    }
}
