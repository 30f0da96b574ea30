using Amoe.Engine.Actors;

namespace Amoe.Engine.Tests.Runtime;

/// <summary>The default runtime keeps the promises.</summary>
public sealed class AmoeRuntimeConformance : RuntimeConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int shards = 4) => new AmoeHarness(options ?? new EngineOptions(), shards);
}

/// <summary>So it does where the journal takes several appends at the same time.</summary>
public sealed class SeveralAppendersConformance : RuntimeConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int shards = 4) => new AmoeHarness(options ?? new EngineOptions(), shards, appenders: 3);
}

/// <summary>The default runtime keeps the promises.</summary>
public sealed class AmoeLateTruthConformance : LateTruthConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int shards = 1) => new AmoeHarness(options ?? new EngineOptions(), shards);
}

/// <summary>The default runtime keeps the promises.</summary>
public sealed class AmoeLedgerConformance : LedgerConformance
{
    internal override ILedgerHarness Start(EngineOptions options, int shards, int partyShards) => new AmoeHarness(options, shards, partyShards);
}
