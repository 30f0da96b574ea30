using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Chaos.Faults;

/// <summary>Faults of the network between hosts, their store and their clients.</summary>
internal static class NetworkFaults
{
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(60);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("host → store lost, store → host passes", (cluster, dice) => StoreOneWay(cluster, dice, Way.ToServer)),
        new("store → host lost, host → store passes", (cluster, dice) => StoreOneWay(cluster, dice, Way.ToClient)),
        new("host cut off from the store", StoreCut),
        new("host's connections to the store reset", StoreReset),
        new("store slow for a host", StoreSlow),
        new("clients' connections reset", ClientsReset),
        new("client → host lost for a while", (cluster, dice) => ClientsOneWay(cluster, dice, Way.ToServer)),
        new("host → client lost for a while", (cluster, dice) => ClientsOneWay(cluster, dice, Way.ToClient)),
        new("host → host lost one way for a while", PeersOneWay, NeedsNamespaces: true),
        new("two hosts parted for a while", PeersParted, NeedsNamespaces: true),
        new("host off the network past its lease", Unplugged, NeedsNamespaces: true),
    ];

    private static async Task StoreOneWay(Cluster cluster, Dice dice, Way way)
    {
        var (place, host) = cluster.Any(dice);
        place.ToStore.Hold(way);
        await cluster.TakenFrom(host);
        place.ToStore.Heal();
        await cluster.BackAt(place);
    }

    private static async Task StoreCut(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        place.ToStore.Cut();
        await cluster.TakenFrom(host);
        place.ToStore.Heal();
        await cluster.BackAt(place);
    }

    private static Task StoreReset(Cluster cluster, Dice dice)
    {
        cluster.Any(dice).Place.ToStore.Reset();
        return Task.CompletedTask;
    }

    private static async Task StoreSlow(Cluster cluster, Dice dice)
    {
        var (place, _) = cluster.Any(dice);
        place.ToStore.Delay(Late);
        await Task.Delay(AWhile);
        place.ToStore.Heal();
    }

    private static Task ClientsReset(Cluster cluster, Dice dice)
    {
        foreach (var place in cluster.Up)
            place.ResetClients();
        return Task.CompletedTask;
    }

    private static async Task ClientsOneWay(Cluster cluster, Dice dice, Way way)
    {
        var (place, _) = cluster.Any(dice);
        place.LoseClients(way);
        await Task.Delay(AWhile);
        place.HealClients();
    }

    private static async Task PeersOneWay(Cluster cluster, Dice dice)
    {
        var (one, other) = Two(cluster, dice);
        cluster.Network.Lose(one, other);
        await Task.Delay(AWhile);
        cluster.Network.Heal(one, other);
    }

    private static async Task PeersParted(Cluster cluster, Dice dice)
    {
        var (one, other) = Two(cluster, dice);
        cluster.Network.Lose(one, other);
        cluster.Network.Lose(other, one);
        await Task.Delay(AWhile);
        cluster.Network.Heal(one, other);
        cluster.Network.Heal(other, one);
    }

    private static async Task Unplugged(Cluster cluster, Dice dice)
    {
        var (place, host) = cluster.Any(dice);
        cluster.Network.Unplug(place.Index);
        await cluster.TakenFrom(host);
        cluster.Network.Plug(place.Index);
        await cluster.BackAt(place);
    }

    private static (int One, int Other) Two(Cluster cluster, Dice dice)
    {
        var (one, _) = cluster.Any(dice);
        var others = cluster.Up.Where(place => place != one).ToList();
        return (one.Index, others[dice.Below(others.Count)].Index);
    }
}
