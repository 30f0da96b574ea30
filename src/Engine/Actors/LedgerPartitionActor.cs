namespace Amoe.Engine.Actors;

/// <summary>
/// Hosts a partition of ledgers: institutions, providers and payment runs. It runs as a students' partition does. Its
/// state has ledgers instead of students, and opening a day takes what students' partitions have for it, at least once
/// sent and exactly once taken.
/// </summary>
internal sealed class LedgerPartitionActor(PartitionHost host) : PartitionActor(host);
