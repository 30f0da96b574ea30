using Amoe.Engine.Actors;
using Amoe.Engine.Domain;
using Amoe.Engine.Figures;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Scenarios;

/// <summary>
/// The final state of random lives follows from their commands alone, not from buckets, the size of turns, late reads
/// or failures.
/// </summary>
public sealed class PacedScenarios
{
    private const int Students = 120;

    public static TheoryData<ulong> Seeds { get; } = [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_same_lives_end_the_same_in_one_bucket_without_a_failure_and_in_eight_with_many(ulong seed)
    {
        var lives = new RandomLives(new Dice(Mixing.Mix(seed, 1))).Of(Students);
        var calm = await PacedRun.Play(
            lives, new SimulationOptions { Seed = Mixing.Mix(seed, 4), Buckets = [1] }, troubles: null);
        var engine = new EngineOptions
        {
            MailboxMessagesMax = 32,
            TurnMessagesMax = 7,
            TurnDeadlinesMax = 3,
            TurnBytesMax = 2_000
        };
        var disturbed = new SimulationOptions
        {
            Seed = Mixing.Mix(seed, 5),
            Engine = engine,
            Buckets = [8],
            SnapshotPercent = 5,
            LosesSnapshots = true,
            VerifiesRecovery = true
        };
        var troubled = await PacedRun.Play(lives, disturbed, new Dice(Mixing.Mix(seed, 6)));

        Assert.Equal(calm.Digest, troubled.Digest);
        foreach (var counter in Enum.GetValues<Counter>().Where(counter => counter != Counter.Last))
            Assert.Equal((counter, calm.Accounts.Totals[counter]), (counter, troubled.Accounts.Totals[counter]));
        Assert.Equal(calm.Accounts.Ledgers.SetOffCentimes, troubled.Accounts.Ledgers.SetOffCentimes);
    }
}
