using Amoe.Engine.Partitions.Sessions;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions.Sessions.Simulation;

/// <summary>How bad things are under a seed, and the bounds that the state machines have in it.</summary>
internal sealed class SessionWeather
{
    public SessionWeather(Dice dice)
    {
        CalmAt = TimeSpan.FromSeconds(2 + dice.Below(6));
        Senders = 1 + dice.Below(4);
        LosePercent = dice.Of(0, 1, 3, 10);
        DoublePercent = dice.Of(0, 1, 5);
        LatePercent = dice.Of(0, 1, 3);
        ReorderPercent = dice.Of(0, 0, 2, 10);
        WriteFailsPercent = dice.Of(0, 1, 5);
        SlowWritePercent = dice.Of(0, 0, 2);
        OverloadedPercent = dice.Of(0, 0, 3);
        AnsweredLatePercent = dice.Of(0, 0, 5);
        TroubleEvery = TimeSpan.FromMilliseconds(dice.Of(300, 1_000, 3_000, 100_000));
        var sessions = Math.Max(1, Senders + dice.Of(-1, 0, 4));
        Limits = new SessionLimits(sessions, dice.Of(8, 40, 400));
        Options = new SessionOptions
        {
            ItemsMax = dice.Of(20, 200, 1_000),
            BatchItemsMax = dice.Of(1, 4, 20, 100),
            BatchBytesMax = 2_000,
            BatchesMax = dice.Of(1, 4, 16),
            ItemsAfterReopening = 5,

            // Senders that take turns with one session may wait long, faults or not.
            Deadline = TimeSpan.FromSeconds(sessions < Senders ? 60 : dice.Of(4, 10, 60)),
        };
    }

    /// <summary>When the faults stop.</summary>
    public TimeSpan CalmAt { get; }

    public int Senders { get; }

    public int LosePercent { get; }

    public int DoublePercent { get; }

    public int LatePercent { get; }

    public int ReorderPercent { get; }

    public int WriteFailsPercent { get; }

    public int SlowWritePercent { get; }

    public int OverloadedPercent { get; }

    public int AnsweredLatePercent { get; }

    /// <summary>Time between two moves, restarts or freezes, on average.</summary>
    public TimeSpan TroubleEvery { get; }

    public SessionLimits Limits { get; }

    public SessionOptions Options { get; }
}
