using Amoe.Engine.Rules;
using Amoe.Engine.Tests.Scenarios;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>Random scenarios over the default runtime in one thread under a seed: its mailboxes, its committer and its recovery keep what the cores keep.</summary>
public sealed class SeededRuntimeTests
{
    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 30).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_random_scenario_holds_money_entitlement_order_and_durability(ulong seed)
    {
        using var run = ScenarioRun.OverRuntime(seed, Rulebook.Embedded);
        var state = await run.Play(students: 100);
        var audit = run.Audit(CancellationToken.None);
        Assert.Empty(run.Problems.Concat(audit.Problems));
        Assert.Equal(state.Digest, audit.Digest);
        Assert.Equal(default, audit.Accounts.NotYetBooked);
        Assert.Equal(0, audit.Accounts.Ledgers.SetOffInTransitCentimes);
    }
}
