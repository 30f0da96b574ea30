using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios.Lives;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Lives;
using Amoe.Oracle.Model;
using Xunit.Abstractions;

namespace Amoe.Oracle;

/// <summary>
/// The engine and a model that shares no code with it decide the same in random lives drawn beforehand.
/// </summary>
[Trait("Breadth", "full")]
public sealed class AgreementTests(ITestOutputHelper output)
{
    private static readonly Rulebook WithLateFiling = Rulebook.Load(
        EditedRulebook.Text("X2.late_filing_days|value: 0|value: 20"), "with a limit for late filing");

    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, Breadth.Of(quick: 6, full: 12))
        .Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Of_random_lives_nothing_is_decided_differently(ulong seed)
    {
        var commands = new RandomLives(new Dice(Mixing.Mix(seed, 1))).Of(400);
        (await LivesRun.Play(commands, Rulebook.Embedded, new Scheme())).RequireAgreement(output);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Of_rich_lives_nothing_is_decided_differently(ulong seed) =>
        (await LivesRun.Play(new RichLives(new Dice(seed)).Of(400), Rulebook.Embedded, new Scheme()))
            .RequireAgreement(output);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nor_under_a_rulebook_with_limits_of_its_own(ulong seed) =>
        (await LivesRun.Play(
            new RichLives(new Dice(seed)).Of(200), WithLateFiling, new Scheme { LateFilingDays = new Dated<int>(20) }))
                .RequireAgreement(output);

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nor_where_commits_fail_and_answers_are_lost(ulong seed)
    {
        const int Students = 200;
        using var run = ScenarioRun.OverPartitions(seed, Rulebook.Embedded);
        await run.Play(Students);
        var comparison = new Comparison(
            run.Durable.Identity.StudentPartitions, new Scheme(), Rulebook.Embedded, run.Logic);
        comparison.Take(run.Durable, new RandomLives(new Dice(Mixing.Mix(seed, 1))).Of(Students));
        comparison.CompareEnd(run.Durable, LivesRun.FirstDay, LivesRun.LastDay);
        comparison.RequireAgreement(output);
    }
}
