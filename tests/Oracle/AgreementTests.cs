using System.Globalization;
using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Lives;
using Amoe.Oracle.Model;
using Amoe.Simulator.Scenarios;
using Xunit.Abstractions;

namespace Amoe.Oracle;

/// <summary>
/// The engine and a model that shares no code with it decide the same. AMOE_ORACLE_SCALE is the part of the nation that lives its year (1 is all of it),
/// AMOE_ORACLE_SEEDS the seeds, with commas.
/// </summary>
public sealed class AgreementTests(ITestOutputHelper output)
{
    private const decimal ScaleByDefault = 0.05m;

    private static readonly Rulebook WithLateFiling = Rulebook.Load(EditedRulebook.Text("X2.late_filing_days|value: 0|value: 20"), "with a limit for late filing");

    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    public static TheoryData<string, ulong> Years { get; } = YearsAsked();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Of_random_lives_nothing_is_decided_differently(ulong seed)
    {
        var commands = new RandomLives(new Dice(Mixing.Mix(seed, 1))).Of(400);
        RequireAgreement(await LivesRun.Play(commands, Rulebook.Embedded, new Scheme()));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Of_rich_lives_nothing_is_decided_differently(ulong seed) =>
        RequireAgreement(await LivesRun.Play(new RichLives(new Dice(seed)).Of(400), Rulebook.Embedded, new Scheme()));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nor_under_a_rulebook_with_limits_of_its_own(ulong seed) =>
        RequireAgreement(await LivesRun.Play(new RichLives(new Dice(seed)).Of(200), WithLateFiling, new Scheme { LateFilingDays = new Dated<int>(20) }));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nor_where_commits_fail_and_answers_are_lost(ulong seed)
    {
        const int Students = 200;
        using var run = ScenarioRun.OverPartitions(seed, Rulebook.Embedded);
        await run.Play(Students);
        var comparison = new Comparison(run.Durable.Identity.ShardCount, new Scheme(), Rulebook.Embedded, run.Logic);
        comparison.Take(run.Durable, new RandomLives(new Dice(Mixing.Mix(seed, 1))).Of(Students));
        comparison.CompareEnd(run.Durable, LivesRun.FirstDay, LivesRun.LastDay);
        RequireAgreement(comparison);
    }

    [Theory]
    [MemberData(nameof(Years))]
    public async Task Of_a_simulated_year_nothing_is_decided_differently(string scenario, ulong seed) =>
        RequireAgreement(await YearRun.Play(scenario, (int)(Scale() * 1000), seed));

    private void RequireAgreement(Comparison comparison)
    {
        output.WriteLine($"{comparison.Compared} commands of {comparison.Students} students and {comparison.Claims} claims compared");
        output.WriteLine(string.Join(", ", comparison.Situations.Select(situation => $"{situation.Name} {situation.Times}")));
        Assert.True(comparison.Agrees, comparison.Report());
        Assert.True(comparison.Claims > 0, "nothing was compared");
    }

    private static decimal Scale() => decimal.TryParse(Environment.GetEnvironmentVariable("AMOE_ORACLE_SCALE"), CultureInfo.InvariantCulture, out var scale) ? scale : ScaleByDefault;

    private static TheoryData<string, ulong> YearsAsked()
    {
        var seeds = Environment.GetEnvironmentVariable("AMOE_ORACLE_SEEDS")?.Split(',').Select(seed => ulong.Parse(seed, CultureInfo.InvariantCulture)).ToArray() ?? [42];
        var years = new TheoryData<string, ulong>();
        foreach (var scenario in ScenarioReader.Names)
        {
            foreach (var seed in seeds)
                years.Add(scenario, seed);
        }

        return years;
    }
}
