using Amoe.Chaos.Infrastructure;
using Amoe.Engine.Tests.Scenarios.Lives;

namespace Amoe.Chaos.Faults;

/// <summary>Faults of PostgreSQL.</summary>
internal static class StoreFaults
{
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Full = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Fault> All { get; } =
    [
        new("PostgreSQL killed and started again", Killed),
        new("PostgreSQL stopped and started again", Stopped),
        new("a host's sessions terminated", SessionsOfOne),
        new("everybody's sessions terminated, three times", SessionsOfAll),
        new("disk full", DiskFull, NeedsSmallDisk: true),
    ];

    private static async Task Killed(Cluster cluster, Dice dice)
    {
        cluster.Server.Kill();
        await Task.Delay(dice.Below(2) * AWhile);
        cluster.Server.Restart();
    }

    private static async Task Stopped(Cluster cluster, Dice dice)
    {
        cluster.Server.Stop();
        await Task.Delay(dice.Below(2) * AWhile);
        cluster.Server.Restart();
    }

    private static Task SessionsOfOne(Cluster cluster, Dice dice)
    {
        var (_, host) = cluster.Any(dice);
        return Cluster.Until(() => cluster.Store.Terminate(host) > 0, $"host {host} has no session");
    }

    private static async Task SessionsOfAll(Cluster cluster, Dice dice)
    {
        for (var times = 3; times > 0; times--)
        {
            await Cluster.Until(() => cluster.Store.Terminate() > 0, "no host has a session");
            await Task.Delay(AWhile / 4);
        }
    }

    private static async Task DiskFull(Cluster cluster, Dice dice)
    {
        using (cluster.Disk!.Fill())
            await Task.Delay(Full);

        // A server that could not write its log ends, as it says it will, at once or a while later. Its supervisor
        // starts it again.
        await Cluster.Until(
            () =>
            {
                if (cluster.Server.HasEnded)
                    cluster.Server.Restart();
                return cluster.Store.Hosts() is not null;
            },
            "the server does not answer");
    }
}
