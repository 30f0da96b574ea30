using Amoe.Engine.Actors;
using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Sharding.Simulation;

/// <summary>
/// The frequency of each fault under a seed, and the bounds of senders and partitions. A seed draws about half of the
/// faults, because a run with all of them hides the effect of one.
/// </summary>
internal sealed class ClusterWeather
{
    private readonly Dice _dice;

    public ClusterWeather(Dice dice)
    {
        _dice = dice;
        var share = dice.Of(0, 40, 70, 100);
        CalmAt = TimeSpan.FromMilliseconds(5_000 + dice.Below(15_000));
        Hosts = 2 + dice.Below(2);
        StudentPartitions = 2 + dice.Below(2);
        LedgerPartitions = 1 + dice.Below(2);
        Clients = 1 + dice.Below(2);
        (LosePerMille, DoublePerMille, LatePerMille, ReorderPerMille) = (Drawn(share, 2, 10, 40), Drawn(share, 5, 30),
            Drawn(share, 5, 20), Drawn(share, 5, 50));
        (StoreFailsPerMille, StoreReplyLostPerMille, StoreLatePerMille) = (Drawn(share, 2, 10, 40),
            Drawn(share, 2, 10, 40), Drawn(share, 2, 10, 30));
        StaleRoutePercent = dice.Of(0, 10, 40);
        TroubleEvery = TimeSpan.FromMilliseconds(dice.Of(600, 1_200, 2_500, 6_000));
        Engine = new EngineOptions
        {
            TurnMessagesMax = dice.Of(1, 4, 30, 1_000),
            TurnDeadlinesMax = dice.Of(1, 3, 500),
            TurnBytesMax = dice.Of(60, 400, 64 << 10),
        };
        Limits = new SessionLimits(Sessions: 8, dice.Of(16, 64, 400));
        Session = new SessionOptions
        {
            ItemsMax = dice.Of(20, 200),
            BatchItemsMax = dice.Of(1, 4, 20),
            BatchesMax = dice.Of(1, 4, 16),
            ItemsAfterReopening = dice.Of(1, 5, 20),
            Deadline = TimeSpan.FromSeconds(dice.Of(3, 8, 30)),

            // A patient sender has its commands at a host that is frozen when another host serves already.
            SilenceMax = TimeSpan.FromSeconds(dice.Of(2, 2, 20)),
        };

        // None waits where the store refuses, and no longer than it may where the store stays away.
        Engine = Engine with { WriteHeldMax = TimeSpan.FromMilliseconds(dice.Of(0, 0, 2_000, 30_000)) };
    }

    /// <summary>When the faults stop.</summary>
    public TimeSpan CalmAt { get; }

    public int Hosts { get; }

    public int StudentPartitions { get; }

    public int LedgerPartitions { get; }

    /// <summary>Clients that send commands; one more only asks.</summary>
    public int Clients { get; }

    public int LosePerMille { get; }

    public int DoublePerMille { get; }

    public int LatePerMille { get; }

    public int ReorderPerMille { get; }

    public int StoreFailsPerMille { get; }

    public int StoreReplyLostPerMille { get; }

    public int StoreLatePerMille { get; }

    /// <summary>How often a region sends to the host that had the partition before.</summary>
    public int StaleRoutePercent { get; }

    /// <summary>Time between two large faults, on average.</summary>
    public TimeSpan TroubleEvery { get; }

    public EngineOptions Engine { get; }

    public SessionLimits Limits { get; }

    public SessionOptions Session { get; }

    private int Drawn(int share, params ReadOnlySpan<int> perMille) => _dice.Chance(share) ? _dice.Of(perMille) : 0;
}
