using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Chaos.Faults;

/// <summary>
/// kill -9, at random and at points in what a host does. The points are reached from outside: by what the store shows,
/// and by what of the host's is held back on its way there.
/// </summary>
internal static class KillFaults
{
    private static readonly TimeSpan SlowStore = TimeSpan.FromMilliseconds(15);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("host killed at random", AtRandom),
        new("host killed after it decided, before its append arrived", BeforeAppend),
        new("host killed, its append arriving when others hold its partitions", LateAppend),
        new("host killed while its append waits in the store", DuringAppend),
        new("host killed after its append, before it heard of it", AfterAppend),
        new("host killed between two renewals of its lease", BetweenRenewals),
        new("host killed while it recovers a dead one's partitions", DuringRecovery),
        new("host killed while partitions are handed over", DuringHandOver),
    ];

    private static async Task AtRandom(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        place.Host!.Kill();
        await cluster.TakenFrom(host);
        await place.Start();
    }

    private static async Task BeforeAppend(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        await HoldAnAppend(place, Way.ToServer);
        place.Host!.Kill();
        place.ToStore.Reset();
        place.ToStore.Heal();
        await cluster.TakenFrom(host);
        await place.Start();
    }

    private static async Task LateAppend(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        await HoldAnAppend(place, Way.ToServer);
        place.Host!.Kill();
        await cluster.TakenFrom(host);
        place.ToStore.Heal();
        await place.Start();
    }

    private static async Task DuringAppend(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        await using (await cluster.Store.HoldAppendsOf(host))
            place.Host!.Kill();

        await cluster.TakenFrom(host);
        await place.Start();
    }

    private static async Task AfterAppend(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        await HoldAnAppend(place, Way.ToClient);
        place.Host!.Kill();
        place.ToStore.Reset();
        place.ToStore.Heal();
        await cluster.TakenFrom(host);
        await place.Start();
    }

    /// <summary>
    /// Waits until a statement of an append of the host is held on its way to the store, or the answer to its commit on
    /// the way back: then the store has committed it.
    /// </summary>
    private static Task HoldAnAppend(Place place, Way way)
    {
        var caught = place.ToStore.HoldNext(way);
        return Cluster.Until(() => caught.IsCompleted, "the host appends nothing");
    }

    private static async Task BetweenRenewals(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        var lease = cluster.LeaseOf(host);
        await Cluster.Until(() => cluster.LeaseOf(host) != lease, "the host does not renew its lease");
        place.Host!.Kill();
        await cluster.TakenFrom(host);
        await place.Start();
    }

    private static async Task DuringRecovery(Cluster cluster, Dice dice)
    {
        var (first, died) = cluster.Any(dice);
        var its = cluster.PartitionsOf(died);
        var others = cluster.Up.Where(place => place != first).ToList();
        foreach (var other in others)
            other.ToStore.Delay(SlowStore);
        first.Host!.Kill();
        Place? second = null;
        await Cluster.Until(
            () =>
                (second = others.FirstOrDefault(other =>
                    cluster.HostAt(other) is var host and not 0
                        && cluster.PartitionsOf(host).Any(its.Contains))) is not null,
            "no other host takes its partitions");
        var alsoDied = cluster.HostAt(second!);
        second!.Host!.Kill();
        foreach (var other in others)
            other.ToStore.Heal();

        // Of two hosts none is left that could take anything.
        var isOneLeft = cluster.Up.Count > 0;
        if (!isOneLeft)
            await first.Start();
        await cluster.TakenFrom(died);
        await cluster.TakenFrom(alsoDied);
        if (isOneLeft)
            await first.Start();
        await second.Start();
    }

    private static async Task DuringHandOver(Cluster cluster, Dice dice)
    {
        var (spare, (giver, _)) = (cluster.Spare, cluster.Any(dice));
        var starting = spare.Start();
        await Cluster.Until(
            () => cluster.HostAt(spare) is var host and not 0 && cluster.PartitionsOf(host).Count > 0,
            "nothing is handed over");
        await starting;
        var victim = dice.Chance(50) ? spare : giver;
        var died = cluster.HostAt(victim);
        victim.Host!.Kill();
        await cluster.TakenFrom(died);
        if (victim != spare)
        {
            await cluster.Stop(spare);
            await giver.Start();
        }
    }
}
