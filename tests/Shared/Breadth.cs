namespace Amoe.Tests.Shared;

/// <summary>
/// How many seeds, changes and faults a test tries. A developer's run takes fewer of them than CI, which sets
/// AMOE_BREADTH=full. A variable of a test's own, such as AMOE_FAULT_SEEDS, goes before either.
/// </summary>
internal static class Breadth
{
    private static readonly bool _isFull = Environment.GetEnvironmentVariable("AMOE_BREADTH") == "full";

    /// <summary>The number for this run.</summary>
    public static T Of<T>(T quick, T full) => _isFull ? full : quick;
}
