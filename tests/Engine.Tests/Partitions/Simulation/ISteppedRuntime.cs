using Amoe.Engine.Actors;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Engine.Tests.Partitions.Simulation;

/// <summary>
/// A runtime in one thread, the caller's, that does one thing at a time in an order drawn from a seed.
/// </summary>
internal interface ISteppedRuntime : IActorRuntime
{
    /// <summary>Messages taken and not answered.</summary>
    int Unanswered { get; }

    /// <summary>Takes one step; false when there is none to take.</summary>
    bool RunOne();

    void RunUntilIdle();

    /// <summary>Draws a trouble for what comes next: mostly none.</summary>
    void Disturb(Dice dice);

    /// <summary>No trouble that was drawn and has not come will come.</summary>
    void Calm();
}
