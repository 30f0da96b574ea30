namespace Amoe.Host.Reports;

/// <summary>
/// Student's t: a mean lies within so many standard errors of the expected value in 95 of 100 series of runs. Worked
/// out from the regularised incomplete beta function. It is a table because binary fractions are not used where amounts
/// are.
/// </summary>
internal static class StudentT
{
    /// <summary>The most degrees of freedom that the table has.</summary>
    public const int FreedomMax = 99;

    // The 97.5 % quantiles for 1, 2, … degrees of freedom.
    private static readonly decimal[] _quantiles =
    [
        12.706205m, 4.302653m, 3.182446m, 2.776445m, 2.570582m, 2.446912m, 2.364624m, 2.306004m, 2.262157m, 2.228139m,
        2.200985m, 2.178813m, 2.160369m, 2.144787m, 2.131450m, 2.119905m, 2.109816m, 2.100922m, 2.093024m, 2.085963m,
        2.079614m, 2.073873m, 2.068658m, 2.063899m, 2.059539m, 2.055529m, 2.051831m, 2.048407m, 2.045230m, 2.042272m,
        2.039513m, 2.036933m, 2.034515m, 2.032245m, 2.030108m, 2.028094m, 2.026192m, 2.024394m, 2.022691m, 2.021075m,
        2.019541m, 2.018082m, 2.016692m, 2.015368m, 2.014103m, 2.012896m, 2.011741m, 2.010635m, 2.009575m, 2.008559m,
        2.007584m, 2.006647m, 2.005746m, 2.004879m, 2.004045m, 2.003241m, 2.002465m, 2.001717m, 2.000995m, 2.000298m,
        1.999624m, 1.998972m, 1.998341m, 1.997730m, 1.997138m, 1.996564m, 1.996008m, 1.995469m, 1.994945m, 1.994437m,
        1.993943m, 1.993464m, 1.992997m, 1.992543m, 1.992102m, 1.991673m, 1.991254m, 1.990847m, 1.990450m, 1.990063m,
        1.989686m, 1.989319m, 1.988960m, 1.988610m, 1.988268m, 1.987934m, 1.987608m, 1.987290m, 1.986979m, 1.986675m,
        1.986377m, 1.986086m, 1.985802m, 1.985523m, 1.985251m, 1.984984m, 1.984723m, 1.984467m, 1.984217m,
    ];

    /// <param name="freedom">Degrees of freedom, from 1: one less than there are runs.</param>
    public static decimal QuantileOf(int freedom) => _quantiles[freedom - 1];
}
