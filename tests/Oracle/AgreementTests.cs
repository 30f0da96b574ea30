using Amoe.Engine.Domain;
using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios;
using Amoe.Oracle.Harness;
using Amoe.Oracle.Model;

namespace Amoe.Oracle;

/// <summary>The engine and a model that shares no code with it decide the same.</summary>
public sealed class AgreementTests
{
    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Of_random_lives_nothing_is_decided_differently(ulong seed)
    {
        var commands = new RandomLives(new Dice(Mixing.Mix(seed, 1))).Of(400);
        var comparison = await LivesRun.Play(commands, Rulebook.Embedded, new Scheme());
        Assert.True(comparison.Agrees, comparison.Report());
        Assert.Empty(comparison.NotYet);
    }
}
