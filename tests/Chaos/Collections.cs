// Clusters under faults mostly wait, for leases and for each other.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Amoe.Chaos;

/// <summary>Tests that measure hosts: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measurements
{
    public const string Name = "measurements";
}
