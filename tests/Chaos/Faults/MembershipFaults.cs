using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Chaos.Faults;

/// <summary>Hosts that come and go as they should.</summary>
internal static class MembershipFaults
{
    private const int Rounds = 2;

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("host stopped in order and started again", StoppedInOrder),
        new("host joining and leaving, twice", JoiningAndLeaving),
    ];

    private static async Task StoppedInOrder(Cluster cluster, Dice dice)
    {
        var (place, _) = cluster.Any(dice);
        await cluster.Stop(place);
        await place.Start();
    }

    private static async Task JoiningAndLeaving(Cluster cluster, Dice dice)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await cluster.Spare.Start();
            await Cluster.Until(
                () => cluster.HostAt(cluster.Spare) is var host and not 0 && cluster.PartitionsOf(host).Count > 0,
                "nothing is handed over to the host that joined");
            await cluster.Stop(cluster.Spare);
        }
    }
}
