using Amoe.Engine.Actors;
using Amoe.Engine.Tests.Partitions.Simulation;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Partitions;

/// <summary>Partition cores keep the promises of a runtime.</summary>
public sealed class PartitionCoreConformance : RuntimeConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int partitions = 4) =>
        new PartitionsHarness(options ?? new EngineOptions(), partitions);
}

/// <summary>Partition cores keep the promises of a runtime.</summary>
public sealed class PartitionCoreLateTruthConformance : LateTruthConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int partitions = 1) =>
        new PartitionsHarness(options ?? new EngineOptions(), partitions);
}

/// <summary>Partition cores keep the promises of a runtime.</summary>
public sealed class PartitionCoreLedgerConformance : LedgerConformance
{
    internal override ILedgerHarness Start(EngineOptions options, int partitions, int ledgerPartitions) =>
        new PartitionsHarness(options, partitions, ledgerPartitions);
}
