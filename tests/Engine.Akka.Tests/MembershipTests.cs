using System.Net;
using System.Net.Sockets;
using Akka.Actor;

namespace Amoe.Engine.Akka.Tests;

/// <summary>How a process becomes a member of a cluster, and that it ends when the cluster goes on without it.</summary>
public sealed class MembershipTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_address_that_somebody_has_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<ClusterException>(() => Join(new AkkaOptions { Port = port }));
        Assert.Equal($"127.0.0.1:{port}: this address cannot be listened on: it is in use, or none of this machine's. Name another.", refused.Message);
    }

    [Fact]
    public async Task Seeds_at_which_nobody_answers_are_named()
    {
        var refused = await Assert.ThrowsAsync<ClusterException>(() => Join(new AkkaOptions { Seeds = ["127.0.0.1:1", "127.0.0.1:2"], JoinPatience = TimeSpan.FromSeconds(2) }));
        Assert.Equal(
            "no host of an Akka cluster took this process in within 2 s. Asked were 127.0.0.1:1, 127.0.0.1:2: start the first host of a cluster without seeds, and name hosts that run.",
            refused.Message);
    }

    [Fact]
    public async Task Who_is_told_to_stop_stops_joining()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Join(new AkkaOptions { Seeds = ["127.0.0.1:1"] }, stop.Token));
    }

    [Fact]
    public async Task A_host_without_which_the_cluster_goes_on_ends()
    {
        // It used to stay, with no students and no way back.
        await using var hosts = await AkkaHosts.Start(2);
        var (stays, other) = (hosts.All[0], hosts.All[1]);
        Assert.Null(other.Membership.WhyNot);
        global::Akka.Cluster.Cluster.Get(stays.System).Down(Address.Parse(other.Membership.Address));

        await other.Membership.Ended.WaitAsync(Patience);
        Assert.Equal("it is no member of the cluster any more", other.Membership.WhyNot);
        Assert.Null(stays.Membership.WhyNot);
    }

    private static async Task Join(AkkaOptions options, CancellationToken stop = default)
    {
        var membership = await Membership.JoinAsync(options, AkkaHarness.StoreConfig(new GatedStore()), TimeProvider.System, stop);
        await membership.System.Terminate();
    }
}
