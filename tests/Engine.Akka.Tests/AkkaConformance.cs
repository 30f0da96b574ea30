using Amoe.Engine.Actors;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Akka.Tests;

/// <summary>The Akka.NET runtime keeps the promises.</summary>
public sealed class AkkaRuntimeConformance : RuntimeConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int shards = 4) => new AkkaHarness(options ?? new EngineOptions(), shards);
}

/// <summary>So it does when something is learnt late.</summary>
public sealed class AkkaLateTruthConformance : LateTruthConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int shards = 1) => new AkkaHarness(options ?? new EngineOptions(), shards);
}
