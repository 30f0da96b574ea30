using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Chaos.Faults;

/// <summary>A host is frozen and does not know it: when it wakes, others hold its partitions.</summary>
internal static class FreezeFaults
{
    private static readonly TimeSpan APause = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("host frozen past its lease, and woken", PastLease),
        new("host frozen in the middle of an append, past its lease, and woken", DuringAppend),
        new("host frozen for less than its lease", Shortly),
    ];

    private static async Task PastLease(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        place.Host!.Freeze();
        await cluster.TakenFrom(host);

        // Its successors have written by now, or will while it wakes.
        await cluster.Progress();
        place.Host.Thaw();
        await cluster.BackAt(place);
    }

    private static async Task DuringAppend(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        await using (await cluster.Store.HoldAppendsOf(host))
            place.Host!.Freeze();

        await cluster.TakenFrom(host);
        await cluster.Progress();
        place.Host.Thaw();
        await cluster.BackAt(place);
    }

    private static async Task Shortly(Cluster cluster, Dice dice)
    {
        var (place, _) = cluster.Any(dice);
        place.Host!.Freeze();
        await Task.Delay(APause);
        place.Host.Thaw();
    }
}
