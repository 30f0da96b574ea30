namespace Amoe.Simulator.Assertions;

/// <summary>A scenario's chances and tables as fractions.</summary>
internal static class Chances
{
    /// <summary>Draws fall on 2³² values.</summary>
    private const double AllDraws = 4_294_967_296;

    /// <param name="per100k">As a scenario holds it.</param>
    public static double Of(int per100k) => (double)per100k / Draws.Whole;

    /// <summary>Each entry of a table with the chance that it is drawn.</summary>
    public static IEnumerable<(T Value, double Chance)> Of<T>(Table<T> table) =>
        table.Parts.Select(part => (part.Value, part.Width / AllDraws));
}
