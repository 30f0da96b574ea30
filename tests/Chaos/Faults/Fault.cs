using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Chaos.Faults;

/// <summary>
/// Something that happens to a cluster under load, and is over when it returns: hosts that died were started again,
/// what was cut is healed.
/// </summary>
/// <param name="Name">As the table has it.</param>
/// <param name="NeedsNamespaces">True when it cannot be done with all hosts on one loopback.</param>
/// <param name="NeedsSmallDisk">True when it cannot be done unless the store's disk is one that may be filled.</param>
internal sealed record Fault(
    string Name, Func<Cluster, Dice, Task> Happen, bool NeedsNamespaces = false, bool NeedsSmallDisk = false)
{
    public static IReadOnlyList<Fault> All { get; } = [
        .. KillFaults.All, .. FreezeFaults.All, .. StoreFaults.All, .. NetworkFaults.All, .. MembershipFaults.All
    ];
}
