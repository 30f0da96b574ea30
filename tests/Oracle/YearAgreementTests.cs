using System.Globalization;
using Amoe.Oracle.Harness;
using Amoe.Simulator.Scenarios;
using Xunit.Abstractions;

namespace Amoe.Oracle;

/// <summary>
/// The engine and the model decide the same in a simulated year. AMOE_ORACLE_SCALE is the simulated part of the nation
/// (1 is all of it), AMOE_ORACLE_SEEDS the seeds, with commas. Apart from <see cref="AgreementTests"/>: the classes run
/// side by side.
/// </summary>
public sealed class YearAgreementTests(ITestOutputHelper output)
{
    private const decimal ScaleByDefault = 0.05m;

    public static TheoryData<string, ulong> Years { get; } = YearsAsked();

    [Theory]
    [MemberData(nameof(Years))]
    public async Task Of_a_simulated_year_nothing_is_decided_differently(string scenario, ulong seed)
    {
        var comparison = await YearRun.Play(scenario, (int)(Scale() * 1000), seed);
        comparison.RequireAgreement(output);
    }

    private static decimal Scale() =>
        decimal.TryParse(
            Environment.GetEnvironmentVariable("AMOE_ORACLE_SCALE"), CultureInfo.InvariantCulture, out var scale)
                ? scale
                : ScaleByDefault;

    private static TheoryData<string, ulong> YearsAsked()
    {
        var seeds = Environment.GetEnvironmentVariable("AMOE_ORACLE_SEEDS")?.Split(',')
            .Select(seed => ulong.Parse(seed, CultureInfo.InvariantCulture))
            .ToArray() ?? [42];
        var years = new TheoryData<string, ulong>();
        foreach (var scenario in ScenarioReader.Names)
        {
            foreach (var seed in seeds)
                years.Add(scenario, seed);
        }

        return years;
    }
}
