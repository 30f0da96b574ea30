using Amoe.Engine.Actors;
using Amoe.Engine.Tests.Journal;
using Amoe.Engine.Tests.Postgres;
using Amoe.Engine.Tests.Runtime;

namespace Amoe.Engine.Tests.Actors;

/// <summary>Partitions as persistent actors on a file keep the promises of every runtime.</summary>
public sealed class PartitionRuntimeConformance : RuntimeConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int partitions = 4) =>
        new PartitionHarness(options ?? new EngineOptions(), partitions);
}

/// <summary>
/// Partitions as persistent actors on a file keep the promises of every runtime, and what they read back is the file's.
/// </summary>
public sealed class PartitionLateTruthConformance : LateTruthConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int partitions = 1) =>
        new PartitionHarness((options ?? new EngineOptions()) with { RecentBytesMax = 0 }, partitions);
}

/// <summary>Partitions as persistent actors on a file keep the promises of every runtime with ledgers.</summary>
public sealed class PartitionLedgerConformance : LedgerConformance
{
    internal override ILedgerHarness Start(EngineOptions options, int partitions, int ledgerPartitions) =>
        new PartitionHarness(options, partitions, ledgerPartitions);
}

/// <summary>Partitions as persistent actors on a database keep the promises of every runtime.</summary>
[NeedsPostgres]
public sealed class PostgresPartitionRuntimeConformance : RuntimeConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int partitions = 4) =>
        new PartitionHarness(options ?? new EngineOptions(), partitions, store: new PostgresTestStore());
}

/// <summary>
/// Partitions as persistent actors on a database keep the promises of every runtime, and what they read back is partly
/// the database's.
/// </summary>
[NeedsPostgres]
public sealed class PostgresPartitionLateTruthConformance : LateTruthConformance
{
    internal override IRuntimeHarness Start(EngineOptions? options = null, int partitions = 1) =>
        new PartitionHarness(
            (options ?? new EngineOptions()) with { RecentBytesMax = 500 }, partitions, store: new PostgresTestStore());
}

/// <summary>Partitions as persistent actors on a database keep the promises of every runtime with ledgers.</summary>
[NeedsPostgres]
public sealed class PostgresPartitionLedgerConformance : LedgerConformance
{
    internal override ILedgerHarness Start(EngineOptions options, int partitions, int ledgerPartitions) =>
        new PartitionHarness(options, partitions, ledgerPartitions, store: new PostgresTestStore());
}
