using Xunit.Abstractions;

namespace Amoe.Oracle.Harness;

/// <summary>Asserts that model and engine agree, and tells how much was compared.</summary>
internal static class Agreement
{
    public static void RequireAgreement(this Comparison comparison, ITestOutputHelper output)
    {
        output.WriteLine(
            $"{comparison.Compared} commands of {comparison.Students} students and {comparison.Claims} claims compared");
        output.WriteLine(
            string.Join(", ", comparison.Situations.Select(situation => $"{situation.Name} {situation.Times}")));
        Assert.True(comparison.Agrees, comparison.Report());
        Assert.True(comparison.Claims > 0, "nothing was compared");
    }
}
