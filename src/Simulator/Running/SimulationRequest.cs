using Amoe.Engine.Actors;
using Amoe.Engine.Journal;
using Amoe.Engine.Rules;
using Amoe.Simulator.Scenarios;

namespace Amoe.Simulator.Running;

/// <summary>What a simulation is asked to do.</summary>
/// <param name="Scenario">The scenario, validated.</param>
/// <param name="ScaleThousandths">1000 is the whole nation; from 1 to 20,000.</param>
/// <param name="Rulebook">The rulebook to decide by; of a journal that is resumed, the one it adopted last.</param>
/// <param name="Journal">Where the journal is.</param>
/// <param name="Resume">Take up an existing journal after its last closed day, instead of creating one.</param>
/// <param name="Threads">Threads that decide; the digest is the same for any number.</param>
internal sealed record SimulationRequest(
    Scenario Scenario, int ScaleThousandths, ulong Seed, Rulebook Rulebook, JournalAddress Journal, bool Resume, int Threads)
{
    /// <summary>Puts somebody who listens between the drivers and the runtime; null in all but tests.</summary>
    public Func<IActorRuntime, IActorRuntime>? Tap { get; init; }

    public const int ScaleThousandthsMin = Population.ScaleMin;
    public const int ScaleThousandthsMax = Population.ScaleMax;
}
